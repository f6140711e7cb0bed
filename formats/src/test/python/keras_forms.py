"""Small Keras models with every layer that is read, in every form in which Keras 3 saves them, and their answers.

    KERAS_BACKEND=torch python keras_forms.py OUTPUT.zip

NAME.keras, NAME.h5, NAME.weights.h5, NAME_legacy.h5 (weights alone, as Keras 2 saves them); NAME.npz: input_nchw, output.
"""
import io, os, sys, tempfile, zipfile
import h5py, keras, numpy as np
from keras import layers, ops
from keras.src.legacy.saving import legacy_h5_format

keras.utils.set_random_seed(7)
rng = np.random.default_rng(3)


def shake(model):
    """Norms and biases that are not 0 and 1."""
    for v in model.weights:
        if "seed" in v.path or "kernel" in v.path:
            continue
        low, high = (0.5, 1.5) if "variance" in v.path or "gamma" in v.path else (-0.3, 0.3)
        v.assign(rng.uniform(low, high, v.shape).astype("float32"))
    return model


def tiny():
    i = layers.Input((4, 4, 3), name="picture")
    x = layers.BatchNormalization(name="bn")(layers.Conv2D(2, 1, activation="relu", name="conv")(i))
    return keras.Model(i, layers.Dense(2, name="answer")(layers.GlobalAveragePooling2D(name="pool")(x)), name="tiny")


def convolutions():
    x = i = layers.Input((13, 11, 4), name="picture")
    x = layers.Conv2D(8, (3, 5), strides=2, padding="same", activation="relu", name="stem")(x)
    x = layers.Conv2D(8, 3, dilation_rate=2, padding="same", groups=2, use_bias=False, name="grouped")(x)
    x = layers.BatchNormalization(scale=False, name="norm_without_scale")(x)
    x = layers.ReLU(max_value=2.0, name="relu_to_two")(x)
    x = layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2, name="depthwise")(x)
    x = layers.BatchNormalization(center=False, epsilon=1e-2, name="norm_without_center")(x)
    x = layers.LeakyReLU(negative_slope=0.1, name="leaky")(x)
    x = layers.SeparableConv2D(6, 3, padding="same", depth_multiplier=2, activation="silu", name="separable")(x)
    x = layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
    x = layers.ReLU(negative_slope=0.2, max_value=1.0, name="both_ends")(x)
    x = layers.Dense(5, activation="tanh", name="dense_of_a_map")(x)
    x = layers.Flatten(name="rows")(x)
    x = layers.Dense(7, activation="gelu", name="hidden")(x)
    x = layers.BatchNormalization(name="norm_of_a_vector")(x)
    return keras.Model(i, layers.Dense(3, name="answer")(x), name="convolutions")


