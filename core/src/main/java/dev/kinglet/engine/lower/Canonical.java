package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One spelling for each computation: a convolution whose kernel covers the whole map is a linear
 * layer; a pool or a reduction over all positions is a global pool.
 */
final class Canonical {
  private Canonical() {}

  static Program apply(Program program) {
    return program.with(program.steps().stream().map(Canonical::step).toList());
  }

  private static Step step(Step step) {
    return switch (step) {
      case Step.Convolution s when s.groups() == 1 && covers(s.window(), s.input().shape()) ->
          new Step.Linear(s.name(), s.input(), s.weighting(), s.tail(), s.output());
      case Step.Pool s when covers(s.window(), s.input().shape()) && s.output().area() == 1 ->
          new Step.GlobalPool(s.name(), s.input(), s.kind(), s.output());
      case Step.Reduce s when overPositions(s) ->
          new Step.GlobalPool(
              s.name(),
              s.input(),
              s.kind() == Op.Reduce.Kind.MAX ? Op.PoolKind.MAX : Op.PoolKind.AVERAGE,
              s.output());
      case Step.Tailed _, Step.Tailless _ -> step;
    };
  }

  private static boolean covers(Window window, Shape in) {
    return IntStream.range(0, window.rank())
        .allMatch(
            axis ->
                window.kernel().get(axis) == in.size(axis + 1)
                    && (window.dilation().get(axis) == 1 || window.kernel().get(axis) == 1)
                    && window.before().get(axis) == 0
                    && window.after().get(axis) == 0);
  }

  private static boolean overPositions(Step.Reduce s) {
    List<Integer> spatial = IntStream.range(1, s.input().shape().rank()).boxed().toList();
    return (s.kind() == Op.Reduce.Kind.MAX || s.kind() == Op.Reduce.Kind.MEAN)
        && !spatial.isEmpty()
        && s.axes().equals(spatial);
  }
}
