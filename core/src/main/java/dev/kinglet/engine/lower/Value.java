package dev.kinglet.engine.lower;

import dev.kinglet.graph.Shape;

/**
 * What one step writes, or the network is given, or is constant: written once, as a whole.
 *
 * @param id unique in its program
 * @param shape of one sample
 */
public record Value(int id, Shape shape) {
  /** The size of the outermost axis; 1 for a scalar. */
  public int channels() {
    return channels(shape);
  }

  /** The positions of one channel. */
  public int area() {
    return shape.area();
  }

  static int channels(Shape shape) {
    return shape.rank() == 0 ? 1 : shape.channels();
  }

  /** Whether both stand for the same value of a program. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && id == value.id;
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return "v" + id;
  }
}