def shapes():
    x = i = layers.Input((9, 7, 3), name="picture")
    x = layers.ZeroPadding2D(((0, 1), (2, 1)), name="pad")(x)
    x = layers.Conv2D(8, 3, name="conv")(x)
    # Without padding: Keras on PyTorch repeats the border there, where TensorFlow leaves it out of the mean.
    a = layers.AveragePooling2D(2, padding="same", name="mean")(x)
    b = layers.MaxPooling2D(3, strides=2, padding="same", name="most")(x)
    c = layers.MaxPooling2D(2, name="halves")(x)
    c = layers.ZeroPadding2D(((0, 1), (0, 0)), name="pad_again")(layers.UpSampling2D(1, name="same_size")(c))
    x = layers.Concatenate(name="join")([a, b])
    h, w, ch = x.shape[1:]
    x = layers.Reshape((h, w, 4, ch // 4), name="to_groups")(x)
    x = layers.Permute((1, 2, 4, 3), name="swap")(x)
    x = layers.Reshape((h, w, ch), name="from_groups")(x)
    x = layers.UpSampling2D(2, interpolation="bilinear", name="larger")(x)
    x = layers.Cropping2D(((1, 0), (0, 2)), name="crop")(x)
    x = layers.Permute((2, 3, 1), name="turn")(x)
    x = layers.Reshape((-1, 4, 3), name="rebuild")(x)
    x = layers.Conv2D(6, 3, padding="same", name="last")(x)
    g = layers.GlobalMaxPooling2D(keepdims=True, name="most_of_all")(x)
    s = layers.Multiply(name="gate")([x, layers.Activation("sigmoid", name="open")(g)])
    x = layers.Subtract(name="less")([layers.Average(name="middle")([x, s, x]), layers.Maximum(name="larger_of")([x, s])])
    x = layers.GlobalAveragePooling2D(name="mean_of_all")(layers.UpSampling2D(2, name="nearest")(x))
    x = layers.Reshape((1, 1, 6), name="map_again")(x)
    x = layers.Conv2D(4, 1, name="head")(x)
    return keras.Model(i, layers.Softmax(name="answer")(layers.Flatten(name="flat")(x)), name="shapes")


def functions():
    x = i = layers.Input((5, 5, 3), name="picture")
    outs = []
    for f in ("relu", "relu6", "sigmoid", "tanh", "silu", "hard_silu", "hard_sigmoid", "gelu", "elu", "selu", "softplus",
              "softsign", "exponential", "mish", "leaky_relu", "linear"):
        outs.append(layers.Activation(f, name="f_" + f)(x))
    x = layers.Concatenate(name="all")(outs)
    x = (x * 0.5 + 1.0 - 0.25) / 2.0
    x = layers.ReLU(6.0, name="six")(x + 3.0) * (1.0 / 6.0)
    x = 1.0 - layers.ELU(alpha=0.7, name="elu")(x)
    return keras.Model(i, layers.GlobalAveragePooling2D(name="answer")(x), name="functions")


def arithmetic():
    x = i = layers.Input((5, 5, 3), name="picture")
    x = layers.DepthwiseConv2D(3, name="depthwise")(x / 127.5 - 1.0)
    x = layers.ReLU(6.0, name="six")(x + 3.0) * (1.0 / 6.0)
    return keras.Model(i, layers.GlobalAveragePooling2D(name="answer")(1.0 - x), name="arithmetic")


def sequential():
    base = keras.Sequential([layers.Conv2D(6, 3, padding="same", activation="relu", name="c1"), layers.MaxPooling2D(name="p1"),
                             layers.BatchNormalization(name="b1")], name="base")
    return keras.Sequential([layers.Input((8, 8, 3)), keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)],
                             name="augment"), layers.Rescaling(1 / 127.5, offset=-1, name="scale"), base,
                             layers.SpatialDropout2D(0.2, name="drop"), layers.Flatten(name="flat"),
                             layers.Dense(4, activation="softmax", name="answer")], name="sequence")


def shared():
    i = layers.Input((6, 6, 4), name="picture")
    conv = layers.Conv2D(4, 3, padding="same", name="twice")
    inner_in = layers.Input((6, 6, 4), name="inner_picture")
    inner = keras.Model(inner_in, layers.BatchNormalization(name="bn")(layers.Conv2D(4, 1, name="point")(inner_in)), name="inner")
    x = conv(layers.ReLU(name="r")(conv(i)))
    x = layers.Add(name="sum")([inner(x), inner(i)])
    return keras.Model(i, layers.GlobalAveragePooling2D(name="answer")(x), name="shared")


def operations():
    i = layers.Input((6, 6, 8), name="picture")
    a, b = ops.split(i, 2, axis=-1)
    a = layers.Conv2D(4, 1, name="point")(ops.relu(a[:, 1:, :5]))
    a = layers.ZeroPadding2D(((1, 0), (0, 1)), name="pad")(a)
    z = ops.concatenate([a, ops.relu6(b[..., :2] + b[..., 2:]), b[..., -2:]], axis=-1)
    z = ops.reshape(ops.transpose(ops.reshape(z, (-1, 6, 6, 2, 4)), (0, 1, 2, 4, 3)), (-1, 6, 6, 8))
    return keras.Model(i, ops.softmax(ops.mean(z, axis=(1, 2))), name="operations")


