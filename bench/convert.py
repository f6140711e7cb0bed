"""Converts the models of a race for the peers that do not read ONNX, before the race: FOLDER/NETWORK.onnx (written by
`bench/race rounds=0 cache=FOLDER`) becomes, beside it,

    tflite       NETWORK.1.tflite, NETWORK.8.tflite (one a batch), by onnx2tf
    torchscript  NETWORK.pt and NETWORK.last.pt (channels last), traced and frozen, by onnx2torch
    ncnn         NETWORK.ncnn.param and .bin in single precision, by pnnx

What is there and newer than its ONNX file stays. What cannot be converted gets FOLDER/NETWORK.FORM.failed with the reason,
which the table repeats. Usage: bench/convert.py FOLDER FORM [BATCH,BATCH]; each form needs packages of its own:
tflite: onnx2tf tensorflow; torchscript: torch onnx2torch; ncnn: pnnx
"""
import os
import shutil
import subprocess
import sys
import tempfile


def tool(name):
    return os.path.join(os.path.dirname(sys.executable), name)


def run(command, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, "PATH": os.path.dirname(sys.executable) + ":" + os.environ["PATH"]})
    if done.returncode != 0:
        print(done.stdout, flush=True)
        lines = [line for line in done.stdout.splitlines() if "rror" in line] or done.stdout.splitlines()[-1:]
        raise RuntimeError("%s: %s" % (os.path.basename(command[0]), lines[-1] if lines else done.returncode))


def tflite(model, batch, target):
    import numpy as np
    with tempfile.TemporaryDirectory() as folder:
        # Pictures that onnx2tf would fetch from the network otherwise; it only looks at what comes out.
        np.save(os.path.join(folder, "calibration_image_sample_data_20x128x128x3_float32.npy"),
                np.random.default_rng(1).random((20, 128, 128, 3), dtype=np.float32))
        # A copy: onnx2tf writes what it has simplified over the file that it is given.
        shutil.copy(model, os.path.join(folder, "model.onnx"))
        run([tool("onnx2tf"), "-i", "model.onnx", "-o", "made", "-b", str(batch), "-n", "-nuo"], folder)
        made = [name for name in os.listdir(os.path.join(folder, "made")) if name.endswith("_float32.tflite")]
        shutil.move(os.path.join(folder, "made", made[0]), target)


def torchscript(model, _, target):
    import onnx
    import onnx2torch
    import torch
    graph = onnx.load(model)
    shape = [d.dim_value or 2 for d in graph.graph.input[0].type.tensor_type.shape.dim]
    network = onnx2torch.convert(graph).eval()
    with torch.no_grad():
        torch.jit.freeze(torch.jit.trace(network, torch.rand(shape))).save(target)
        if len(shape) == 4:
            last = torch.channels_last
            script = torch.jit.trace(network.to(memory_format=last), torch.rand(shape).contiguous(memory_format=last))
            torch.jit.freeze(script).save(target[:-3] + ".last.pt")


def ncnn(model, _, target):
    import onnx
    shape = [d.dim_value or 1 for d in onnx.load(model, load_external_data=False).graph.input[0].type.tensor_type.shape.dim]
    base = target[:-len(".param")]
    with tempfile.TemporaryDirectory() as folder:
        run([tool("pnnx"), model, "inputshape=[%s]" % ",".join(map(str, shape)), "fp16=0",
             "ncnnparam=" + base + ".param", "ncnnbin=" + base + ".bin"], folder)
        name = os.path.basename(model)[:-5]
        for rest in os.listdir(os.path.dirname(model)):
            if rest.startswith(name + ".pnnx") or rest in (name + "_ncnn.py", name + "_pnnx.py", name + ".pnnxsim.onnx"):
                os.remove(os.path.join(os.path.dirname(model), rest))


FORMS = {"tflite": (tflite, "{}.{}.tflite"), "torchscript": (torchscript, "{}.pt"), "ncnn": (ncnn, "{}.ncnn.param")}


def main():
    folder, form = os.path.abspath(sys.argv[1]), sys.argv[2]
    convert, pattern = FORMS[form]
    batches = [int(b) for b in (sys.argv[3] if len(sys.argv) > 3 else "1,8").split(",")] if form == "tflite" else [1]
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".onnx"):
            continue
        model, failed = os.path.join(folder, name), os.path.join(folder, "%s.%s.failed" % (name[:-5], form))
        for batch in batches:
            target = os.path.join(folder, pattern.format(name[:-5], batch))
            if any(os.path.exists(done) and os.path.getmtime(done) >= os.path.getmtime(model) for done in (target, failed)):
                continue
            print("%s -> %s" % (name, os.path.basename(target)), flush=True)
            try:
                convert(model, batch, target)
            except Exception as error:
                reason = " ".join(str(error).split())[:200]
                print("  failed: " + reason, flush=True)
                with open(failed, "w") as out:
                    out.write(reason + "\n")


if __name__ == "__main__":
    main()
