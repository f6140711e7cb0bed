package dev.kinglet.graph;

import java.util.List;

/**
 * What a node computes: its output shape, its parameters and its cost follow from the shapes of its
 * inputs.
 *
 * <p>Every consumer is an exhaustive {@code switch} without {@code default}, so that a new operator
 * does not compile until each of them handles it.
 */
public sealed interface Op {

  /**
   * The shape of one sample of the result.
   *
   * @throws Mismatch if the inputs do not fit this operator
   */
  default Shape output(List<Shape> inputs) {
    return Inference.shape(this, inputs);
  }

  /** The parameters, named by their last part, in the order of PyTorch's state dict. */
  default List<Parameter> parameters(List<Shape> inputs) {
    return OpParameters.of(this, inputs);
  }

  /**
   * The multiply-accumulates for one sample: kernel taps times input channels a group times outputs
   * for a convolution, inputs times outputs for a linear layer, 0 for everything else.
   */
  default long macs(List<Shape> inputs, Shape output) {
    return Inference.macs(this, inputs, output);
  }

  /** An operator that reads no parameters. */
  sealed interface Weightless extends Op {}

  /**
   * The inputs do not fit: what was expected and what was found. The builder adds the node's name.
   */
  final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Mismatch(String message) {
      super(message);
    }
  }

  /** The sample that the network is given. */
  record Input(Shape shape) implements Weightless {}

  /**
   * A stored value, read from the weights under {@code value}; not learned. Holds for every sample.
   */
  record Constant(Shape shape) implements Op {}

  /**
   * A convolution over 1 to 3 spatial axes; weight {@code (channels, in / groups, kernel...)}, bias
   * {@code (channels)}.
   */
  record Conv(int channels, Window window, int groups, boolean bias) implements Op {}

  /**
   * A transposed convolution; weight {@code (in, channels / groups, kernel...)}. The window's
   * padding is taken off the full result, {@code extra} is added after it along each axis (ONNX:
   * {@code output_padding}).
   */
  record ConvTranspose(int channels, Window window, List<Integer> extra, int groups, boolean bias)
      implements Op {
    /** Copies the list. */
    public ConvTranspose {
      extra = List.copyOf(extra);
    }
  }

  /**
   * A matrix product over a vector of features; weight {@code (features, in)}, bias {@code
   * (features)}.
   */
  record Linear(int features, boolean bias) implements Op {}

  /**
   * {@code scale * (x - mean) / sqrt(variance + epsilon) + shift} a channel (Ioffe, Szegedy 2015).
   *
   * @param momentum the share of a batch in the running statistics, in PyTorch's sense
   */
  record BatchNorm(float epsilon, float momentum) implements Op {
    /** With PyTorch's defaults: epsilon 1e-5, momentum 0.1. */
    public BatchNorm() {
      this(1e-5f, 0.1f);
    }
  }

  /**
   * A function of one number, applied to each.
   *
   * @param alpha the first constant of those functions that have one, else 0
   * @param beta the second constant, else 0
   */
  record Activation(Function function, float alpha, float beta) implements Weightless {
    /** A function without constants, or with its usual ones. */
    public Activation(Function function) {
      this(function, function.alpha, function.beta);
    }
  }

  /** The functions of one number; {@code a} and {@code b} are the activation's constants. */
  enum Function {
    /** max(x, 0). */
    RELU,
    /** min(max(x, 0), 6). */
    RELU6,
    /** min(max(x, a), b). */
    CLIP(0, 6),
    /** min(max(a x + b, 0), 1); usually a = 1/6, b = 1/2. */
    HARD_SIGMOID(1 / 6f, 0.5f),
    /** x min(max(x + 3, 0), 6) / 6. */
    HARD_SWISH,
    /** 1 / (1 + e^-x). */
    SIGMOID,
    /** x / (1 + e^-x). */
    SILU,
    /** Hyperbolic tangent. */
    TANH,
    /** x Phi(x), Phi the normal distribution by the error function. */
    GELU,
    /** GELU by the tanh approximation: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
    GELU_TANH,
    /** x for x >= 0, else a x. */
    LEAKY_RELU(0.01f, 0),
    /** x for x >= 0, else a (e^x - 1). */
    ELU(1, 0),
    /** The error function. */
    ERF,
    /** Square root. */
    SQRT,
    /** e^x. */
    EXP,
    /** Natural logarithm. */
    LOG,
    /** Absolute value. */
    ABS,
    /** -x. */
    NEGATE,
    /** 1 / x. */
    RECIPROCAL,
    /** log(1 + e^x). */
    SOFTPLUS,
    /** x / (1 + |x|). */
    SOFTSIGN,
    /** b (x for x > 0, else a (e^x - 1)). */
    SELU(1.67326319f, 1.05070102f),
    /** max(0,x) + min(0, a (e^(x/a) - 1)). */
    CELU(1, 0),
    /** x tanh(log(1 + e^x)). */
    MISH,
    /** Largest whole number not above x. */
    FLOOR,
    /** Smallest whole number not below x. */
    CEIL;

    private final float alpha;
    private final float beta;

    Function() {
      this(0, 0);
    }

    Function(float alpha, float beta) {
      this.alpha = alpha;
      this.beta = beta;
    }
  }

  /** x for x >= 0, else slope * x with a learned slope a channel; parameter {@code weight (C)}. */
  record PRelu() implements Op {}

  /**
   * Two values combined element by element. Both have the same rank; an axis of size 1 is repeated
   * to the other's size.
   */
  record Arithmetic(Kind kind) implements Weightless {
    /** What is done with each pair. */
    public enum Kind {
      /** a + b. */
      ADD,
      /** a - b. */
      SUBTRACT,
      /** a * b, also the gate of squeeze-excite. */
      MULTIPLY,
      /** a / b. */
      DIVIDE,
      /** a to the power of b. */
      POWER,
      /** The larger. */
      MAXIMUM,
      /** The smaller. */
      MINIMUM
    }
  }

  /**
   * The maximum or the mean of each window.
   *
   * @param ceil round the number of outputs up
   * @param countPadding whether a mean divides by the taps that fall on the padding too; taps
   *     beyond the padding (which {@code ceil} can reach) never count
   */
  record Pool(PoolKind kind, Window window, boolean ceil, boolean countPadding)
      implements Weightless {}

  /** What a pooling keeps. */
  enum PoolKind {
    /** The largest value. */
    MAX,
    /** The arithmetic mean. */
    AVERAGE
  }

  /** Everything after the channels pooled to size 1: {@code (C, H, W)} to {@code (C, 1, 1)}. */
  record GlobalPool(PoolKind kind) implements Weightless {}

  /**
   * The given axes of a sample reduced to one number.
   *
   * @param axes counted from 0 = the first axis of a sample, ascending
   * @param keep whether they stay as size 1
   */
  record Reduce(Kind kind, List<Integer> axes, boolean keep) implements Weightless {
    /** Copies the list. */
    public Reduce {
      axes = List.copyOf(axes);
    }

    /** What a reduction keeps. */
    public enum Kind {
      /** The arithmetic mean. */
      MEAN,
      /** The largest value. */
      MAX,
      /** The smallest value. */
      MIN,
      /** The sum. */
      SUM
    }
  }

  /**
   * {@code x / (bias + alpha / size * sum of squares over size neighbouring channels)^beta}
   * (Krizhevsky et al. 2012, §3.3; ONNX: LRN).
   */
  record LocalResponseNorm(int size, float alpha, float beta, float bias) implements Weightless {}

  /** Exponentials divided by their sum along an axis of a sample (0 = channels). */
  record Softmax(int axis) implements Weightless {}

  /** The inputs behind each other along an axis of a sample (0 = channels). */
  record Concat(int axis) implements Weightless {
    /** Along the channels. */
    public Concat() {
      this(0);
    }
  }

  /** The elements {@code start, start + step, ...} below {@code end} along an axis of a sample. */
  record Slice(int axis, int start, int end, int step) implements Weightless {
    /** Channels {@code start} to {@code end}, the latter excluded. */
    public Slice(int start, int end) {
      this(0, start, end, 1);
    }
  }

  /**
   * The channel shuffle of ShuffleNet: seen as {@code (groups, C / groups)}, transposed, flattened;
   * so output channel {@code i * groups + j} is input channel {@code j * C / groups + i}.
   */
  record Shuffle(int groups) implements Weightless {}

  /** The same elements, in the same order, under another shape. */
  record Reshape(Shape shape) implements Weightless {}

  /** The axes of a sample in another order: output axis i is input axis {@code order[i]}. */
  record Transpose(List<Integer> order) implements Weightless {
    /** Copies the list. */
    public Transpose {
      order = List.copyOf(order);
    }
  }

  /**
   * Elements added around a sample, one entry an axis, channels included; negative entries cut.
   *
   * @param value what is added under {@link Mode#CONSTANT}
   */
  record Pad(List<Integer> before, List<Integer> after, Mode mode, float value)
      implements Weightless {
    /** Copies the lists. */
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    /** Where the added elements come from. */
    public enum Mode {
      /** One value. */
      CONSTANT,
      /** Mirrored without repeating the border. */
      REFLECT,
      /** The border repeated. */
      EDGE,
      /** From the other end. */
      WRAP
    }
  }

  /**
   * The spatial axes at other sizes.
   *
   * @param spatial the sizes of the result, without channels
   * @param scale the factor an axis that the coordinates are computed with
   */
  record Resize(
      List<Integer> spatial,
      List<Float> scale,
      Interpolation interpolation,
      Coordinates coordinates)
      implements Weightless {
    /** Copies the lists. */
    public Resize {
      spatial = List.copyOf(spatial);
      scale = List.copyOf(scale);
    }

    /**
     * Where in the input an element of the result lies along an axis.
     *
     * <p>In single precision, as ONNX Runtime counts: then {@code 4 / 1.3333334} is 3, and what
     * lies between two elements falls to the one that was meant.
     *
     * @param axis counted from the first spatial axis
     * @param x the element of the result
     * @param in the size of the input along the axis
     * @param out the size of the result along the axis
     */
    public float coordinate(int axis, int x, int in, int out) {
      float factor = scale.get(axis);
      return switch (coordinates) {
        case ASYMMETRIC -> x / factor;
        case HALF_PIXEL -> (x + 0.5f) / factor - 0.5f;
        case PYTORCH_HALF_PIXEL -> out == 1 ? 0 : (x + 0.5f) / factor - 0.5f;
        case ALIGN_CORNERS -> out == 1 ? 0 : (float) x * (in - 1) / (out - 1);
      };
    }

    /** Which elements make up one of the result. */
    public enum Interpolation {
      /** The element at floor(coordinate), as PyTorch's and GhostNetV2's nearest does. */
      NEAREST_FLOOR,
      /** The element at round(coordinate), halves downward (ONNX: round_prefer_floor). */
      NEAREST_ROUND_DOWN,
      /** The element at round(coordinate), halves upward (ONNX: round_prefer_ceil). */
      NEAREST_ROUND_UP,
      /** The element at ceil(coordinate). */
      NEAREST_CEIL,
      /** Linear between neighbours along every axis. */
      LINEAR
    }

    /** Where in the input an element x of the result lies; s is the scale of the axis. */
    public enum Coordinates {
      /** x / s. */
      ASYMMETRIC,
      /** (x + 0.5) / s - 0.5. */
      HALF_PIXEL,
      /** As {@link #HALF_PIXEL}, but 0 where the result has one element. */
      PYTORCH_HALF_PIXEL,
      /** x (in - 1) / (out - 1). */
      ALIGN_CORNERS
    }
  }

  /**
   * In training, zeroes elements with probability {@code rate} and scales the others up; else
   * nothing.
   */
  record Dropout(float rate) implements Weightless {}

  /**
   * In training, zeroes a whole sample with probability {@code rate} (Huang et al. 2016); else
   * nothing.
   */
  record DropPath(float rate) implements Weightless {}
}
