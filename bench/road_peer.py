"""Python's whole road for bench/whole_road.py: Pillow, torchvision's transforms, ONNX Runtime, top five.

    python bench/road_peer.py MODEL.onnx bicubic_half|bilinear_imagenet THREADS FILE...

For every line on standard input it answers all the files and prints the likeliest class of each."""
import sys

import numpy as np
import onnxruntime as ort
import torch
from PIL import Image
from torchvision import transforms as T

model, recipe, threads, files = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
torch.set_num_threads(threads)
options = ort.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
mode, scale = {
    "bicubic_half": (T.InterpolationMode.BICUBIC, T.Normalize([.5] * 3, [.5] * 3)),
    "bilinear_imagenet": (T.InterpolationMode.BILINEAR, T.Normalize([.485, .456, .406], [.229, .224, .225])),
}[recipe]
transform = T.Compose([T.Resize(256, mode), T.CenterCrop(224), T.ToTensor(), scale])


def likeliest(file):
    picture = Image.open(file).convert("RGB")
    logits = session.run(None, {name: transform(picture).unsqueeze(0).numpy()})[0][0]
    exponents = np.exp(logits - logits.max())
    probabilities = exponents / exponents.sum()
    five = np.argpartition(probabilities, -5)[-5:]
    return five[np.argsort(-probabilities[five])][0]


for _ in sys.stdin:
    print(*[likeliest(f) for f in files], flush=True)
