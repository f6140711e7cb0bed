"""Small files in the many forms in which torch.save and safetensors meet people, and what PyTorch reads from them.

    python torch_forms.py OUTPUT.zip

NAME.pth and NAME.safetensors are the files; NAME.npz is what a reader must find; refused_*.pth must be refused.
"""
import argparse, collections, io, sys, zipfile
import numpy as np
import torch
from safetensors.torch import save

torch.manual_seed(5)
base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
state = collections.OrderedDict(
    [("conv.weight", torch.randn(4, 3, 3, 3)), ("conv.bias", torch.randn(4)), ("bn.running_var", torch.rand(4)),
     ("bn.num_batches_tracked", torch.tensor(7)), ("fc.weight", torch.randn(2, 4))])


class Special(torch.Tensor):
    pass


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(4, 2)


net = Net()
averaged = torch.optim.swa_utils.AveragedModel(torch.nn.Linear(3, 2))
adam = torch.optim.AdamW(net.parameters(), lr=1e-3)
net.fc(torch.randn(1, 4)).sum().backward(); adam.step()
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(adam, 10)
everything = {"args": argparse.Namespace(lr=0.1, layers=[1, 2]), "epoch": 3, "model": {"module." + k: v for k, v in state.items()},
              "optimizer": adam.state_dict(), "lr_scheduler": scheduler.state_dict(), "best": np.float64(71.5),
              "rng": np.arange(5), "history": [(1, 2.5), {"x": {1, 2}}], "big": 1 << 80, "raw": b"bytes"}
good = {
    "state": state,
    "everything": everything,
    "types": {t.__str__()[6:]: (base * 8 - 3).to(t) for t in
              (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.int16, torch.int32, torch.int64)}
             | {"uint8": (base * 8).to(torch.uint8), "uint16": (base * 8).to(torch.uint16), "bool": base > 1},
    "strides": {"plain": base, "transposed": base.t(), "sliced": base[1:3, 2:5], "stepped": base[:, ::2], "row": base[2],
                "expanded": base[0:1].expand(5, 6), "last": torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
                "scalar": base[3, 5], "empty": torch.zeros(0, 3), "column": base[:, 1:2]},
    "shared": {"head.weight": base, "tied.weight": base, "tail.weight": base[3:]},
    "parameters": {"w": torch.nn.Parameter(base.clone()), "b": torch.nn.Parameter(torch.ones(3), requires_grad=False)},
    "module_prefix": {"module." + k: v for k, v in state.items()},
    "compiled_prefix": {"_orig_mod.module." + k: v for k, v in state.items()},
    "averaged": averaged.state_dict(),
    "nested": {"checkpoint": {"net": {"weights": dict(state)}}},
    "model_and_ema": {"model": {"w": base}, "model_ema": {"w": base + 1}},
    "only_ema": {"state_dict_ema": {"w": base + 1}, "epoch": 2},
    "with_notes": {"w.weight": base, "args": argparse.Namespace(a=1), "epoch": 3, "name": "x", "flag": True, "none": None},
}
expected = {
    "everything": state, "module_prefix": state, "compiled_prefix": state, "nested": state,
    "averaged": {k[7:]: v for k, v in averaged.state_dict().items() if k != "n_averaged"},
    "model_and_ema": {"w": base}, "only_ema": {"w": base + 1}, "with_notes": {"w.weight": base},
}
refused = {
    "whole_module": net, "module_inside": {"model": net, "epoch": 2}, "single_tensor": base, "list": [base, base], "number": 5,
    "empty_dictionary": {}, "two_sets": {"generator": {"w": base}, "discriminator": {"w": base}},
    "complex": {"a.weight": base.to(torch.complex64)}, "sparse": {"a.weight": base.to_sparse()},
    "subclass": {"a.weight": base.as_subclass(Special)}, "numpy_arrays": {"a.weight": np.arange(3)},
    "opaque_among": {"a.weight": base, "b.weight": argparse.Namespace(a=1)},
}


def numbers(v):
    v = v.detach()
    return v.float().numpy() if v.dtype == torch.bfloat16 else v.numpy()


with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
    def put(name, data):
        packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

    def saved(value, **options):
        out = io.BytesIO(); torch.save(value, out, **options); return out.getvalue()

    def arrays(value):
        out = io.BytesIO(); np.savez(out, **{k: numbers(v) for k, v in value.items()}); return out.getvalue()

    for name, value in good.items():
        put(name + ".pth", saved(value))
        put(name + ".npz", arrays(expected.get(name, value)))
    for protocol in (2, 3, 4, 5):
        put(f"protocol{protocol}.pth", saved(state, pickle_protocol=protocol))
        put(f"protocol{protocol}.npz", arrays(state))
    for name in ("state", "everything", "types", "strides", "shared", "parameters"):
        value = good[name]
        if name == "types":
            value = {k: v for k, v in value.items() if k != "uint16"}
        put(f"legacy_{name}.pth", saved(value, _use_new_zipfile_serialization=False))
        put(f"legacy_{name}.npz", arrays(expected.get(name, value)))
    put("legacy_protocol4.pth", saved(state, _use_new_zipfile_serialization=False, pickle_protocol=4))
    put("legacy_protocol4.npz", arrays(state))
    for name, value in refused.items():
        put(f"refused_{name}.pth", saved(value))
    put("types.safetensors", save(good["types"]))
    put("state.safetensors", save(dict(state), metadata={"format": "pt", "note": "a \"quoted\" text"}))
    put("safetensors_types.npz", arrays(good["types"]))
