package dev.kinglet.graph;

/**
 * One named tensor that an operator reads besides its inputs.
 *
 * @param name in an operator the last part ({@code weight}); in a graph the whole name of the
 *     official checkpoint ({@code features.0.0.weight})
 * @param shape as the checkpoint stores it
 * @param initializer its value before training
 * @param role what training does with it
 */
public record Parameter(String name, Shape shape, Initializer initializer, Role role) {

  /** What training does with a parameter. */
  public enum Role {
    /** Learned, and counted as a parameter. */
    LEARNED,
    /** A running statistic: saved, not learned, not counted. */
    STATISTIC,
    /** A batch norm's whole-number count of batches: saved, may be missing in old files. */
    COUNTER,
    /** A constant of an imported graph: saved, neither learned nor counted. */
    CONSTANT
  }

  /** This parameter with a path in front of its name. */
  public Parameter under(String path) {
    return new Parameter(path.isEmpty() ? name : path + "." + name, shape, initializer, role);
  }

  /** Whether the parameter is learned. */
  public boolean learned() {
    return role == Role.LEARNED;
  }
}
