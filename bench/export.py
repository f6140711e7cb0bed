"""Writes torchvision's MobileNetV2 1.0 with random weights as ONNX, by both of PyTorch's exporters: FOLDER/dynamo.onnx and
FOLDER/script.onnx, for `bench/race contestants=zoo,FOLDER/dynamo.onnx,FOLDER/script.onnx` and `bench/open`.

Optional: pip install torch torchvision onnx onnxscript. Usage: bench/export.py FOLDER
"""
import os
import sys

import torch
import torchvision

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(1)
network = torchvision.models.mobilenet_v2(weights=None).eval()
picture = torch.randn(1, 3, 224, 224)
for exporter in ("dynamo", "script"):
    torch.onnx.export(network, (picture,), os.path.join(folder, exporter + ".onnx"), dynamo=exporter == "dynamo")
print("torch", torch.__version__, "torchvision", torchvision.__version__)