def shuffle(x):
    h, w, c = x.shape[1:]
    return ops.reshape(ops.transpose(ops.reshape(x, (-1, h, w, 2, c // 2)), (0, 1, 2, 4, 3)), (-1, h, w, c))


def shufflenet():
    """The form of ShuffleNetV2 that Keras tutorials share, narrow and shallow."""
    def unit(x, channels, stride, name):
        side = None
        if stride == 1:
            half = x.shape[-1] // 2
            side = layers.Lambda(lambda z, half=half: z[..., :half], name=name + "spl_sp0_slice")(x)
            x = layers.Lambda(lambda z, half=half: z[..., half:], name=name + "spl_sp1_slice")(x)
        y = layers.Conv2D(channels, 1, padding="same", name=name + "1x1conv_1")(x)
        y = layers.Activation("relu", name=name + "relu_1x1conv_1")(layers.BatchNormalization(name=name + "bn_1x1conv_1")(y))
        y = layers.DepthwiseConv2D(3, strides=stride, padding="same", name=name + "3x3dwconv")(y)
        y = layers.BatchNormalization(name=name + "bn_3x3dwconv")(y)
        y = layers.Conv2D(channels, 1, padding="same", name=name + "1x1conv_2")(y)
        y = layers.Activation("relu", name=name + "relu_1x1conv_2")(layers.BatchNormalization(name=name + "bn_1x1conv_2")(y))
        if stride == 2:
            s = layers.DepthwiseConv2D(3, strides=2, padding="same", name=name + "3x3dwconv_2")(x)
            s = layers.BatchNormalization(name=name + "bn_3x3dwconv_2")(s)
            s = layers.Conv2D(channels, 1, padding="same", name=name + "1x1_conv_3")(s)
            side = layers.Activation("relu", name=name + "relu_1x1conv_3")(layers.BatchNormalization(name=name + "bn_1x1conv_3")(s))
        y = layers.Concatenate(name=name + ("concat_1" if stride == 1 else "concat_2"))([y, side])
        return layers.Lambda(shuffle, output_shape=lambda s: s, name=name + "channel_shuffle")(y)

    x = i = layers.Input((45, 45, 3), name="input")
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, activation="relu", name="conv1")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="maxpool1")(x)
    for stage, channels in ((2, 4), (3, 6), (4, 8)):
        for block in (1, 2):
            x = unit(x, channels, 2 if block == 1 else 1, f"stage{stage}_block{block}_")
    x = layers.Conv2D(12, 1, padding="same", activation="relu", name="1x1conv5_out")(x)
    x = layers.GlobalMaxPooling2D(name="global_max_pool")(x)
    x = layers.Activation("softmax", name="softmax")(layers.Dense(5, name="fc")(x))
    return keras.Model(i, x, name="shufflenet")


def main(output):
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed, tempfile.TemporaryDirectory() as folder:
        for make in (tiny, convolutions, shapes, functions, arithmetic, operations, sequential, shared, shufflenet):
            model = shake(make())
            name = make.__name__
            x = (rng.uniform(-1, 1, (2,) + model.input_shape[1:]) * (127 if name == "sequential" else 1)).astype("float32")
            y = np.asarray(model.predict(x, verbose=0))
            files = {name + ".keras": model.save, name + ".h5": model.save, name + ".weights.h5": model.save_weights}
            for file, save in files.items():
                path = os.path.join(folder, file)
                save(path)
                packed.writestr(zipfile.ZipInfo(file), open(path, "rb").read(), zipfile.ZIP_DEFLATED)
            path = os.path.join(folder, "legacy.h5")
            with h5py.File(path, "w") as f:
                legacy_h5_format.save_weights_to_hdf5_group(f, model)
            packed.writestr(zipfile.ZipInfo(name + "_legacy.h5"), open(path, "rb").read(), zipfile.ZIP_DEFLATED)
            arrays = io.BytesIO()
            np.savez(arrays, input_nchw=np.ascontiguousarray(x.transpose(0, 3, 1, 2)), output=y)
            packed.writestr(zipfile.ZipInfo(name + ".npz"), arrays.getvalue(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(sys.argv[1])
