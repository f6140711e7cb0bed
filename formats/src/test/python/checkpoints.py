"""Packs real checkpoint files small: tensors that the formula of the goldens gives back are cut out.

    python checkpoints.py FOLDER_OF_CHECKPOINTS FOLDER_OF_FORMULA_PY OUTPUT.zip

The zip holds every file with those tensors zeroed, and index.csv: a line "file,name,sha256" for each file and a line
"cut,name,offset,tensor,form" for each tensor cut out. Forms: f32, f16, bf16, and f32t (the transpose). A line "half,name,other" is the first half of a file.
"""
import hashlib, io, os, sys, zipfile
import numpy as np
import torch, torchvision

source, formula_folder, output = sys.argv[1:]
sys.path.insert(0, formula_folder)
import formula

model = torchvision.models.shufflenet_v2_x0_5(weights=None, num_classes=10)
norms = {n for n, k in model.named_modules() if isinstance(k, torch.nn.BatchNorm2d)}
pieces = []
for name, value in model.state_dict().items():
    if value.numel() >= 8 and value.is_floating_point():
        array = formula.tensor(name, value.shape, name.rsplit(".", 1)[0] in norms)
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        pieces.append((name, "f32", array.tobytes()))
        pieces.append((name, "f16", tensor.half().numpy().tobytes()))
        pieces.append((name, "bf16", tensor.bfloat16().view(torch.int16).numpy().tobytes()))
        if array.ndim == 2:
            pieces.append((name, "f32t", np.ascontiguousarray(array.T).tobytes()))
index = []
with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
    for file in sorted(os.listdir(source)):
        if file in ("make.py", "logits.npz"):
            continue
        if file == "bad_truncated.safetensors":
            index.append(f"half,{file},f32.safetensors")
            continue
        data = bytearray(open(os.path.join(source, file), "rb").read())
        if file == "training.pth.tar":
            # The optimizer's momenta are random and nobody reads them; zeros stand for them.
            archive = zipfile.ZipFile(io.BytesIO(bytes(data)))
            kept = {p[2] for p in pieces}
            for entry in archive.infolist():
                content = archive.read(entry)
                if "/data/" in entry.filename and len(content) >= 32 and content not in kept:
                    at = data.find(content)
                    data[at:at + len(content)] = bytes(len(content))
        index.append(f"file,{file},{hashlib.sha256(data).hexdigest()}")
        for name, form, piece in pieces:
            at = data.find(piece)
            while at >= 0:
                index.append(f"cut,{file},{at},{name},{form}")
                data[at:at + len(piece)] = bytes(len(piece))
                at = data.find(piece)
        packed.writestr(zipfile.ZipInfo(file), bytes(data), zipfile.ZIP_DEFLATED)
    packed.writestr(zipfile.ZipInfo("index.csv"), "\n".join(index) + "\n", zipfile.ZIP_DEFLATED)
