package dev.kinglet.train;

import dev.kinglet.engine.x64.NormCode.Clamp;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A graph whose parameters live in LibTorch: it computes batches and gradients, and gives plain
 * {@link Weights} back.
 *
 * <p>Call {@link #forward} inside a {@link PointerScope}, which frees the temporaries of a step;
 * the parameters outlive every scope. Not safe for threads.
 */
public final class TorchNetwork {
  private final Graph graph;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Tensor> learned = new LinkedHashMap<>();
  private final int[] lastUse;
  private final boolean[] shared;
  private final boolean[] overwrites;
  private final Clamp[] clamps;
  private final boolean channelsLast;
  private final ScalarType type;
  private final Optional<NormKernel> kernel = NormKernel.ofThisMachine();
  private double normMomentum;

  /** The graph with these weights, in single precision. */
  public TorchNetwork(Graph graph, Weights weights) {
    this(graph, weights, ScalarType.Float, true);
  }

  /**
   * The graph with these weights.
   *
   * @param type Float, or Double for checks of gradients
   * @param channelsLast whether maps are kept with the channels innermost, which is up to twice as
   *     fast for depthwise networks
   * @throws InvalidInputException if the weights are not the graph's
   */
  TorchNetwork(Graph graph, Weights weights, ScalarType type, boolean channelsLast) {
    LibTorch.load();
    this.graph = graph;
    this.channelsLast = channelsLast;
    this.type = type;
    weights.check(graph);
    try (PointerScope _ = new PointerScope()) {
      for (Parameter parameter : graph.parameters()) {
        boolean counter = parameter.role() == Parameter.Role.COUNTER;
        Tensor tensor;
        if (counter) {
          long[] count = weights.has(parameter.name()) ? counter(weights, parameter) : new long[1];
          tensor = TorchTensors.of(count).reshape(new long[0]);
        } else {
          long[] sizes = TorchTensors.longs(parameter.shape().toList());
          tensor = TorchTensors.of(weights.floats(parameter.name()), sizes).to(type);
          tensor = layout(tensor);
        }
        if (parameter.learned()) {
          tensor.requires_grad_(true);
          learned.put(parameter.name(), tensor);
        }
        tensors.put(parameter.name(), tensor);
        tensor.retainReference();
      }
    }
    lastUse = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      node.inputs().forEach(input -> lastUse[input.index()] = node.index());
    }
    lastUse[graph.output().index()] = Integer.MAX_VALUE;
    int[] uses = new int[graph.nodes().size()];
    uses[graph.output().index()]++;
    for (Node node : graph.nodes()) {
      node.inputs().forEach(input -> uses[input.index()]++);
    }
    shared = new boolean[uses.length];
    for (int i = 0; i < uses.length; i++) {
      shared[i] = uses[i] > 1;
    }
    overwrites = overwriting(graph, uses);
    clamps = new Clamp[uses.length];
    for (Node node : graph.nodes()) {
      clamps[node.index()] = Clamp.NONE;
      if (overwrites[node.index()] && node.op() instanceof Op.Activation activation) {
        clamps[node.input().index()] =
            activation.function() == Op.Function.RELU ? Clamp.RELU : Clamp.RELU6;
      }
    }
  }

  /** The ReLUs whose input is theirs alone and is not needed for its own maker's gradient. */
  private static boolean[] overwriting(Graph graph, int[] uses) {
    boolean[] may = new boolean[uses.length];
    for (Node node : graph.nodes()) {
      may[node.index()] =
          node.op() instanceof Op.Activation activation
              && (activation.function() == Op.Function.RELU
                  || activation.function() == Op.Function.RELU6)
              && uses[node.input().index()] == 1
              && (node.input().op() instanceof Op.BatchNorm
                  || node.input().op() instanceof Op.Conv
                  || node.input().op() instanceof Op.Linear);
    }
    return may;
  }

  /** The tensor with its elements ordered as this network keeps them. */
  Tensor layout(Tensor tensor) {
    return channelsLast && tensor.dim() == 4
        ? tensor.contiguous(MemoryFormat.ChannelsLast)
        : tensor.contiguous();
  }

  private static long[] counter(Weights weights, Parameter parameter) {
    return weights.get(parameter.name()).toLongs();
  }

  /** The graph that is computed. */
  public Graph graph() {
    return graph;
  }

  /** The tensors that are learned, by name; frozen ones are not among them. */
  Map<String, Tensor> learned() {
    return Collections.unmodifiableMap(learned);
  }

  /** Every parameter, statistic and counter by name. */
  Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * Stops learning of the parameters whose names the filter takes; a batch norm whose scale is
   * frozen keeps its statistics too.
   *
   * @return how many tensors are frozen now
   */
  public int freeze(Predicate<String> frozen) {
    int before = learned.size();
    learned
        .entrySet()
        .removeIf(
            entry -> {
              boolean stop = frozen.test(entry.getKey());
              if (stop) {
                entry.getValue().requires_grad_(false);
              }
              return stop;
            });
    return before - learned.size();
  }

  /**
   * From now on batches have this share in all running statistics, as PyTorch counts it; 0 leaves
   * each norm its own. A run of a hundred steps needs 0.1: with the 0.01 of TensorFlow's networks a
   * third of what is judged would still be the statistics of other pictures.
   */
  void normMomentum(double share) {
    normMomentum = share;
  }

  /**
   * The answers to a batch of samples.
   *
   * @param input batch outermost, then a sample's axes
   * @param training whether dropout acts and batch norms use and track the batch's statistics
   */
  Tensor forward(Tensor input, boolean training) {
    return forward(input, training, null);
  }

  /**
   * The answers to a batch of samples in training, faster than by LibTorch's operators alone; the
   * gradients then come from {@link Tape#backward}.
   */
  Tensor forward(Tensor input, Tape tape) {
    return forward(input, true, tape);
  }

  /** An empty tape for one step of this network. */
  Tape tape() {
    return new Tape(kernel);
  }

  private Tensor forward(Tensor input, boolean training, Tape tapeOrNull) {
    TorchOps ops = new TorchOps(tensors, training, normMomentum);
    Tensor[] values = new Tensor[graph.nodes().size()];
    boolean[] normed = new boolean[values.length];
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Input) {
        values[node.index()] = layout(input);
        continue;
      }
      List<Tensor> inputs = new ArrayList<>();
      node.inputs().forEach(in -> inputs.add(values[in.index()]));
      try {
        Tensor value = null;
        if (tapeOrNull != null && node.op() instanceof Op.BatchNorm norm) {
          value = ops.normed(node, norm, inputs.getFirst(), tapeOrNull, clamps[node.index()]);
          normed[node.index()] = value != null;
        } else if (training && overwrites[node.index()]) {
          Tensor x = inputs.getFirst();
          value =
              normed[node.input().index()] ? x : TorchOps.overwritten((Op.Activation) node.op(), x);
        }
        if (value == null) {
          value = ops.apply(node, inputs);
        }
        values[node.index()] =
            tapeOrNull != null && shared[node.index()] && !normed[node.index()]
                ? tapeOrNull.joint(value)
                : value;
      } catch (RuntimeException e) {
        throw new InvalidInputException(
            "LibTorch cannot compute node '"
                + node.name()
                + "' of "
                + graph.name()
                + ": "
                + LibTorch.message(e)
                + ".",
            e);
      }
      release(values, node, input);
    }
    return values[graph.output().index()];
  }

  /**
   * Lets go of values after their last use: what gradients need of them LibTorch holds itself, and
   * gives back as soon as the way back has passed it.
   */
  private void release(Tensor[] values, Node node, Tensor input) {
    for (Node in : node.inputs()) {
      Tensor value = values[in.index()];
      if (lastUse[in.index()] == node.index() && value != null && value != input) {
        values[in.index()] = null;
        boolean held = false;
        for (Tensor other : values) {
          held |= other == value;
        }
        if (!held) {
          value.close();
        }
      }
    }
  }

  /** The answers to a batch of samples as plain numbers, in evaluation mode, without gradients. */
  public float[] predict(float[] batch, int size) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor input =
          TorchTensors.of(batch, TorchTensors.batch(size, graph.input().shape())).to(type);
      return TorchTensors.floats(forward(input, false));
    }
  }

  /**
   * A call that computes this batch in evaluation mode and drops the answer, for comparisons of
   * speed: the batch lies in LibTorch's memory already, in this network's order.
   */
  public Runnable repeatedly(float[] batch, int size) {
    Tensor input;
    try (PointerScope _ = new PointerScope()) {
      input = layout(TorchTensors.of(batch, TorchTensors.batch(size, graph.input().shape())));
      input.retainReference();
    }
    return () -> {
      try (PointerScope _ = new PointerScope();
          InferenceMode _ = new InferenceMode()) {
        forward(input, false);
      }
    };
  }

  /** A copy of everything as plain weights. */
  public Weights weights() {
    Map<String, dev.kinglet.graph.Tensor> copies = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      for (Parameter parameter : graph.parameters()) {
        Tensor tensor = tensors.get(parameter.name());
        copies.put(
            parameter.name(),
            parameter.role() == Parameter.Role.COUNTER
                ? dev.kinglet.graph.Tensor.counter(tensor.item_long())
                : dev.kinglet.graph.Tensor.of(parameter.shape(), TorchTensors.floats(tensor)));
      }
    }
    return Weights.of(copies);
  }
}
