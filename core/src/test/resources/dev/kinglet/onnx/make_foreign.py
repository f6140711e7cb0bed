"""Small ONNX files in the spellings of other exporters, with ONNX Runtime's answers.

Writes foreign.zip: NAME.onnx, and NAME.txt with the input's sizes, its values, the output's sizes and its values.
Some are refused on purpose; those have no NAME.txt.
"""
import io, sys, zipfile
import numpy as np, onnx, onnxruntime
from onnx import helper as h, numpy_helper as nh, TensorProto as T

rng = np.random.default_rng(7)
files = {}

def w(*shape, scale=0.4):
    return (rng.standard_normal(shape) * scale).astype(np.float32)

class G:
    def __init__(self, name, opset, inp, elem=T.FLOAT, ir=8):
        self.name, self.opset, self.inp, self.elem, self.ir = name, opset, inp, elem, ir
        self.nodes, self.inits, self.n = [], [], 0
    def c(self, value, name=None):
        self.n += 1
        name = name or f"const_{self.n}"
        self.inits.append(nh.from_array(np.asarray(value), name))
        return name
    def op(self, kind, *ins, outs=1, **attrs):
        self.n += 1
        ins = [i if isinstance(i, str) else self.c(i) for i in ins]
        names = [f"v{self.n}_{i}" for i in range(outs)] if outs > 1 else [f"v{self.n}"]
        self.nodes.append(h.make_node(kind, ins, names, name=f"{kind}_{self.n}", **attrs))
        return names if outs > 1 else names[0]
    def done(self, out, x=None, batch=2, dtype=np.float32, run=True, list_inputs=False, external=False):
        vi = [h.make_tensor_value_info("x", self.elem, self.inp)]
        if list_inputs:
            vi += [h.make_tensor_value_info(t.name, t.data_type, t.dims) for t in self.inits]
        elem = T.FLOAT if self.elem in (T.UINT8,) else self.elem
        g = h.make_graph(self.nodes, self.name, vi, [h.make_tensor_value_info(out, elem, None)], self.inits)
        m = h.make_model(g, opset_imports=[h.make_opsetid("", self.opset)], ir_version=self.ir, producer_name="foreign")
        files[self.name + ".onnx"] = m.SerializeToString()
        if not run:
            return
        dims = [batch if isinstance(d, str) or d is None else d for d in self.inp]
        x = rng.standard_normal(dims).astype(dtype) if x is None else x
        s = onnxruntime.InferenceSession(m.SerializeToString(), providers=["CPUExecutionProvider"])
        y = s.run(None, {"x": x})[0]
        t = io.StringIO()
        for a in (x, y):
            t.write(" ".join(map(str, a.shape)) + "\n" + " ".join(repr(float(v)) for v in a.ravel().astype(np.float64)) + "\n")
        files[self.name + ".txt"] = t.getvalue()

f = np.float32
i = np.int64

# TensorFlow: channels last at the input, padding and batch norm by hand, ReLU6 as Min(Max), dense by MatMul and Add.
g = G("tensorflow", 13, ["unk__1", 9, 9, 3])
y = g.op("Transpose", "x", perm=[0, 3, 1, 2])
y = g.op("Pad", y, i([0, 0, 0, 0, 0, 0, 1, 1]))
y = g.op("Conv", y, w(8, 3, 3, 3), strides=[2, 2], kernel_shape=[3, 3])
y = g.op("Mul", y, w(1, 8, 1, 1))
y = g.op("Add", y, w(1, 8, 1, 1))
y = g.op("Min", g.op("Max", y, f(0)), f(6))
y = g.op("Conv", y, w(8, 1, 3, 3), group=8, auto_pad="SAME_UPPER", kernel_shape=[3, 3], strides=[2, 2])
y = g.op("Sub", y, w(8, 1, 1))
y = g.op("Div", y, np.abs(w(8, 1, 1)) + f(0.5))
y = g.op("Transpose", y, perm=[0, 2, 3, 1])
y = g.op("ReduceMean", y, axes=[1, 2], keepdims=0)
y = g.op("Add", g.op("MatMul", y, w(8, 5)), w(5))
g.done(g.op("Softmax", y, axis=-1))

