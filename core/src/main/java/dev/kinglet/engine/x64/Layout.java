package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.engine.x64.EachKernel.Combination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every value a place: the order of its channels, its border, its part of the memory.
 *
 * <p>Where a kernel cannot read a view as it lies, a move is put in front of it. Results of
 * products and moves take any order of channels, so they are given the one that their readers want.
 */
final class Layout implements Task.Visitor {
  /** Floats up to which a pixel may end in half a vector; of more, half a vector is little. */
  private static final int NARROW = 24;

  /** All tasks, moves added. */
  final List<Task> tasks = new ArrayList<>();

  /** Tasks that run band by band, by the number of their first. */
  final Map<Integer, Chain> chains;

  /** The bands of convolutions by tiles, by the number of their task. */
  final Map<Integer, WinogradBands> bands;

  /** Where cross terms lie, behind all values. */
  final CrossMemory cross;

  final int vector;
  final WinogradChoice choice;
  private final Tasks given;
  private final Value input;
  private final Map<Value, int[]> wanted = new HashMap<>();
  private final Map<Value, Place> places = new HashMap<>();
  private final Map<Value, Task> writers = new HashMap<>();
  private final Map<String, Value> copies = new HashMap<>();
  private Place lastPlace;
  private final Set<Value> fresh = new HashSet<>();
  private boolean again;

  Layout(
      Program program, Tasks given, int vector, int threads, WinogradChoice choice, boolean pairs) {
    this.given = given;
    this.choice = choice;
    this.vector = vector;
    this.input = program.input();
    Value result = given.fresh(program.output().shape());
    Task last = new Task.Move("output", List.of(program.output()), null, 0, result);
    // A pass is followed by another only if it wished for an order of one value more, so they end.
    do {
      again = false;
      tasks.clear();
      places.clear();
      writers.clear();
      copies.clear();
      places.put(input, new Place(input, true, Driver.INPUT, null, 1));
      given.constants.keySet().forEach(this::put);
      given.list.forEach(task -> task.visit(this));
      last.visit(this);
    } while (again);
    frames();
    chains = Chain.find(this, threads);
    bands = WinogradBands.find(this, vector, threads);
    long values = ValueMemory.place(this, given.constants.keySet(), threads);
    cross = CrossMemory.behind(values, this, threads, pairs);
  }

  /** What writes a value; null for the network's input and for constants. */
  Task writer(Value value) {
    return writers.get(value);
  }

  Place place(Value value) {
    // Products ask for every term, of the same value over and over.
    if (lastPlace == null || lastPlace.value != value) {
      lastPlace = places.get(value);
    }
    return lastPlace;
  }

  Blocks blocks(View view) {
    return Blocks.of(view, Blocks.UNIT, places::get);
  }

  /** The same in whole vectors, for values that consist of those. */
  Blocks vectors(View view) {
    return Blocks.of(view, vector, places::get);
  }

  private void put(Value value) {
    int[] lane = wanted.getOrDefault(value, Blocks.inOrder(value.channels()));
    put(value, lane);
  }

  private void put(Value value, int[] lane) {
    int highest = 0;
    for (int at : lane) {
      if (at > highest) {
        highest = at;
      }
    }
    int width = (highest / Blocks.UNIT + 1) * Blocks.UNIT;
    if (width > NARROW) {
      width = Math.ceilDiv(width, vector) * vector;
    }
    places.put(value, new Place(value, false, Driver.ARENA, lane, width));
  }

  /** Makes the pixels of a view's values whole vectors. */
  private void widen(View view) {
    for (Value value : view.values()) {
      Place place = places.get(value);
      int width = Math.ceilDiv(place.width, vector) * vector;
      places.put(value, new Place(value, false, Driver.ARENA, place.lane, width));
    }
  }

  private void add(Task task) {
    tasks.add(task);
    writers.put(task.output(), task);
  }

  @Override
  public void tiled(Task.Tiled t) {
    throw new IllegalStateException(t.name() + " is tiled before its time");
  }

  @Override
  public void perChannel(Task.PerChannel t) {
    View in = mapped(t.input(), false, t);
    put(t.output(), blocks(in).lane());
    View other = t.beside();
    View beside = other == null ? null : beside(other, t.output(), 0, Blocks.UNIT);
    add(
        new Task.PerChannel(
            t.name(), in, t.reach(), t.weighting(), t.epilogue(), beside, t.output()));
  }

