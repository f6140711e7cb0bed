package dev.kinglet.onnx;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.onnx.Messages.TensorMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the graph and its weights of the drafts that are left, and names them. */
final class Assembly {
  private final boolean own;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  Assembly(boolean own) {
    this.own = own;
  }

  /** A graph and weights that belong to it. */
  record Built(Graph graph, Weights weights) {}

  /**
   * Builds the graph.
   *
   * @param initializers the file's, whose order is that of the parameters in our own files
   */
  Built build(String name, Importer.Drafts drafts, List<TensorMessage> initializers) {
    Draft output = drafts.output().resolved();
    mark(drafts, output);
    Draft input = drafts.nodes().getFirst();
    GraphBuilder builder = new GraphBuilder(name, ((Op.Input) input.op).shape());
    names.add(builder.input().name());
    if (own) {
      for (TensorMessage tensor : initializers) {
        int dot = tensor.name().lastIndexOf('.');
        builder.declare(dot < 0 ? "" : tensor.name().substring(0, dot));
      }
    }
    Map<Draft, Node> nodes = new IdentityHashMap<>();
    nodes.put(input, builder.input());
    for (Draft draft : drafts.nodes()) {
      if (!draft.live || draft == input) {
        continue;
      }
      List<Node> inputs = new ArrayList<>(draft.inputs.size());
      for (Draft from : draft.inputs) {
        inputs.add(nodes.get(from));
      }
      String title = unique(draft.name);
      nodes.put(draft, builder.add(title, path(draft, title), draft.op, inputs));
    }
    Graph graph = builder.build(nodes.get(output));
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      Tensor tensor = tensors.get(parameter.name());
      if (tensor != null) {
        ordered.put(parameter.name(), tensor);
      }
    }
    return new Built(graph, Weights.of(ordered));
  }

  /** Marks what the output depends on, and in our own files everything but joined parts. */
  private void mark(Importer.Drafts drafts, Draft output) {
    List<Draft> nodes = drafts.nodes();
    output.live = true;
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Draft draft = nodes.get(i);
      if (own && !draft.part() && draft.alias == null) {
        draft.live = true;
      }
      if (draft.live) {
        for (Draft input : draft.inputs) {
          input.live = true;
        }
      }
    }
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /**
   * The path under which a node's parameters lie: that of the file where it keeps the habit {@code
   * path.weight, path.bias}, else the node's name.
   */
  private String path(Draft draft, String title) {
    if (draft.parameters.isEmpty()) {
      String hinted = own ? Hint.find(draft.doc, "path") : null;
      return hinted == null ? title : hinted;
    }
    String path = common(draft);
    if (path != null && claim(draft, path)) {
      return path;
    }
    path = title;
    for (int i = 2; !claim(draft, path); i++) {
      path = title + "_" + i;
    }
    return path;
  }

  private static String common(Draft draft) {
    String path = null;
    for (Map.Entry<String, Value.Known> entry : draft.parameters.entrySet()) {
      String part = entry.getKey();
      String name = entry.getValue().initializer();
      if (name == null || !name.endsWith(part)) {
        return null;
      }
      int front = name.length() - part.length();
      if (front > 0 && name.charAt(front - 1) != '.') {
        return null;
      }
      String found = front == 0 ? "" : name.substring(0, front - 1);
      if (path != null && !path.equals(found)) {
        return null;
      }
      path = found;
    }
    return path;
  }

  /** Takes the names for this draft's tensors, unless one of them already means another tensor. */
  private boolean claim(Draft draft, String path) {
    for (Map.Entry<String, Value.Known> entry : draft.parameters.entrySet()) {
      Tensor taken = tensors.get(name(path, entry.getKey()));
      Tensor tensor = entry.getValue().tensor();
      if (taken != null && taken != tensor && !taken.equals(tensor)) {
        return false;
      }
    }
    for (Map.Entry<String, Value.Known> entry : draft.parameters.entrySet()) {
      tensors.put(name(path, entry.getKey()), entry.getValue().tensor());
    }
    return true;
  }

  private static String name(String path, String part) {
    return path.isEmpty() ? part : path + "." + part;
  }
}