# Paddle: a free batch, shapes by Shape and Slice, hard-swish and hard-sigmoid spelled out, squeeze-excite by convolutions.
g = G("paddle", 11, [None, 3, 8, 8])
y = g.op("Conv", "x", w(8, 3, 3, 3), pads=[1, 1, 1, 1])
y = g.op("BatchNormalization", y, np.abs(w(8)) + f(1), w(8), w(8), np.abs(w(8)) + f(0.5), epsilon=1e-5)
z = g.op("Clip", g.op("Add", y, f([3])), f(0), f(6))
y = g.op("Div", g.op("Mul", y, z), f([6]))
s = g.op("GlobalAveragePool", y)
s = g.op("Relu", g.op("Conv", s, w(4, 8, 1, 1), w(4)))
s = g.op("Conv", s, w(8, 4, 1, 1), w(8))
s = g.op("HardSigmoid", s, alpha=0.2, beta=0.5)
y = g.op("Mul", y, s)
z = g.op("Clip", g.op("Add", g.op("Mul", y, f(0.2)), f(0.5)), f(0), f(1))
y = g.op("Add", g.op("Mul", y, z), y)
b = g.op("Slice", g.op("Shape", y), i([0]), i([1]), i([0]))
y = g.op("Reshape", y, g.op("Concat", b, i([-1]), axis=0))
g.done(g.op("Add", g.op("MatMul", y, w(512, 6, scale=0.05)), w(6)))

# Keras: hard-swish times 1/6, GELU both ways, swish, mish.
g = G("activations", 13, ["n", 6, 5, 5])
y = g.op("Conv", "x", w(6, 6, 1, 1))
r = g.op("Clip", g.op("Add", f(3), y), f(0), f(6))
y = g.op("Mul", y, g.op("Mul", r, f(1 / 6)))
e = g.op("Add", g.op("Erf", g.op("Div", y, f(np.sqrt(2)))), f(1))
y = g.op("Mul", g.op("Mul", y, e), f(0.5))
e = g.op("Add", g.op("Erf", g.op("Mul", y, f(np.sqrt(0.5)))), f(1))
y = g.op("Mul", g.op("Mul", f(0.5), y), e)
t = g.op("Add", y, g.op("Mul", g.op("Pow", y, f(3)), f(0.044715)))
t = g.op("Add", g.op("Tanh", g.op("Mul", t, f(np.sqrt(2 / np.pi)))), f(1))
y = g.op("Mul", y, g.op("Mul", f(0.5), t))
y = g.op("Mul", y, g.op("Sigmoid", y))
y = g.op("Mul", y, g.op("Tanh", g.op("Softplus", y)))
g.done(y)

# What only looks like an activation: other constants, another x.
g = G("lookalikes", 13, ["n", 6, 5, 5])
y = g.op("Conv", "x", w(6, 6, 1, 1))
z = g.op("Conv", "x", w(6, 6, 1, 1))
y1 = g.op("Div", g.op("Mul", y, g.op("Clip", g.op("Add", z, f(3)), f(0), f(6))), f(6))
y2 = g.op("Div", g.op("Mul", y, g.op("Clip", g.op("Add", y, f(2.9)), f(0), f(6))), f(6))
y3 = g.op("Div", g.op("Mul", y, g.op("Clip", g.op("Add", y, f(3)), f(0), f(5))), f(6))
y4 = g.op("Mul", y, g.op("Sigmoid", z))
y5 = g.op("Mul", y, g.op("HardSigmoid", y, alpha=0.2))
g.done(g.op("Concat", y1, y2, y3, y4, y5, axis=1))

# Megvii's channel shuffle, through the batch.
for name, batch in (("megvii_shuffle", "n"), ("megvii_shuffle_fixed", 1)):
    g = G(name, 13, [batch, 8, 3, 4])
    y = g.op("Relu", "x")
    s = g.op("Shape", y)
    b, c = g.op("Gather", s, i(0)), g.op("Gather", s, i(1))
    bc = g.op("Unsqueeze", g.op("Div", g.op("Mul", b, c), i(2)), i([0]))
    y = g.op("Reshape", y, g.op("Concat", bc, i([2]), i([12]), axis=0))
    y = g.op("Transpose", y, perm=[1, 0, 2])
    y = g.op("Reshape", y, i([2, -1, 4, 3, 4]))
    a, b = g.op("Gather", y, i(0), axis=0), g.op("Gather", y, i(1), axis=0)
    g.done(g.op("Concat", g.op("Mul", a, f(2)), b, axis=1))