  @Override
  public void gather(Task.Gather t) {
    View in = mapped(t.input(), false, t);
    put(t.output(), blocks(in).lane());
    add(new Task.Gather(t.name(), t.kind(), in, t.taps(), t.weights(), t.factors(), t.output()));
  }

  @Override
  public void across(Task.Across t) {
    View in = mapped(t.input(), false, t);
    if (!in.whole() || !Arrays.equals(blocks(in).lane(), Blocks.inOrder(in.channels()))) {
      in = moved(in, Blocks.inOrder(in.channels()));
    }
    put(t.output());
    add(new Task.Across(t.name(), t.kind(), in, t.factor(), t.output()));
  }

  @Override
  public void move(Task.Move t) {
    if (t.name().equals("output")) {
      places.put(t.output(), new Place(t.output(), true, Driver.OUTPUT, null, 1));
    } else {
      put(t.output());
    }
    add(new Task.Move(t.name(), alike(t.parts()), t.source(), t.fill(), t.output()));
  }

  @Override
  public void product(Task.Product t) {
    Winograd size = choice.size(t, input, vector).orElse(null);
    if (size != null) {
      View in = mapped(t.input(), false, t);
      put(t.output());
      View beside = t.beside() == null ? null : beside(t.beside(), t.output(), 1, vector);
      // Its kernels know no halves of vectors.
      widen(in);
      widen(View.of(t.output()));
      if (beside != null) {
        widen(beside);
      }
      add(t.tiled(size, in, beside));
      return;
    }
    View in = t.reach() == null ? flattened(t.input()) : mapped(t.input(), t.groups() == 1, t);
    if (t.groups() > 1 && t.pairable()) {
      View whole = GroupOrder.source(in, writers);
      if (whole != null) {
        bent(whole, GroupOrder.lanes(in, t.groups(), writers));
      }
    }
    put(t.output());
    View beside =
        t.beside() == null ? null : beside(t.beside(), t.output(), t.groups(), Blocks.UNIT);
    add(
        new Task.Product(
            t.name(), in, t.reach(), t.groups(), t.weighting(), t.epilogue(), beside, t.output()));
  }

  @Override
  public void each(Task.Each t) {
    View left = mapped(t.left(), false, t);
    if (t.right() == null) {
      put(t.output(), blocks(left).lane());
      add(new Task.Each(t.name(), t.combination(), left, null, t.activation(), t.output()));
      return;
    }
    View right = mapped(t.right(), false, t);
    if (left.channels() == right.channels()) {
      int[] of = blocks(left).lane();
      int[] other = blocks(right).lane();
      if (!Arrays.equals(of, other)) {
        if (!bent(right, of) && !bent(left, other)) {
          right = moved(right, of);
        }
      }
      put(t.output(), of);
    } else {
      put(t.output(), blocks(left.channels() > 1 ? left : right).lane());
    }
    add(new Task.Each(t.name(), t.combination(), left, right, t.activation(), t.output()));
  }

  /** Gives a view an order, if it is one whole value that can take it and has been given none. */
  private boolean bent(View view, int[] lane) {
    Value value = view.value(0);
    // A copy is another value in the next pass.
    if (!view.whole() || wanted.containsKey(value) || fresh.contains(value)) {
      return false;
    }
    Task writer = writers.get(value);
    boolean bends =
        given.constants.containsKey(value)
            || writer instanceof Task.Product p && GroupPanels.apart(lane, p.groups())
            || writer instanceof Task.Tiled
            || writer instanceof Task.Move;
    if (bends) {
      want(value, lane);
    }
    return bends;
  }

  private void want(Value value, int[] lane) {
    wanted.put(value, lane);
    again = true;
  }

  /**
   * A view to be added to an output, its channels in the same order, its blocks one range.
   *
   * @param groups whose channels the output keeps together; 0 if it takes no other order at all
   */
  private View beside(View view, Value output, int groups, int size) {
    View read = inPlace(view);
    Blocks blocks = Blocks.of(read, size, places::get);
    int[] of = places.get(output).lane;
    boolean one = blocks.contiguous();
    if (one && Arrays.equals(blocks.lane(), of)) {
      return read;
    }
    boolean bends = groups > 0 && GroupPanels.apart(blocks.lane(), groups);
    if (one && bends && !wanted.containsKey(output)) {
      // Nobody has read it yet.
      wanted.put(output, blocks.lane());
      put(output, blocks.lane());
      return read;
    }
    return one && bent(read, of) ? read : moved(read, of);
  }

