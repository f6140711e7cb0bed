"""Golden networks (index.json, commands.json, *.npz) as two compact resources.

    python goldens.py GOLDENS_DIR ../resources/dev/kinglet/golden goldens

NAME.txt: for each network a block of lines "key value", then its state-dict entries in order, one "name shape" a line; the
five entries of a batch norm are one line "norm path channels". NAME.bin: all logits in the blocks' order, little-endian float32.
"""
import json, os, sys
import numpy as np

source, target, title = sys.argv[1:]
commands = json.load(open(os.path.join(source, "commands.json")))
NORM = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
lines, logits = [], []
for case in json.load(open(os.path.join(source, "index.json")))["cases"]:
    y = np.load(os.path.join(source, case["id"] + ".npz"))["logits"].astype("<f4")
    lines += [f"golden {case['id']}", f"command {commands[case['id']]}", f"library {case['library']} {case['name']}",
              f"input {'x'.join(map(str, case['input']))}", f"classes {y.shape[1]}", f"gain {case['gain']}",
              f"parameters {case['parameters']}", f"float32_error {case['float32_error']}", f"largest_logit {case['largest_logit']}"]
    logits.append(y.tobytes())
    entries, i = list(case["entries"].items()), 0
    while i < len(entries):
        name, shape = entries[i]
        path = name.rsplit(".", 1)[0]
        if [n for n, _ in entries[i:i + 5]] == [f"{path}.{leaf}" for leaf in NORM]:
            lines.append(f"norm {path} {shape[0]}")
            i += 5
        else:
            lines.append(f"{name} {'x'.join(map(str, shape)) or 'scalar'}")
            i += 1
open(os.path.join(target, title + ".txt"), "w").write("\n".join(lines) + "\n")
open(os.path.join(target, title + ".bin"), "wb").write(b"".join(logits))
