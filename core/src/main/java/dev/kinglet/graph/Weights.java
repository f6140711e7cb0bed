package dev.kinglet.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Named tensors in the order of their file: the learned part of a network. Immutable. */
public final class Weights {
  private final Map<String, Tensor> tensors;

  private Weights(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** These tensors, in this order. */
  public static Weights of(Map<String, Tensor> tensors) {
    return new Weights(tensors);
  }

  /** The names, in order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** All tensors by name, in order. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The tensor of this name.
   *
   * @throws InvalidInputException if there is none
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidInputException(
          "The weights have no entry '" + name + "'; check that they belong to this variant.");
    }
    return tensor;
  }

  /** The tensor of this name as single-precision numbers. */
  public float[] floats(String name) {
    return get(name).toFloats();
  }

  /**
   * Checks that these are exactly a graph's parameters. Batch counters may be missing, as in files
   * older than PyTorch 0.4.1.
   *
   * @return these weights
   * @throws InvalidInputException naming all missing, unexpected and misshapen entries at once
   */
  public Weights check(Graph graph) {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    Map<String, Tensor> unexpected = new LinkedHashMap<>(tensors);
    for (Parameter parameter : graph.parameters()) {
      Tensor found = unexpected.remove(parameter.name());
      if (found == null) {
        if (parameter.role() != Parameter.Role.COUNTER) {
          missing.add(parameter.name());
        }
      } else if (!found.shape().equals(parameter.shape())
          && !(parameter.role() == Parameter.Role.COUNTER && found.shape().elements() == 1)) {
        misshapen.add(
            parameter.name()
                + " (expected "
                + parameter.shape()
                + ", found "
                + found.shape()
                + ")");
      }
    }
    if (missing.isEmpty() && misshapen.isEmpty() && unexpected.isEmpty()) {
      return this;
    }
    List<String> parts = new ArrayList<>();
    list(parts, "missing", missing);
    list(parts, "unexpected", List.copyOf(unexpected.keySet()));
    list(parts, "misshapen", misshapen);
    throw new Mismatch(
        "These weights do not fit " + graph.name() + ": " + String.join("; ", parts) + ".",
        missing,
        List.copyOf(unexpected.keySet()),
        misshapen);
  }

  private static void list(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      parts.add(names.size() + " " + what + ": " + String.join(", ", names));
    }
  }

  /** Weights that belong to another network; message and lists name every entry. */
  public static final class Mismatch extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> missing;
    private final transient List<String> unexpected;
    private final transient List<String> misshapen;

    Mismatch(
        String message, List<String> missing, List<String> unexpected, List<String> misshapen) {
      super(message);
      this.missing = List.copyOf(missing);
      this.unexpected = List.copyOf(unexpected);
      this.misshapen = List.copyOf(misshapen);
    }

    /** Names that the graph has and the weights have not. */
    public List<String> missing() {
      return missing;
    }

    /** Names that the weights have and the graph has not. */
    public List<String> unexpected() {
      return unexpected;
    }

    /** Names whose shapes differ, each with both shapes. */
    public List<String> misshapen() {
      return misshapen;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights weights && tensors.equals(weights.tensors);
  }

  @Override
  public int hashCode() {
    return tensors.keySet().hashCode();
  }

  @Override
  public String toString() {
    return tensors.size() + " tensors";
  }
}