  /** A copy of a view with its channels in this order. */
  private View moved(View view, int[] lane) {
    Value copy = given.fresh(view.shape());
    fresh.add(copy);
    put(copy, lane);
    boolean inside = !view.values().contains(input) && sized(view);
    if (inside && Arrays.equals(lane, blocks(view).lane())) {
      // Whole blocks go where they were, so vectors can be copied.
      add(new Task.Each("arrange", Combination.NONE, view, null, null, copy));
    } else {
      add(new Task.Move("arrange", List.of(view), null, 0, copy));
    }
    return View.of(copy);
  }

  /** For products over whole samples: anything, but not the outside mixed with the inside. */
  private View flattened(View view) {
    Set<Value> values = view.values();
    return values.size() > 1 && values.contains(input) ? insideOf(view) : view;
  }

  /** For kernels that walk over pixels: values of the view's own sizes, not from outside. */
  private View mapped(View view, boolean planes, Task task) {
    if (planes && view.whole() && view.value(0).equals(input) && sized(view)) {
      Task.Product product = (Task.Product) task;
      int[] out = Reach.sizes(task.output().shape());
      int[] in = Reach.sizes(view.shape());
      boolean border = false;
      for (int axis = 0; axis < 3; axis++) {
        border |=
            product.reach().before()[axis] > 0
                || product.reach().behind(axis, in[axis], out[axis]) > 0;
      }
      if (!border) {
        return view;
      }
      Value copy = copies.get("planes");
      if (copy == null) {
        copy = given.fresh(input.shape());
        copies.put("planes", copy);
        places.put(copy, new Place(copy, true, Driver.ARENA, null, 1));
        add(new Task.Move("input", List.of(View.of(input)), null, 0, copy));
      }
      return View.of(copy);
    }
    return inPlace(view);
  }

  private View inPlace(View view) {
    View inside = view.values().contains(input) ? insideOf(view) : view;
    return sized(inside) ? inside : moved(inside, Blocks.inOrder(inside.channels()));
  }

  private boolean sized(View view) {
    int[] sizes = Reach.sizes(view.shape());
    for (Value value : view.values()) {
      if (!Arrays.equals(Reach.sizes(value.shape()), sizes)) {
        return false;
      }
    }
    return true;
  }

  /** The view with a copy of the input, made once, in the input's stead. */
  private View insideOf(View view) {
    Value copy = copies.get("pixels");
    if (copy == null) {
      copy = moved(View.of(input), Blocks.inOrder(input.channels())).value(0);
      copies.put("pixels", copy);
    }
    List<View> parts = new ArrayList<>();
    for (View.Run run : view.runs()) {
      int[] channels = Blocks.inOrder(run.count());
      for (int c = 0; c < channels.length; c++) {
        channels[c] += run.first();
      }
      parts.add(View.of(run.value().equals(input) ? copy : run.value()).select(channels));
    }
    return View.concatenated(parts).as(view.shape());
  }

  /** Parts of a move: all from outside, or all from inside. */
  private List<View> alike(List<View> parts) {
    boolean outside = false;
    boolean inside = false;
    for (View part : parts) {
      for (Value value : part.values()) {
        outside |= value.equals(input);
        inside |= !value.equals(input);
      }
    }
    return outside && inside ? parts.stream().map(this::insideOf).toList() : parts;
  }

  /** Values read together share a frame; each frame gets the border that its readers need. */
  private void frames() {
    for (Place place : places.values()) {
      place.frame.pitch = place.width;
    }
    for (Task task : tasks) {
      for (View view : task.reads()) {
        if (task instanceof Task.Move || task instanceof Task.Product p && p.reach() == null) {
          continue;
        }
        Place.Frame first = places.get(view.value(0)).frame;
        view.values().forEach(value -> first.join(places.get(value).frame));
      }
    }
    for (Task task : tasks) {
      if (task.reach() != null) {
        border(task.reads().getFirst(), task.reach(), task.output());
      }
    }
    for (Place place : places.values()) {
      if (!place.planar) {
        place.frame.root().spread();
      }
    }
  }

  private void border(View view, Reach reach, Value output) {
    places.get(view.value(0)).border(reach, Reach.sizes(output.shape()));
  }
}
