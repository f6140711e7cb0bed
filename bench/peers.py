"""Python peers for bench/race: one runtime a process, driven by lines on standard input.

`load MODEL THREADS BATCH CxHxW` -> `ready VERSION` or `absent REASON`; `run SECONDS` -> `time NANOSECONDS`, the median of
one call; `answer` -> `numbers X Y ...`, the first picture's. Optional: pip install numpy onnxruntime openvino ncnn ai-edge-litert torch onnx2torch. ncnn and LiteRT run the files
that bench/convert.py has made; ncnn knows no batches and takes one picture after the other.
"""
import os
import sys
import time

import numpy as np


def values(batch, shape):
    count = batch * int(np.prod(shape))
    return ((np.arange(count) % 97) / 48 - 1).astype(np.float32).reshape(batch, *shape)


def converted(model, form, ending):
    """What bench/convert.py has made of a model; or the reason why it is not there."""
    path, failed = model[:-5] + ending, "%s.%s.failed" % (model[:-5], form)
    if os.path.exists(path) and os.path.getmtime(path) >= os.path.getmtime(model):
        return path
    if os.path.exists(failed):
        with open(failed) as reason:
            raise ValueError("cannot be converted: " + reason.read().strip())
    raise ValueError("not converted: run bench/convert.py")


def onnxruntime(model, threads, batch, shape):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: values(batch, shape)}
    return ort.__version__, lambda: session.run(None, feed), lambda: session.run(None, feed)[0][0]


def openvino(model, threads, batch, shape):
    import openvino as ov
    core = ov.Core()
    network = core.read_model(model)
    network.reshape([batch, *shape])
    compiled = core.compile_model(network, "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    request.set_input_tensor(ov.Tensor(values(batch, shape)))
    return ov.__version__.split("-")[0], request.infer, lambda: list(request.infer().values())[0][0]


def ncnn(model, threads, batch, shape):
    import ncnn as n
    base = converted(model, "ncnn", ".ncnn.param")[:-len(".param")]
    net = n.Net()
    net.opt.num_threads = threads
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    net.load_param(base + ".param")
    net.load_model(base + ".bin")
    pictures = [n.Mat(picture).clone() for picture in values(batch, shape)]

    def call():
        for picture in pictures:
            extractor = net.create_extractor()
            extractor.input("in0", picture)
            extractor.extract("out0")

    def answer():
        extractor = net.create_extractor()
        extractor.input("in0", pictures[0])
        return np.array(extractor.extract("out0")[1])
    return n.__version__, call, answer


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
            return network(data)
    return torch.__version__, call, lambda: call().numpy()[0]


def litert(model, threads, batch, shape):
    from ai_edge_litert.interpreter import Interpreter
    import ai_edge_litert
    interpreter = Interpreter(converted(model, "tflite", ".%d.tflite" % batch), num_threads=threads)
    interpreter.allocate_tensors()
    given, made = interpreter.get_input_details()[0], interpreter.get_output_details()[0]["index"]
    data = values(batch, shape)
    if data.shape != tuple(given["shape"]):
        data = np.moveaxis(data, 1, -1)
    interpreter.set_tensor(given["index"], np.ascontiguousarray(data).reshape(given["shape"]))

    def answer():
        interpreter.invoke()
        return interpreter.get_tensor(made)[0]
    return getattr(ai_edge_litert, "__version__", "?"), interpreter.invoke, answer


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
                version, call, numbers = peer(words[1], int(words[2]), int(words[3]), [int(s) for s in words[4].split("x")])
                measure(call, 0.5)
                answer = "ready " + version
            except Exception as error:
                answer = "absent " + " ".join(str(error).split())[:200]
        elif words[0] == "answer":
            answer = "numbers " + " ".join(repr(float(x)) for x in np.ravel(numbers()))
        elif words[0] == "run":
            answer = "time %d" % measure(call, float(words[1]))
        else:
            return
        print(answer, file=answers, flush=True)


main()
