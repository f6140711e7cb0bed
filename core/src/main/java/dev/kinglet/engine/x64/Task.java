package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.engine.lower.Weighting;
import dev.kinglet.graph.Op;
import java.util.List;

/** One kernel's work before anything has a place in memory: what lowered steps are made of. */
sealed interface Task {
  /** The name of the step that this belongs to. */
  String name();

  /** What it writes. */
  Value output();

  /** Everything read. */
  List<View> reads();

  /** How it walks over the positions of the first that it reads; null if it does not. */
  default Reach reach() {
    return null;
  }

  /**
   * Does for each kind of task what is to be done with it. All must be there, as in a switch over
   * the kinds, which costs a new process half a millisecond.
   */
  interface Visitor {
    void product(Product task);

    void tiled(Tiled task);

    void perChannel(PerChannel task);

    void gather(Gather task);

    void each(Each task);

    void across(Across task);

    void move(Move task);
  }

  void visit(Visitor visitor);

  /** What has to be tested before its kernel may run. */
  SelfTest.Kind tested();

  /** Whether its results have gone through an activation, or are otherwise of moderate size. */
  boolean moderate();

  /** One view and, unless it is null, another. */
  private static List<View> both(View first, View second) {
    return second == null ? List.of(first) : List.of(first, second);
  }

  /**
   * A convolution or linear layer as a matrix product.
   *
   * @param reach null if every element of the input is a term of every output
   * @param beside added before or after the activation, as the epilogue says; or null
   */
  record Product(
      String name,
      View input,
      Reach reach,
      int groups,
      Weighting weighting,
      Epilogue epilogue,
      View beside,
      Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return both(input, beside);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.product(this);
    }

    @Override
    public SelfTest.Kind tested() {
      return groups > 1 ? SelfTest.Kind.GROUPED : SelfTest.Kind.PRODUCT;
    }

    @Override
    public boolean moderate() {
      return epilogue.activation() != null;
    }

    /** Whether {@link Pairing} is possible. */
    boolean pairable() {
      return reach != null && (groups == 1 || reach.taps() == 1);
    }

    /** Whether windows overlap, so that activations cannot be scaled tile by tile. */
    boolean overlapping() {
      return reach != null && reach.taps() > 1;
    }

    /** The same by minimal filtering, of these views. */
    Tiled tiled(Winograd size, View in, View nextTo) {
      return new Tiled(name, size, in, reach, weighting, epilogue, nextTo, output);
    }
  }

  /**
   * A convolution of 3x3 taps and stride 1 by minimal filtering.
   *
   * @param size of its tiles
   * @param beside as in {@link Product}
   */
  record Tiled(
      String name,
      Winograd size,
      View input,
      Reach reach,
      Weighting weighting,
      Epilogue epilogue,
      View beside,
      Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return both(input, beside);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.tiled(this);
    }

    @Override
    public SelfTest.Kind tested() {
      return SelfTest.Kind.TILED;
    }

    @Override
    public boolean moderate() {
      return epilogue.activation() != null;
    }
  }

  /**
   * A convolution of every channel by itself; its weights are the taps of each channel behind each
   * other.
   */
  record PerChannel(
      String name,
      View input,
      Reach reach,
      Weighting weighting,
      Epilogue epilogue,
      View beside,
      Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return both(input, beside);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.perChannel(this);
    }

    @Override
    public SelfTest.Kind tested() {
      return SelfTest.Kind.CHANNEL;
    }

    @Override
    public boolean moderate() {
      return epilogue.activation() != null;
    }
  }

  /**
   * Each output position made of listed input positions.
   *
   * @param taps input positions for each output position
   * @param weights of each tap, or null
   * @param factors of each output position
   */
  record Gather(
      String name,
      WindowKernel.Kind kind,
      View input,
      int[][] taps,
      float[][] weights,
      float[] factors,
      Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return List.of(input);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.gather(this);
    }

    @Override
    public SelfTest.Kind tested() {
      return SelfTest.Kind.WINDOW;
    }

    @Override
    public boolean moderate() {
      return true;
    }
  }

  /** Element by element; {@code right} is null for one operand. */
  record Each(
      String name,
      EachKernel.Combination combination,
      View left,
      View right,
      Op.Activation activation,
      Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return both(left, right);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.each(this);
    }

    @Override
    public SelfTest.Kind tested() {
      return SelfTest.Kind.EACH;
    }

    @Override
    public boolean moderate() {
      return activation != null;
    }
  }

  /** All channels of a position reduced to one. */
  record Across(String name, WindowKernel.Kind kind, View input, float factor, Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return List.of(input);
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.across(this);
    }

    @Override
    public SelfTest.Kind tested() {
      return SelfTest.Kind.ACROSS;
    }

    @Override
    public boolean moderate() {
      return true;
    }
  }

  /**
   * Elements brought to other places.
   *
   * @param parts read
   * @param source for each element of the output, row-major, the element of all parts behind each
   *     other, each row-major; -1 for {@code fill}; null for the same order
   */
  record Move(String name, List<View> parts, int[] source, float fill, Value output)
      implements Task {
    @Override
    public List<View> reads() {
      return parts;
    }

    @Override
    public void visit(Visitor visitor) {
      visitor.move(this);
    }

    @Override
    public SelfTest.Kind tested() {
      // Every network's input and output are moves, the test's too.
      return SelfTest.Kind.PRODUCT;
    }

    @Override
    public boolean moderate() {
      return true;
    }
  }
}
