package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Tail;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.engine.lower.Weighting;
import dev.kinglet.engine.x64.EachKernel.Combination;
import dev.kinglet.engine.x64.Epilogue.Residual;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes lowered steps apart into tasks; values and constants in between are added. */
final class Tasks {
  final List<Task> list = new ArrayList<>();
  final Map<Value, float[]> constants = new LinkedHashMap<>();
  private int nextId;

  Tasks(Program program) {
    nextId = program.input().id() + 1;
    for (Value value : program.constants().keySet()) {
      nextId = Math.max(nextId, value.id() + 1);
    }
    for (Step step : program.steps()) {
      nextId = Math.max(nextId, step.output().id() + 1);
    }
    program.constants().forEach((value, data) -> constants.put(value, data.toFloats()));
    program.steps().forEach(this::add);
  }

  /** A value that no step knows. */
  Value fresh(Shape shape) {
    return new Value(nextId++, shape);
  }

  private View constant(Shape shape, float... values) {
    Value value = fresh(shape);
    constants.put(value, values);
    return View.of(value);
  }

  private void add(Step step) {
    // Those of most networks by themselves: a switch over types, when it is first reached, costs a
    // new process a millisecond.
    if (step instanceof Step.Convolution s) {
      convolution(s);
    } else if (step instanceof Step.Linear s) {
      linear(s);
    } else if (step instanceof Step.Binary s) {
      binary(s);
    } else if (step instanceof Step.Activate s) {
      each(s.name(), s.input(), s.activation(), s.output());
    } else if (step instanceof Step.GlobalPool s) {
      list.add(Positions.all(s.name(), s.kind(), s.input(), s.output()));
    } else if (step instanceof Step.SqueezeExcite s) {
      excite(s);
    } else if (step instanceof Step.Pool s) {
      list.add(Positions.pool(s));
    } else {
      addOther(step);
    }
  }

  private void addOther(Step step) {
    switch (step) {
      case Step.Convolution _,
          Step.Linear _,
          Step.Binary _,
          Step.Activate _,
          Step.GlobalPool _,
          Step.SqueezeExcite _,
          Step.Pool _ ->
          throw new AssertionError(step);
      case Step.Transposed s -> transposed(s);
      case Step.Affine s ->
          tailed(
              s.tail(),
              s.output(),
              (epilogue, beside, out) ->
                  new Task.PerChannel(
                      s.name(), s.input(), Reach.POINT, affine(s), epilogue, beside, out));
      case Step.PRelu s -> {
        int[] ones = new int[s.input().shape().rank()];
        Arrays.fill(ones, 1);
        ones[0] = s.slope().length;
        View slopes = constant(Shape.of(ones), s.slope());
        list.add(new Task.Each(s.name(), Combination.SLOPE, s.input(), slopes, null, s.output()));
      }
      case Step.Reduce s -> reduce(s.name(), s.input(), s.kind(), s.axes(), s.output());
      case Step.Normalise s -> normalise(s);
      case Step.Softmax s -> softmax(s);
      case Step.Copy s ->
          list.add(new Task.Move(s.name(), List.of(s.input()), null, 0, s.output()));
      case Step.Concat s ->
          list.add(
              new Task.Move(
                  s.name(),
                  s.parts(),
                  Elements.concat(s.parts(), s.axis(), s.output().shape()),
                  0,
                  s.output()));
      case Step.Slice s ->
          list.add(
              new Task.Move(
                  s.name(),
                  List.of(s.input()),
                  Elements.slice(
                      s.input().shape(), s.axis(), s.start(), s.step(), s.output().shape()),
                  0,
                  s.output()));
      case Step.Transpose s ->
          list.add(
              new Task.Move(
                  s.name(),
                  List.of(s.input()),
                  Elements.transpose(s.input().shape(), s.order(), s.output().shape()),
                  0,
                  s.output()));
      case Step.Pad s ->
          list.add(
              new Task.Move(
                  s.name(),
                  List.of(s.input()),
                  Elements.pad(s.input().shape(), s.pad(), s.output().shape()),
                  s.pad().value(),
                  s.output()));
      case Step.Resize s -> list.add(Positions.resize(s));
    }
  }

  private interface Maker {
    Task make(Epilogue epilogue, View beside, Value output);
  }

  /** A task that can add one value: the second one of a tail becomes a task of its own. */
  private void tailed(Tail tail, Value output, Maker maker) {
    Op.Activation activation = tail.activation().orElse(null);
    if (tail.before().isPresent() && tail.after().isPresent()) {
      Value between = fresh(output.shape());
      Task task =
          maker.make(new Epilogue(activation, Residual.BEFORE), tail.before().get(), between);
      list.add(task);
      list.add(
          new Task.Each(
              task.name(), Combination.ADD, View.of(between), tail.after().get(), null, output));
      return;
    }
    Residual residual =
        tail.before().isPresent()
            ? Residual.BEFORE
            : tail.after().isPresent() ? Residual.AFTER : Residual.NONE;
    View beside = tail.before().or(tail::after).orElse(null);
    list.add(maker.make(new Epilogue(activation, residual), beside, output));
  }

