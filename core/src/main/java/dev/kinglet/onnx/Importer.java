package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Messages.GraphMessage;
import dev.kinglet.onnx.Messages.Model;
import dev.kinglet.onnx.Messages.NodeMessage;
import dev.kinglet.onnx.Messages.TensorMessage;
import dev.kinglet.onnx.Messages.ValueMessage;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import dev.kinglet.onnx.Value.Unknown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks the nodes of an ONNX graph once, in their order: what is known is computed at once, what
 * depends on the sample becomes drafts of our nodes.
 *
 * <p>The batch is left out. Its size stands in for itself as {@link #batchSize}, a large prime
 * where the file leaves it free: shape arithmetic ({@code Shape}, {@code Gather}, {@code Concat})
 * then needs no symbols, and a size belongs to the batch just when it is a multiple of the prime.
 */
final class Importer {
  /** Small enough to be exact in single precision, too large and too odd to be a size by chance. */
  static final int FREE_BATCH = 1_000_003;

  private final Model model;
  private final String source;
  private final ExternalData external;
  private final boolean own;
  private final boolean batched;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, TensorMessage> initializers = new HashMap<>();
  private final List<Draft> drafts = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Budget budget;
  private int opset;
  private int batchSize = 1;

  /**
   * @param batched whether the first axis of the input is the batch
   * @param budget the memory that folding may use
   */
  Importer(Model model, String source, ExternalData external, boolean batched, Budget budget) {
    this.model = model;
    this.source = source;
    this.external = external;
    this.own = model.producer().equals(OnnxWriter.PRODUCER);
    this.batched = batched;
    this.budget = budget;
  }

  /** Whether our writer made the file, so that its marks say what belongs together. */
  boolean own() {
    return own;
  }

  /** The size of the batch: what the file says, or {@link #FREE_BATCH}. */
  int batchSize() {
    return batchSize;
  }

  /** Whether the size of the batch is free, so that nothing computed may depend on it. */
  boolean freeBatch() {
    return batchSize == FREE_BATCH;
  }

  ExternalData external() {
    return external;
  }

  Budget budget() {
    return budget;
  }

  /** The drafts of all nodes that matter, in order, and the one that is the answer. */
  record Drafts(List<Draft> nodes, Draft output) {}

  /**
   * Reads the graph.
   *
   * @param wanted the shape of a sample where the file leaves sizes free, or null
   */
  Drafts read(Shape wanted) {
    opset = opset();
    GraphMessage graph = model.graph();
    if (graph.sparse()) {
      throw refused("it has sparse initialisers; store them as plain tensors.");
    }
    for (TensorMessage tensor : graph.initializers()) {
      initializers.put(tensor.name(), tensor);
    }
    ValueMessage input = input(graph);
    if (graph.outputs().size() != 1) {
      throw refused(
          "it has "
              + graph.outputs().size()
              + " outputs "
              + names(graph.outputs())
              + ", but a network here has one; keep the one that you need.");
    }
    values.put(input.name(), start(input, wanted));
    Map<String, NodeMessage> makers = makers(graph);
    Set<NodeMessage> needed = own ? null : needed(graph, makers);
    for (NodeMessage node : graph.nodes()) {
      if (needed == null || needed.contains(node)) {
        node(node);
      }
    }
    ValueMessage output = graph.outputs().getFirst();
    if (values.get(output.name()) instanceof Unknown missing && !missing.reported()) {
      problems.add("no node makes the output '" + output.name() + "' in a way that is supported");
    }
    if (!problems.isEmpty()) {
      throw refused(
          (problems.size() == 1 ? "1 node is" : problems.size() + " nodes are")
              + " not supported: "
              + String.join("; ", problems)
              + ".");
    }
    return new Drafts(drafts, answer(output));
  }

  InvalidInputException refused(String why) {
    return new InvalidInputException("'" + source + "' cannot be read as a network: " + why);
  }

  private int opset() {
    Integer version = model.opsets().get("");
    if (version == null) {
      throw refused("it does not say which ONNX opset it uses.");
    }
    if (version < 6 || version > OnnxWriter.NEWEST_OPSET) {
      throw refused(
          "it uses opset "
              + version
              + ", but 7 to "
              + OnnxWriter.NEWEST_OPSET
              + " can be read; convert it with onnx.version_converter.");
    }
    return version;
  }

  private ValueMessage input(GraphMessage graph) {
    List<ValueMessage> free = new ArrayList<>(1);
    for (ValueMessage input : graph.inputs()) {
      if (!initializers.containsKey(input.name())) {
        free.add(input);
      }
    }
    if (free.size() != 1) {
      throw refused(
          "it has "
              + free.size()
              + " inputs "
              + names(free)
              + ", but a network here has one, the picture; make constants of the others.");
    }
    return free.getFirst();
  }

  private static String names(List<ValueMessage> values) {
    List<String> names = new ArrayList<>(values.size());
    for (ValueMessage value : values) {
      names.add(value.name());
    }
    return "(" + String.join(", ", names) + ")";
  }

  private Flow start(ValueMessage input, Shape wanted) {
    Tensor.Type type = TensorData.type(input.type());
    if (type == null || type == Tensor.Type.BOOL) {
      throw refused("its input '" + input.name() + "' is no tensor of numbers.");
    }
    int first = batched ? 1 : 0;
    long[] declared = input.dims();
    if (declared == null && wanted != null) {
      declared = new long[wanted.rank() + first];
      Arrays.fill(declared, -1);
    }
    if (declared == null || declared.length < 1) {
      throw refused("its input '" + input.name() + "' has no shape; give one.");
    }
    int[] dims = new int[declared.length];
    for (int axis = 0; axis < dims.length; axis++) {
      long size = declared[axis];
      if (axis < first) {
        batchSize = size < 1 ? FREE_BATCH : Call.integer(size, "batch");
        dims[axis] = 1;
        continue;
      }
      if (size < 1 && wanted != null && wanted.rank() == dims.length - first) {
        size = wanted.size(axis - first);
      }
      if (size < 1 || size > Integer.MAX_VALUE) {
        throw refused(
            "the size of axis "
                + axis
                + " of its input '"
                + input.name()
                + "' is free; give the input's shape, such as 3x224x224.");
      }
      dims[axis] = (int) size;
    }
    Shape shape = Flow.shape(dims, batched ? 0 : -1);
    if (wanted != null && !shape.equals(wanted)) {
      throw refused("its input is " + shape + ", not " + wanted + ".");
    }
    Draft draft = new Draft(new Op.Input(shape), List.of(), shape);
    draft.name = "input";
    drafts.add(draft);
    boolean whole =
        switch (type) {
          case F32, F16, BF16, F64 -> false;
          case I8, U8, BOOL, I16, U16, I32, I64 -> true;
        };
    return new Flow(draft, dims, batched ? 0 : -1, whole);
  }

  private Map<String, NodeMessage> makers(GraphMessage graph) {
    Map<String, NodeMessage> makers = new HashMap<>();
    for (NodeMessage node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && makers.put(output, node) != null) {
          throw refused("two of its nodes make the value '" + output + "'; the file is broken.");
        }
      }
    }
    return makers;
  }

  /** The nodes that the output depends on; others may be of any kind. */
  private static Set<NodeMessage> needed(GraphMessage graph, Map<String, NodeMessage> makers) {
    Set<NodeMessage> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<NodeMessage> open = new ArrayList<>();
    reach(graph.outputs().getFirst().name(), makers, needed, open);
    while (!open.isEmpty()) {
      for (String input : open.removeLast().inputs()) {
        reach(input, makers, needed, open);
      }
    }
    return needed;
  }

  private static void reach(
      String value,
      Map<String, NodeMessage> makers,
      Set<NodeMessage> needed,
      List<NodeMessage> open) {
    NodeMessage maker = makers.get(value);
    if (maker != null && needed.add(maker)) {
      open.add(maker);
    }
  }

  private void node(NodeMessage node) {
    boolean unknown = false;
    Value[] inputs = new Value[node.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      String name = node.inputs().get(i);
      inputs[i] = name.isEmpty() ? null : value(name, node);
      if (inputs[i] instanceof Unknown missing) {
        unknown = true;
        if (!missing.reported()) {
          problems.add(
              "the node that makes '" + name + "' is supported only without that further output");
          values.put(name, new Unknown(true));
        }
      }
    }
    Call call = new Call(node, opset, this, inputs);
    try {
      if (!node.domain().isEmpty()) {
        throw new Unsupported("belongs to the domain '" + node.domain() + "'");
      }
      Operators.check(node.operator());
      if (!unknown) {
        Operators.read(call);
        finish(call);
        return;
      }
    } catch (Unsupported | InvalidInputException | ArithmeticException reason) {
      problems.add(
          "'"
              + node.title()
              + "' ("
              + node.operator()
              + ", opset "
              + model.opsets().getOrDefault(node.domain(), opset)
              + ") "
              + reason.getMessage());
    }
    for (String output : node.outputs()) {
      values.put(output, new Unknown(true));
    }
  }

  private void finish(Call call) {
    NodeMessage node = call.node;
    int steps = 0;
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      Value value = call.outputValue(i);
      if (output.isEmpty()) {
        continue;
      }
      values.put(output, value == null ? new Unknown(false) : value);
      if (value instanceof Flow flow && flow.draft().name == null) {
        flow.draft().name = node.outputs().size() == 1 ? node.title() : output;
        flow.draft().doc = node.doc();
      }
    }
    for (Draft draft : call.made) {
      if (draft.name == null) {
        draft.name = node.title() + "/" + ++steps;
        draft.doc = own ? Hint.PART : "";
      }
      drafts.add(draft);
    }
  }

  private Value value(String name, NodeMessage reader) {
    Value value = values.get(name);
    if (value == null) {
      TensorMessage tensor = initializers.get(name);
      if (tensor == null) {
        throw refused(
            "its node '"
                + reader.title()
                + "' reads '"
                + name
                + "', which no node before it makes; the file is broken.");
      }
      value = new Known(TensorData.tensor(tensor, external), null, name);
      values.put(name, value);
    }
    return value;
  }

  private Draft answer(ValueMessage output) {
    Value value = values.get(output.name());
    if (value == null && initializers.containsKey(output.name())) {
      value = new Known(TensorData.tensor(initializers.get(output.name()), external));
    }
    if (value instanceof Flow flow) {
      if (flow.whole()) {
        throw refused("its output '" + output.name() + "' is whole numbers.");
      }
      if (batched && !flow.standard() && batchSize != 1) {
        throw refused(
            "the first axis of its output '" + output.name() + "' is not the batch of its input.");
      }
      return flow.draft();
    }
    if (value instanceof Known known && !batched) {
      return known(output.name(), known);
    }
    throw refused("its output '" + output.name() + "' does not depend on its input.");
  }

  private Draft known(String name, Known known) {
    Tensor tensor = known.tensor();
    Shape shape = tensor.shape().rank() == 0 ? Shape.of(1) : tensor.shape();
    if (shape.elements() == 0) {
      throw refused("its output '" + name + "' is empty.");
    }
    Draft draft = new Draft(new Op.Constant(shape), List.of(), shape);
    draft.parameters.put("value", new Known(Call.reshaped(tensor, shape)));
    draft.name = name;
    drafts.add(draft);
    return draft;
  }
}
