"""Networks as a real Keras 2 (tf_keras) saves them, and their answers.

    python keras2_forms.py OUTPUT.zip

NAME.h5; of some NAME.keras, NAME.weights.h5 and NAME_legacy.h5 (weights alone, counted and by name);
NAME.npz: input_nchw, output.
Weights take few values, so that the archive stays small.
"""
import io, os, sys, tempfile, zipfile
import numpy as np, tensorflow as tf, tf_keras as keras
from tf_keras import applications, layers

rng = np.random.default_rng(5)


def shake(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            shake(layer)
            continue
        values = []
        for variable in layer.weights:
            shape = tuple(variable.shape)
            if "kernel" in variable.name:
                depthwise = "depthwise" in variable.name
                fan = shape[0] * shape[1] if depthwise else int(np.prod(shape[:-1]))
                values.append(rng.integers(-2, 3, shape) * np.float32((1.0 / fan) ** 0.5))
            elif "variance" in variable.name or "gamma" in variable.name:
                values.append(rng.integers(3, 6, shape) / 4)
            else:
                values.append(rng.integers(-1, 2, shape) / 4)
        layer.set_weights(values)
    return model


def nested(base, *head, scale=None):
    x = i = layers.Input((64, 64, 3))
    if scale:
        x = layers.Rescaling(scale, offset=-1)(layers.RandomFlip("horizontal")(x))
    x = base(x, training=False)
    for layer in head:
        x = layer(x)
    return keras.Model(i, x)


def v1_top():
    return applications.MobileNet((64, 96, 3), alpha=0.125, classes=5, weights=None)


def v2_top():
    return applications.MobileNetV2((65, 65, 3), alpha=0.1, classes=4, weights=None, classifier_activation=None)


def v3_small_top():
    return applications.MobileNetV3Small((64, 64, 3), alpha=0.25, classes=4, weights=None, classifier_activation=None)


def v3_large_minimalistic_map():
    return applications.MobileNetV3Large((64, 64, 3), alpha=0.125, minimalistic=True, include_top=False, weights=None,
                                         include_preprocessing=False)


def v2_transfer():
    base = applications.MobileNetV2((64, 64, 3), alpha=0.1, include_top=False, weights=None)
    return nested(base, layers.GlobalAveragePooling2D(), layers.Dropout(0.2), layers.Dense(3, activation="softmax"))


def v1_transfer():
    base = applications.MobileNet((64, 64, 3), alpha=0.125, include_top=False, weights=None)
    return nested(base, layers.GlobalMaxPooling2D(), layers.Dense(6, activation="elu"), layers.BatchNormalization(),
                  layers.Dropout(0.2), layers.Dense(1, activation="sigmoid"), scale=1 / 127.5)


def v3_transfer():
    base = applications.MobileNetV3Small((64, 64, 3), alpha=0.25, include_top=False, weights=None)
    return nested(base, layers.Flatten(), layers.Dense(4, activation="softplus"))


def sequential():
    base = applications.MobileNetV3Large((64, 64, 3), alpha=0.125, include_top=False, pooling="avg", weights=None,
                                         include_preprocessing=False)
    return keras.Sequential([base, layers.Dense(8, activation="selu"), layers.Dense(3, activation="gelu")])


def shared():
    """A nested model applied twice."""
    i = layers.Input((6, 6, 3))
    inner_in = layers.Input((6, 6, 3))
    inner = keras.Model(inner_in, layers.BatchNormalization()(layers.Conv2D(3, 3, padding="same")(inner_in)))
    x = layers.Add()([inner(i), inner(inner(i))])
    return keras.Model(i, layers.Dense(2)(layers.Flatten()(x)))


def arithmetic():
    i = layers.Input((5, 4, 3))
    x = layers.Conv2D(4, 3, padding="same")(i) * 0.5
    x = tf.nn.relu6(x + 3.0) * x / 6.0
    x = tf.math.subtract(1.5, x)
    return keras.Model(i, layers.GlobalAveragePooling2D()(x))


def shuffle(x):
    height, width, channels = x.shape[1:]
    x = keras.backend.reshape(x, [-1, height, width, 2, channels // 2])
    x = keras.backend.permute_dimensions(x, (0, 1, 2, 4, 3))
    return keras.backend.reshape(x, [-1, height, width, channels])


def shufflenet():
    """The form of ShuffleNetV2 that Keras tutorials share, narrow and shallow, under its own names."""
    def conv(x, channels, name, number):
        x = layers.Conv2D(channels, 1, padding="same", name=name)(x)
        return layers.Activation("relu")(layers.BatchNormalization(name=number)(x))

    def unit(x, channels, stride, name):
        if stride == 1:
            half = x.shape[-1] // 2
            side = layers.Lambda(lambda z, half=half: z[..., :half], name=name + "spl/sp0_slice")(x)
            x = layers.Lambda(lambda z, half=half: z[..., half:], name=name + "spl/sp1_slice")(x)
        y = conv(x, channels, name + "1x1conv_1", name + "bn_1x1conv_1")
        y = layers.DepthwiseConv2D(3, strides=stride, padding="same", name=name + "3x3dwconv")(y)
        y = layers.BatchNormalization(name=name + "bn_3x3dwconv")(y)
        y = conv(y, channels, name + "1x1conv_2", name + "bn_1x1conv_2")
        if stride == 2:
            side = layers.DepthwiseConv2D(3, strides=2, padding="same", name=name + "3x3dwconv_2")(x)
            side = layers.BatchNormalization(name=name + "bn_3x3dwconv_2")(side)
            side = conv(side, channels, name + "1x1_conv_3", name + "bn_1x1conv_3")
        y = layers.Concatenate(name=name + "concat_%d" % stride)([y, side])
        return layers.Lambda(shuffle, name=name + "channel_shuffle")(y)

    x = i = layers.Input((45, 45, 3), name="input")
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, activation="relu", name="conv1")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="maxpool1")(x)
    # Stage 3 keeps its width, so that its first unit's norms all have the same size.
    for stage, channels in ((2, 4), (3, 8), (4, 8)):
        for block in (1, 2):
            x = unit(x, channels if block == 2 or stage != 3 else 8, 2 if block == 1 else 1, f"stage{stage}/block{block}/")
    x = layers.Conv2D(12, 1, padding="same", activation="relu", name="1x1conv5_out")(x)
    x = layers.GlobalMaxPooling2D(name="global_max_pool")(x)
    return keras.Model(i, layers.Activation("softmax", name="softmax")(layers.Dense(5, name="fc")(x)))


WHOLE, COUNTED, NAMED = ".keras", ".weights.h5", "_legacy.h5"
MODELS = {
    v1_top: (COUNTED, NAMED), v2_top: (COUNTED,), v3_small_top: (COUNTED, NAMED), v3_large_minimalistic_map: (COUNTED,),
    v2_transfer: (WHOLE, COUNTED, NAMED), v1_transfer: (COUNTED,), v3_transfer: (), sequential: (WHOLE,), shared: (WHOLE,),
    arithmetic: (WHOLE,), shufflenet: (WHOLE, COUNTED, NAMED)}


def main(output):
    with zipfile.ZipFile(output, "w") as packed, tempfile.TemporaryDirectory() as folder:
        def pack(name, content):
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
        for make, forms in MODELS.items():
            model, name = shake(make()), make.__name__
            x = rng.uniform(-1, 1, (2,) + model.input_shape[1:]).astype("float32")
            if any(isinstance(layer, layers.Rescaling) for layer in model.layers) or name == "v3_transfer":
                x = (x + 1) * np.float32(127)
            y = model.predict(x, verbose=0)
            if y.ndim == 4:
                y = np.ascontiguousarray(y.transpose(0, 3, 1, 2))
            for form in (".h5",) + forms:
                path = os.path.join(folder, name + form)
                (model.save_weights if form in (COUNTED, NAMED) else model.save)(path)
                with open(path, "rb") as f:
                    pack(name + form, f.read())
            arrays = io.BytesIO()
            np.savez(arrays, input_nchw=np.ascontiguousarray(x.transpose(0, 3, 1, 2)), output=y)
            pack(name + ".npz", arrays.getvalue())
            print(name, model.count_params(), y.shape, np.abs(y).max())


if __name__ == "__main__":
    main(sys.argv[1])