  /** An affine step as a convolution of one tap with weights of one. */
  private static Weighting affine(Step.Affine s) {
    float[] ones = new float[s.scale().length];
    Arrays.fill(ones, 1);
    return new Weighting(Tensor.of(Shape.of(ones.length), ones), s.scale(), s.shift());
  }

  private void linear(Step.Linear s) {
    tailed(
        s.tail(),
        s.output(),
        (epilogue, beside, out) ->
            new Task.Product(s.name(), s.input(), null, 1, s.weighting(), epilogue, beside, out));
  }

  private void convolution(Step.Convolution s) {
    Reach reach = Reach.of(s.window());
    tailed(
        s.tail(),
        s.output(),
        (epilogue, beside, out) ->
            s.depthwise() && s.groups() > 1
                ? new Task.PerChannel(
                    s.name(), s.input(), reach, s.weighting(), epilogue, beside, out)
                : new Task.Product(
                    s.name(), s.input(), reach, s.groups(), s.weighting(), epilogue, beside, out));
  }

  /** Inputs are put apart with zeros between them; then it is a convolution by turned weights. */
  private void transposed(Step.Transposed s) {
    Reach reach = Reach.of(s.window());
    int[] in = Reach.sizes(s.input().shape());
    int rank = s.window().rank();
    int[] apart = new int[rank + 1];
    apart[0] = s.input().channels();
    for (int axis = 0; axis < rank; axis++) {
      int at = 3 - rank + axis;
      apart[axis + 1] = (in[at] - 1) * reach.stride()[at] + 1;
    }
    Value spread = fresh(Shape.of(apart));
    list.add(
        new Task.Move(
            s.name(),
            List.of(s.input()),
            Elements.spread(s.input().shape(), s.window().stride(), spread.shape()),
            0,
            spread));
    int[] before = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      before[axis] = (reach.kernel()[axis] - 1) * reach.dilation()[axis] - reach.before()[axis];
    }
    Reach turned = new Reach(reach.kernel(), new int[] {1, 1, 1}, before, reach.dilation());
    int taps = reach.taps();
    int outs = s.weighting().outputs();
    int ins = s.input().channels();
    int eachIn = ins / s.groups();
    int eachOut = outs / s.groups();
    float[] stored = s.weighting().weight().toFloats();
    float[] weights = new float[outs * eachIn * taps];
    for (int o = 0; o < outs; o++) {
      for (int i = 0; i < eachIn; i++) {
        for (int tap = 0; tap < taps; tap++) {
          int from = o / eachOut * eachIn + i;
          weights[(o * eachIn + i) * taps + tap] =
              stored[(from * eachOut + o % eachOut) * taps + taps - 1 - tap];
        }
      }
    }
    Weighting weighting =
        new Weighting(
            Tensor.of(Shape.of(outs, eachIn, taps), weights),
            s.weighting().scale(),
            s.weighting().bias());
    list.add(
        new Task.Product(
            s.name(),
            View.of(spread),
            turned,
            s.groups(),
            weighting,
            Epilogue.PLAIN,
            null,
            s.output()));
  }

  private void each(String name, View input, Op.Activation activation, Value output) {
    list.add(new Task.Each(name, Combination.NONE, input, null, activation, output));
  }

  /**
   * An operand repeated along some of more than three spatial axes: those are one axis here, so
   * every position is written out.
   */
  private View repeated(String name, View operand, Shape result) {
    Shape shape = operand.shape();
    if (shape.spatialRank() <= 3 || shape.area() == 1 || shape.area() == result.area()) {
      return operand;
    }
    Value all = fresh(result.with(0, shape.channels()));
    list.add(new Task.Move(name, List.of(operand), Elements.repeat(shape, all.shape()), 0, all));
    return View.of(all);
  }

  private void binary(Step.Binary s) {
    Combination combination =
        switch (s.kind()) {
          case ADD -> Combination.ADD;
          case SUBTRACT -> Combination.SUBTRACT;
          case MULTIPLY -> Combination.MULTIPLY;
          case DIVIDE -> Combination.DIVIDE;
          case POWER -> Combination.POWER;
          case MAXIMUM -> Combination.MAXIMUM;
          case MINIMUM -> Combination.MINIMUM;
        };
    Tail tail = s.tail();
    Op.Activation activation = tail.activation().orElse(null);
    boolean first = tail.before().isPresent();
    Value now = first || tail.after().isPresent() ? fresh(s.output().shape()) : s.output();
    list.add(
        new Task.Each(
            s.name(),
            combination,
            repeated(s.name(), s.left(), s.output().shape()),
            repeated(s.name(), s.right(), s.output().shape()),
            first ? null : activation,
            now));
    if (first) {
      Value next = tail.after().isPresent() ? fresh(s.output().shape()) : s.output();
      list.add(
          new Task.Each(
              s.name(), Combination.ADD, View.of(now), tail.before().get(), activation, next));
      now = next;
    }
    if (tail.after().isPresent()) {
      list.add(
          new Task.Each(
              s.name(), Combination.ADD, View.of(now), tail.after().get(), null, s.output()));
    }
  }

  private void excite(Step.SqueezeExcite s) {
    Value mean = fresh(Shape.of(s.input().channels()));
    list.add(Positions.all(s.name(), Op.PoolKind.AVERAGE, s.input(), mean));
    Value inner = fresh(Shape.of(s.squeeze().outputs()));
    list.add(linear(s.name(), mean, s.squeeze(), s.inner(), inner));
    list.add(linear(s.name(), inner, s.expand(), s.outer(), s.output()));
  }

  private static Task linear(
      String name, Value in, Weighting weighting, Optional<Op.Activation> function, Value out) {
    Epilogue epilogue = new Epilogue(function.orElse(null), Residual.NONE);
    return new Task.Product(name, View.of(in), null, 1, weighting, epilogue, null, out);
  }

  private void reduce(
      String name, View input, Op.Reduce.Kind kind, List<Integer> axes, Value output) {
    Shape kept = input.shape();
    for (int axis : axes) {
      kept = kept.with(axis, 1);
    }
    boolean across = axes.contains(0) && input.channels() > 1;
    View now = input;
    if (axes.stream().anyMatch(axis -> axis > 0)) {
      Shape shape = kept.with(0, input.channels());
      Value next = !across && shape.equals(output.shape()) ? output : fresh(shape);
      list.add(Positions.reduce(name, kind, now, axes, next));
      now = View.of(next);
    }
    if (across) {
      Value next = kept.equals(output.shape()) ? output : fresh(kept);
      WindowKernel.Kind how = Positions.kind(kind);
      float factor = kind == Op.Reduce.Kind.MEAN ? 1f / input.channels() : 1;
      list.add(new Task.Across(name, how, now, factor, next));
      now = View.of(next);
    }
    if (now == input || !now.value(0).equals(output)) {
      list.add(new Task.Move(name, List.of(now), null, 0, output));
    }
  }

  private void softmax(Step.Softmax s) {
    List<Integer> axes = List.of(s.axis());
    Shape shape = s.input().shape();
    Shape one = shape.with(s.axis(), 1);
    Value highest = fresh(one);
    reduce(s.name(), s.input(), Op.Reduce.Kind.MAX, axes, highest);
    Value powers = fresh(shape);
    Op.Activation exp = new Op.Activation(Op.Function.EXP);
    list.add(
        new Task.Each(s.name(), Combination.SUBTRACT, s.input(), View.of(highest), exp, powers));
    Value sum = fresh(one);
    reduce(s.name(), View.of(powers), Op.Reduce.Kind.SUM, axes, sum);
    list.add(
        new Task.Each(
            s.name(), Combination.DIVIDE, View.of(powers), View.of(sum), null, s.output()));
  }

  /** The sum of neighbouring squares is a product with a band of ones. */
  private void normalise(Step.Normalise s) {
    Op.LocalResponseNorm norm = s.norm();
    Shape shape = s.input().shape();
    int channels = s.input().channels();
    Value squares = fresh(shape);
    list.add(new Task.Each(s.name(), Combination.MULTIPLY, s.input(), s.input(), null, squares));
    float[] band = new float[channels * channels];
    for (int o = 0; o < channels; o++) {
      int first = Math.max(0, o - (norm.size() - 1) / 2);
      int end = Math.min(channels, o - (norm.size() - 1) / 2 + norm.size());
      Arrays.fill(band, o * channels + first, o * channels + end, norm.alpha() / norm.size());
    }
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    float[] bias = new float[channels];
    Arrays.fill(bias, norm.bias());
    Weighting weighting = new Weighting(Tensor.of(Shape.of(channels, channels), band), ones, bias);
    Value sums = fresh(shape);
    list.add(
        new Task.Product(
            s.name(), View.of(squares), Reach.POINT, 1, weighting, Epilogue.PLAIN, null, sums));
    int[] single = new int[shape.rank()];
    Arrays.fill(single, 1);
    Value factors = fresh(shape);
    list.add(
        new Task.Each(
            s.name(),
            Combination.POWER,
            View.of(sums),
            constant(Shape.of(single), -norm.beta()),
            null,
            factors));
    list.add(
        new Task.Each(
            s.name(), Combination.MULTIPLY, s.input(), View.of(factors), null, s.output()));
  }
}