# A shuffle as Gather, Split in unequal parts, slices with steps.
g = G("channels", 13, ["n", 6, 4, 4])
y = g.op("Gather", "x", i([0, 3, 1, 4, 2, 5]), axis=1)
a, b, c = g.op("Split", y, i([1, 2, 3]), outs=3, axis=1)
y = g.op("Concat", c, a, b, g.op("Slice", y, i([1]), i([2**63 - 1]), i([1]), i([2])), axis=1)
y = g.op("Slice", y, i([-3, 1]), i([-1, 1000]), i([2, 3]))
g.done(g.op("Gather", y, i([[0, 2], [-1, 5]]), axis=1))

# The model zoo's older files: weights among the inputs, opset 7, a reshape by a constant, LRN, Sum, Dropout.
g = G("model_zoo", 7, [1, 3, 8, 8], ir=3)
y = g.op("Relu", g.op("Conv", "x", w(6, 3, 3, 3), w(6), pads=[1, 1, 1, 1]))
y = g.op("LRN", y, size=3, alpha=0.3, beta=0.75, bias=1.2)
y = g.op("MaxPool", y, kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
z = g.op("Conv", y, w(6, 3, 1, 1), group=2)
y = g.op("Sum", y, z, z)
y = g.op("BatchNormalization", y, np.abs(w(6)) + f(1), w(6), w(6), np.abs(w(6)) + f(0.5))
y = g.op("LeakyRelu", y, alpha=0.1)
y = g.op("AveragePool", y, kernel_shape=[4, 4])
y = g.op("Reshape", y, i([1, 6]))
y = g.op("Dropout", y, ratio=0.4)
y = g.op("Gemm", y, w(5, 6), w(5), transB=1)
g.done(g.op("Softmax", y), list_inputs=True)

# Upsampling in the words of three operator sets; sizes from Shape.
g = G("upsample_9", 9, ["n", 2, 3, 4])
g.done(g.op("Add", g.op("Upsample", "x", f([1, 1, 2, 2]), mode="nearest"), g.op("Upsample", "x", f([1, 1, 2, 2]), mode="linear")))
g = G("resize_10", 10, ["n", 2, 3, 4])
g.done(g.op("Resize", "x", f([1, 1, 3, 1.5]), mode="nearest"))
g = G("resize_13", 13, ["n", 2, 3, 4])
s = g.op("Shape", "x")
front = g.op("Slice", s, i([0]), i([2]), i([0]))
size = g.op("Mul", g.op("Slice", s, i([2]), i([4]), i([0])), i([2, 3]))
y = g.op("Resize", "x", "", "", g.op("Concat", front, size, axis=0), mode="linear", coordinate_transformation_mode="align_corners")
g.done(g.op("Resize", y, "", f([1, 1, 0.5, 0.7]), mode="nearest", nearest_mode="round_prefer_floor", coordinate_transformation_mode="half_pixel"))

# Half and double precision; an 8-bit picture that is cast and scaled.
g = G("half", 13, ["n", 3, 6, 6], elem=T.FLOAT16)
y = g.op("Relu", g.op("Conv", "x", w(4, 3, 3, 3).astype(np.float16), w(4).astype(np.float16)))
g.done(g.op("Flatten", g.op("GlobalMaxPool", y)), dtype=np.float16)
g = G("double", 13, ["n", 3, 6], elem=T.DOUBLE)
y = g.op("MatMul", "x", w(6, 4).astype(np.float64))
g.done(g.op("Sqrt", g.op("Abs", y)), dtype=np.float64)
g = G("picture", 13, ["n", 6, 6, 3], elem=T.UINT8)
y = g.op("Cast", g.op("Transpose", "x", perm=[0, 3, 1, 2]), to=1)
y = g.op("Div", g.op("Sub", y, f([[[123.7]], [[116.3]], [[103.5]]])), f([[[58.4]], [[57.1]], [[57.4]]]))
g.done(g.op("Conv", y, w(4, 3, 3, 3), pads=[1, 1, 1, 1]), x=rng.integers(0, 255, (2, 6, 6, 3), dtype=np.uint8))

# Batch norm of computed constants, a scaled residual, expansion, transposed convolution, padding in all modes.
g = G("mixture", 13, ["n", 4, 5, 5])
var = g.op("Sqrt", g.op("Add", np.abs(w(4, 1, 1)) + f(0.3), f(1e-3)))
y = g.op("Conv", "x", w(4, 4, 3, 3), pads=[1, 1, 1, 1])
y = g.op("Div", g.op("Sub", y, w(4, 1, 1)), var)
y = g.op("Add", g.op("Mul", y, f(0.1)), "x")
for mode in ("reflect", "edge", "constant"):
    y = g.op("Pad", y, i([0, 0, 1, 0, 0, 0, 0, 1]), *([f(0.5)] if mode == "constant" else []), mode=mode)
y = g.op("ConvTranspose", y, w(4, 3, 3, 3), w(3), strides=[2, 2], output_padding=[1, 0], pads=[1, 1, 0, 1])
y = g.op("PRelu", y, f([[[0.2]], [[0.3]], [[0.1]]]))
m = g.op("ReduceMax", y, axes=[1], keepdims=1)
y = g.op("Concat", y, g.op("Expand", m, i([1, 2, 1, 1])), axis=1)
g.done(g.op("AveragePool", y, kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1, pads=[1, 0, 1, 0]))

# A dense head over positions (MatMul of three axes), log-softmax, normalised by its length.
g = G("positions", 17, ["n", 3, 4, 6])
y = g.op("Add", g.op("MatMul", "x", w(6, 5)), w(5))
y = g.op("Div", y, g.op("ReduceL2", y, axes=[-1], keepdims=1))
g.done(g.op("LogSoftmax", y, axis=-1))

# ConvNeXt's layer norm between two transposes; padding that is computed from the input's sizes, as timm's "same" is.
g = G("layer_norm", 17, ["n", 3, 7, 6])
size = g.op("Gather", g.op("Shape", "x"), i(2))
out = g.op("Cast", g.op("Ceil", g.op("Div", g.op("Cast", size, to=1), f(2))), to=7)
pad = g.op("Sub", g.op("Add", g.op("Mul", g.op("Sub", out, i(1)), i(2)), i(3)), size)
pad = g.op("Unsqueeze", g.op("Clip", pad, i(0)), i([0]))
y = g.op("Pad", "x", g.op("Concat", i([0, 0]), pad, i([1, 0, 0, 0, 1]), axis=0), f(0))
y = g.op("Conv", y, w(5, 3, 3, 3), strides=[2, 2])
y = g.op("Transpose", y, perm=[0, 2, 3, 1])
y = g.op("LayerNormalization", y, w(5), w(5), epsilon=1e-4)
g.done(g.op("Transpose", y, perm=[0, 3, 1, 2]))

# Blocks of positions to channels and back.
g = G("blocks", 13, ["n", 4, 6, 6])
y = g.op("SpaceToDepth", "x", blocksize=2)
y = g.op("Concat", g.op("DepthToSpace", y, blocksize=2), g.op("DepthToSpace", y, blocksize=2, mode="CRD"), axis=1)
g.done(g.op("Tile", y, i([1, 2, 1, 1])))

# Refused: with what is wrong in the message.
g = G("refused_batch_value", 13, ["n", 4])
s = g.op("Cast", g.op("Gather", g.op("Shape", "x"), i(0)), to=1)
g.done(g.op("Div", "x", s), run=False)
g = G("refused_batch_mean", 13, ["n", 4])
g.done(g.op("ReduceMean", "x", axes=[0]), run=False)
g = G("refused_batch_flat", 13, ["n", 4])
g.done(g.op("Reshape", "x", i([2, -1])), run=False)
g = G("refused_operators", 13, ["n", 4])
y = g.op("Einsum", "x", "x", equation="ij,ij->ij")
y = g.op("Relu", g.op("TopK", y, i([2]), outs=2)[0])
g.done(g.op("NonZero", y), run=False)

with zipfile.ZipFile(sys.argv[1] if len(sys.argv) > 1 else "foreign.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for name, data in files.items():
        z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
print(len(files), "files")
