"""Python peers for bench/race: one runtime a process, driven by lines on standard input.

`load MODEL THREADS BATCH CxHxW` -> `ready VERSION` or `absent REASON`; `run SECONDS` -> `time NANOSECONDS`, the median of
one call. Optional: pip install numpy onnxruntime openvino ncnn pnnx torch onnx2torch ai-edge-litert onnx2tf tensorflow
"""
import os
import subprocess
import sys
import time

import numpy as np


def values(batch, shape):
    count = batch * int(np.prod(shape))
    return ((np.arange(count) % 97) / 48 - 1).astype(np.float32).reshape(batch, *shape)


def onnxruntime(model, threads, batch, shape):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: values(batch, shape)}
    return ort.__version__, lambda: session.run(None, feed)


def openvino(model, threads, batch, shape):
    import openvino as ov
    core = ov.Core()
    network = core.read_model(model)
    network.reshape([batch, *shape])
    compiled = core.compile_model(network, "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    request.set_input_tensor(ov.Tensor(values(batch, shape)))
    return ov.__version__.split("-")[0], request.infer


def ncnn(model, threads, batch, shape):
    import ncnn as n
    base = model[:-5]
    if not os.path.exists(base + ".ncnn.param"):
        subprocess.run([os.path.join(os.path.dirname(sys.executable), "pnnx"), model,
                        "inputshape=[1,%s]" % ",".join(map(str, shape))], check=True, stdout=sys.stderr)
    net = n.Net()
    net.opt.num_threads = threads
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    net.load_param(base + ".ncnn.param")
    net.load_model(base + ".ncnn.bin")
    pictures = [n.Mat(picture).clone() for picture in values(batch, shape)]

    def call():
        for picture in pictures:
            extractor = net.create_extractor()
            extractor.input("in0", picture)
            extractor.extract("out0")
    return n.__version__, call


def pytorch(model, threads, batch, shape):
    import onnx
    import onnx2torch
    import torch
    torch.set_num_threads(threads)
    network = onnx2torch.convert(onnx.load(model)).eval().to(memory_format=torch.channels_last)
    data = torch.from_numpy(values(batch, shape)).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        network = torch.jit.freeze(torch.jit.trace(network, data))

    def call():
        with torch.inference_mode():
            network(data)
    return torch.__version__, call


def litert(model, threads, batch, shape):
    from ai_edge_litert.interpreter import Interpreter
    import ai_edge_litert
    folder = model[:-5] + "_tf"
    name = os.path.basename(model)[:-5] + "_float32.tflite"
    if not os.path.exists(os.path.join(folder, name)):
        subprocess.run([os.path.join(os.path.dirname(sys.executable), "onnx2tf"), "-i", model, "-o", folder, "-b", "1"],
                       check=True, stdout=sys.stderr)
    interpreter = Interpreter(os.path.join(folder, name), num_threads=threads)
    index = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(index, [batch, *shape[1:], shape[0]])
    interpreter.allocate_tensors()
    interpreter.set_tensor(index, np.ascontiguousarray(np.moveaxis(values(batch, shape), 1, -1)))
    return getattr(ai_edge_litert, "__version__", "?"), interpreter.invoke


def measure(call, seconds):
    times, end = [], time.perf_counter() + seconds
    while True:
        start = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - start)
        if time.perf_counter() >= end:
            return sorted(times)[len(times) // 2]


def main():
    peer = {"onnxruntime": onnxruntime, "openvino": openvino, "ncnn": ncnn, "pytorch": pytorch, "litert": litert}[sys.argv[1]]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    call = None
    for line in sys.stdin:
        words = line.split()
        if words[0] == "load":
            try:
                version, call = peer(words[1], int(words[2]), int(words[3]), [int(s) for s in words[4].split("x")])
                measure(call, 0.5)
                answer = "ready " + version
            except Exception as error:
                answer = "absent " + " ".join(str(error).split())[:200]
        elif words[0] == "run":
            answer = "time %d" % measure(call, float(words[1]))
        else:
            return
        print(answer, file=answers, flush=True)


main()
