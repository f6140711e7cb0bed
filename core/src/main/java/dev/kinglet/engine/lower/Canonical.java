package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One spelling for each computation: a convolution whose kernel covers the whole map is a linear
 * layer; a pool or a reduction over all positions is a global pool.
 */
final class Canonical {
  private Canonical() {}

  static Program apply(Program program) {
    List<Step> steps = new ArrayList<>();
    for (Step step : program.steps()) {
      steps.add(step(step));
    }
    return program.with(steps);
  }

  private static Step step(Step step) {
    if (step instanceof Step.Convolution s
        && s.groups() == 1
        && covers(s.window(), s.input().shape())) {
      return new Step.Linear(s.name(), s.input(), s.weighting(), s.tail(), s.output());
    }
    if (step instanceof Step.Pool s
        && covers(s.window(), s.input().shape())
        && s.output().area() == 1) {
      return new Step.GlobalPool(s.name(), s.input(), s.kind(), s.output());
    }
    if (step instanceof Step.Reduce s && overPositions(s)) {
      return new Step.GlobalPool(
          s.name(),
          s.input(),
          s.kind() == Op.Reduce.Kind.MAX ? Op.PoolKind.MAX : Op.PoolKind.AVERAGE,
          s.output());
    }
    return step;
  }

  private static boolean covers(Window window, Shape in) {
    for (int axis = 0; axis < window.rank(); axis++) {
      int kernel = window.kernel().get(axis);
      if (kernel != in.size(axis + 1)
          || window.dilation().get(axis) != 1 && kernel != 1
          || window.before().get(axis) != 0
          || window.after().get(axis) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean overPositions(Step.Reduce s) {
    List<Integer> spatial = IntStream.range(1, s.input().shape().rank()).boxed().toList();
    return (s.kind() == Op.Reduce.Kind.MAX || s.kind() == Op.Reduce.Kind.MEAN)
        && !spatial.isEmpty()
        && s.axes().equals(spatial);
  }
}
