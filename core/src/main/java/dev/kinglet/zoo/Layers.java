package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.Locale;

/**
 * Lays the layers of one network under construction, in its dialect's padding and batch norm.
 *
 * <p>A node with parameters bears their path; any other one is called after what it follows.
 */
final class Layers {
  /** What surrounds a map before a window moves over it. */
  enum Padding {
    /** PyTorch's habit: {@code (kernel - 1) / 2} on both sides. */
    SYMMETRIC,
    /** TensorFlow's SAME: as little as possible, the odd element after. */
    SAME
  }

  private final GraphBuilder builder;
  private final Choice choice;
  private final Padding padding;
  private final Op.BatchNorm norm;

  /** For the dialects of PyTorch: symmetric padding, batch norm as PyTorch presets it. */
  Layers(Choice choice) {
    this(choice, Padding.SYMMETRIC, new Op.BatchNorm());
  }

  Layers(Choice choice, Padding padding, Op.BatchNorm norm) {
    this.builder = new GraphBuilder(choice.variant(), choice.input());
    this.choice = choice;
    this.padding = padding;
    this.norm = norm;
  }

  Node input() {
    return builder.input();
  }

  Node add(String name, Op op, Node... inputs) {
    return builder.add(name, op, inputs);
  }

  /** One more use of the parameters under {@code path}. */
  Node share(String name, String path, Op op, Node input) {
    return builder.add(name, path, op, List.of(input));
  }

  /** Fixes the order of parameters where it is not the order of computation. */
  void declare(String... paths) {
    builder.declare(paths);
  }

  Window window(Node in, int kernel, int stride, int dilation) {
    Window symmetric = Window.dilated(kernel, stride, (kernel - 1) / 2 * dilation, dilation);
    return switch (padding) {
      case SYMMETRIC -> symmetric;
      case SAME -> symmetric.same(in.shape());
    };
  }

  Node conv(String path, Node in, int channels, int kernel, int stride) {
    return conv(path, in, channels, window(in, kernel, stride, 1), 1, false);
  }

  Node conv(String path, Node in, int channels, Window window, int groups, boolean bias) {
    return add(path, new Op.Conv(channels, window, groups, bias), in);
  }

  /** A 1 x 1 convolution with bias. */
  Node biased(String path, Node in, int channels) {
    return conv(path, in, channels, Window.square(1, 1), 1, true);
  }

  Node depthwise(String path, Node in, int kernel, int stride) {
    return depthwise(path, in, window(in, kernel, stride, 1));
  }

  Node depthwise(String path, Node in, Window window) {
    return conv(path, in, in.shape().channels(), window, in.shape().channels(), false);
  }

  Node norm(String path, Node in) {
    return add(path, norm, in);
  }

  Node act(Node in, Function function) {
    String word = function.name().toLowerCase(Locale.ROOT).replace("_", "");
    return add(in.name() + "." + word, new Op.Activation(function), in);
  }

  Node relu(Node in) {
    return act(in, Function.RELU);
  }

  Node sum(String block, Node a, Node b) {
    return add(block + ".add", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), a, b);
  }

  Node multiply(String name, Node map, Node gate) {
    return add(name, new Op.Arithmetic(Op.Arithmetic.Kind.MULTIPLY), map, gate);
  }

  Node concat(String block, Node... parts) {
    return add(block + ".concat", new Op.Concat(), parts);
  }

  Node pool(String name, PoolKind kind, Node in, Window window, boolean ceil) {
    return add(name, new Op.Pool(kind, window, ceil, true), in);
  }

  Node globalAverage(String name, Node in) {
    return add(name, new Op.GlobalPool(PoolKind.AVERAGE), in);
  }

  /** The same elements as a vector. */
  Node flatten(String name, Node in) {
    return add(name, new Op.Reshape(Shape.of(in.shape().elements())), in);
  }

  /**
   * Squeeze and excite (Hu et al. 2017, figure 3) with two 1 x 1 convolutions with bias.
   *
   * @param paths of the reducing and the expanding convolution, under {@code block}
   */
  Node gate(String block, String[] paths, Node in, int squeeze, Function function) {
    Node mean = globalAverage(block + ".pool", in);
    Node reduced = relu(biased(block + "." + paths[0], mean, squeeze));
    Node scores = biased(block + "." + paths[1], reduced, in.shape().channels());
    return multiply(block + ".scale", in, act(scores, function));
  }

  /** Dropout at the chosen rate; nothing at rate 0. */
  Node dropout(String name, Node in) {
    double rate = choice.number("dropout");
    return rate == 0 ? in : add(name, new Op.Dropout((float) rate), in);
  }

  /** Global average, dropout and a linear layer with bias: the usual end of a classifier. */
  Graph classify(String path, Node map) {
    Node features = flatten("flatten", globalAverage("pool", map));
    return finish(linear(path, dropout("dropout", features), choice.classes()));
  }

  Node linear(String path, Node in, int features) {
    return add(path, new Op.Linear(features, true), in);
  }

  /** The graph whose answer is these logits, or their probabilities where softmax is chosen. */
  Graph finish(Node logits) {
    return builder.build(
        choice.flag("softmax") ? add("softmax", new Op.Softmax(0), logits) : logits);
  }
}
