package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import java.util.ArrayList;
import java.util.List;

/** Turns tasks whose values have places into calls of kernels. */
final class Stages {
  final Writer asm;
  final Tables tables = new Tables();
  final Packing packing = new Packing();
  final List<Stage> list = new ArrayList<>();
  private final Layout layout;
  private final Borders borders = new Borders();
  final int threads;

  Stages(Writer asm, Layout layout, int threads) {
    this.asm = asm;
    this.layout = layout;
    this.threads = threads;
    for (int i = 0; i < layout.tasks.size(); i++) {
      Chain chain = layout.chains.get(i);
      for (int k = 0; k < (chain == null ? 1 : chain.tasks()); k++) {
        borders.written(place(layout.tasks.get(i + k).output()));
      }
      if (chain != null) {
        new ChainStage(this, layout, chain, threads).add();
        i += chain.tasks() - 1;
        continue;
      }
      WinogradBands bands = layout.bands.get(i);
      if (bands != null) {
        borders.written(bands.offset, bands.offset + bands.bytes());
      }
      add(layout.tasks.get(i), bands);
    }
  }

  private void add(Task task, WinogradBands bands) {
    task.visit(
        new Task.Visitor() {
          @Override
          public void product(Task.Product t) {
            new ProductStage(Stages.this, t).add();
          }

          @Override
          public void tiled(Task.Tiled t) {
            new WinogradStage(Stages.this, t, bands, threads).add();
          }

          @Override
          public void perChannel(Task.PerChannel t) {
            new ChannelStage(Stages.this, t).add();
          }

          @Override
          public void gather(Task.Gather t) {
            Stages.this.gather(t);
          }

          @Override
          public void each(Task.Each t) {
            new EachStage(Stages.this, t).add();
          }

          @Override
          public void across(Task.Across t) {
            Stages.this.across(t);
          }

          @Override
          public void move(Task.Move t) {
            new MoveStage(Stages.this, t).add();
          }
        });
  }

  Place place(Value value) {
    return layout.place(value);
  }

  CrossMemory cross() {
    return layout.cross;
  }

  /** Whether a product is to be made of halves. */
  boolean strassen(Task.Product task) {
    return layout.choice.strassen(task, asm.lanes, threads, asm.pairs);
  }

  /**
   * What the largest of some of a view's elements is expected to be, a power of two: sums that
   * nothing bounds are larger than what activations leave. In EfficientNet-Lite0 the former reach
   * 15 to 73, the latter 6.
   */
  int size(View view) {
    Task writer = layout.writer(view.value(0));
    return writer == null || writer.moderate() ? 4 : 16;
  }

  Blocks blocks(View view) {
    return layout.blocks(view);
  }

  /** The whole vectors that hold a view's channels, where all its values consist of those. */
  Blocks vectors(View view) {
    return layout.vectors(view);
  }

  void add(Stage stage) {
    list.add(stage);
  }

  /**
   * Adds work over tiles of a map's pixels: large maps are shared out by rows, so that a thread
   * finds what it reads in its own cache.
   */
  void add(
      String name,
      int label,
      long[] pointers,
      Slice slice,
      Share work,
      Tiling tiling,
      Lines lines) {
    Share shared = shared(slice, work, tiling, lines);
    add(new Stage(name, label, pointers, slice.meets(), shared, slice.thread()));
  }

  private Share shared(Slice slice, Share work, Tiling tiling, Lines lines) {
    if (!byRows(slice, lines)) {
      return work;
    }
    // A single row is cut between any two of its tiles, rows of equal tiles wherever it is even.
    int rows = lines.starts().length;
    boolean equal = tiling.allTiles() == tiling.tiles();
    return work.by(rows == 1 || equal ? tiling.allTiles() : rows);
  }

  /** Whether threads should have rows of a map rather than panels. */
  private boolean byRows(Slice slice, Lines lines) {
    return threads > 1 && slice.meets() && lines.pixels() >= Share.MANY;
  }

  /**
   * A single row of pixels, cut where each thread's part of so many rows of the map ends: so tiles
   * end there too.
   */
  Lines parted(Slice slice, Lines lines, int rows) {
    return byRows(slice, lines) && rows % threads == 0 ? lines.cut(threads) : lines;
  }

  /**
   * Whether each thread reads only what it made itself of work that is shared out like this and
   * done in front of other work on the same tiles.
   */
  boolean ownTiles(Slice slice, Share work, Tiling tiling, Lines lines) {
    return shared(slice, work, tiling, lines).byRows(threads);
  }

  /** Where all positions lie in a frame. */
  private static int[] positions(Place.Frame frame, int area) {
    int[] positions = new int[area];
    for (int i = 0; i < area; i++) {
      positions[i] = frame.position(i);
    }
    return positions;
  }

  /** The bytes from a window's begin to one of its taps. */
  static int tap(Place.Frame frame, Reach reach, int tap) {
    int[] k = reach.kernel();
    return tap / (k[1] * k[2]) * reach.dilation()[0] * frame.step(0)
        + tap / k[2] % k[1] * reach.dilation()[1] * frame.step(1)
        + tap % k[2] * reach.dilation()[2] * frame.step(2);
  }

  /** Zeros around a value, written before the value itself; the two do not touch. */
  void border(Place out) {
    Place.Frame frame = out.frame.root();
    if (!frame.bordered() || !borders.write(out)) {
      return;
    }
    Tables.Joined runs = new Tables.Joined();
    int planes = out.planar ? out.value.channels() : 1;
    int all = Math.toIntExact(frame.volume() * frame.pitch * 4);
    int row = frame.sizes[2] * frame.pitch * 4;
    // Row by row, so that a thread has the same rows as in other stages.
    int rows = frame.sizes[0] * frame.sizes[1];
    for (int i = 0; i <= rows; i++) {
      int from = i == 0 ? 0 : frame.at((i - 1) / frame.sizes[1], (i - 1) % frame.sizes[1], 0) + row;
      int to = i == rows ? all : frame.at(i / frame.sizes[1], i % frame.sizes[1], 0);
      for (int plane = 0; plane < planes && from < to; plane++) {
        runs.add(0, plane * all + from, (to - from) / 4);
      }
    }
    fill(out, runs, 0, false);
  }

  void fill(Place out, Tables.Joined runs, float value, boolean meets) {
    int count = runs.bytes() / MoveKernel.RECORD;
    MoveKernel kernel = new MoveKernel(count, true, Float.floatToRawIntBits(value));
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = new long[12];
    pointers[4] = out.base;
    pointers[5] = out.offset;
    pointers[9] = tables.add(runs.numbers());
    add(new Stage("border", label, pointers, meets, 1, count));
  }

  /** Fills runs of a band's buffer with zeros, on one thread. */
  void fill(Place buffer, long move, Tables.Joined runs, int thread) {
    runs(new MoveKernel(runs.bytes() / MoveKernel.RECORD, true, 0), buffer, move, runs, thread);
  }

  /** Moves runs within a band's buffer, on one thread. */
  void move(Place buffer, long move, Tables.Joined runs, int thread) {
    runs(new MoveKernel(runs.bytes() / MoveKernel.RECORD, false, 0), buffer, move, runs, thread);
  }

  private void runs(MoveKernel kernel, Place buffer, long move, Tables.Joined runs, int thread) {
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = new long[12];
    pointers[0] = buffer.base;
    pointers[1] = buffer.offset + move;
    pointers[4] = buffer.base;
    pointers[5] = buffer.offset + move;
    pointers[9] = tables.add(runs.numbers());
    add(new Stage("band", label, pointers, false, 1, kernel.runs(), thread));
  }

  /** All threads wait for each other behind the last stage. */
  void meet() {
    Stage last = list.removeLast();
    list.add(last.of(last.thread(), true));
  }

  /** No thread waits behind the last stage: it only reads there what it made itself. */
  void together() {
    Stage last = list.removeLast();
    list.add(last.of(last.thread(), false));
  }

  /** The places of a view's blocks, from the first byte of its first value. */
  int[] blockPlaces(View view, Blocks blocks) {
    long base = place(view.value(0)).offset;
    int[] places = new int[blocks.count()];
    for (int i = 0; i < places.length; i++) {
      places[i] =
          Math.toIntExact(place(blocks.values().get(i)).offset - base + blocks.lanes()[i] * 4L);
    }
    return places;
  }

  private void gather(Task.Gather t) {
    Place out = place(t.output());
    border(out);
    Place first = place(t.input().value(0));
    Blocks blocks = blocks(t.input());
    int[] units = blockPlaces(t.input(), blocks);
    Spans spans = Spans.of(asm, units.length, units);
    int[] places = spans.of(units);
    int[] targets = spans.inOrder();
    int whole = spans.whole().length;
    boolean joined = whole > 0 && whole < 4 && spans.half().length == 1 && blocks.contiguous();
    int vectors = joined ? whole : 1;
    for (int v = 4; v > 1 && vectors == 1 && !joined; v--) {
      boolean together = whole % v == 0;
      for (int i = 1; i < whole && together; i++) {
        together =
            i % v == 0
                || places[i] == places[i - 1] + asm.bytes
                    && targets[i] == targets[i - 1] + asm.bytes;
      }
      vectors = together ? v : 1;
    }
    int panels = joined ? 1 : whole / vectors + spans.half().length;
    int[] in = new int[panels];
    int[] to = new int[panels];
    for (int i = 0; i < panels; i++) {
      int span = i < whole / vectors ? i * vectors : i - whole / vectors + whole;
      in[i] = places[span];
      to[i] = targets[span];
    }
    Tables.Joined all = new Tables.Joined();
    int tiles = t.taps().length;
    int records = all.add(new int[tiles * 4]);
    int blocksAt = all.add(in);
    int placesAt = all.add(to);
    int[] numbers = new int[tiles * 4];
    Place.Frame from = first.frame.root();
    for (int i = 0; i < tiles; i++) {
      int[] taps = t.taps()[i];
      boolean weighted = t.weights() != null;
      int[] list = new int[weighted ? taps.length * 2 : taps.length];
      for (int k = 0; k < taps.length; k++) {
        if (weighted) {
          list[k * 2] = from.position(taps[k]);
          list[k * 2 + 1] = Float.floatToRawIntBits(t.weights()[i][k]);
        } else {
          list[k] = from.position(taps[k]);
        }
      }
      numbers[i * 4] = all.add(list);
      numbers[i * 4 + 1] = taps.length;
      numbers[i * 4 + 2] = out.frame.root().position(i);
      numbers[i * 4 + 3] = Float.floatToRawIntBits(t.factors()[i]);
    }
    int[] table = all.numbers();
    System.arraycopy(numbers, 0, table, records / 4, numbers.length);
    WindowKernel kernel =
        new WindowKernel(
            t.kind(), tiles, vectors, whole / vectors, panels, joined, records, blocksAt, placesAt);
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = {
      first.base, first.offset, 0, 0, out.base, out.offset, 0, 0, 0, tables.add(table), 0, 0
    };
    Share work = Share.inOrder(panels, tiles);
    if (tiles >= Share.MANY) {
      work = work.by(tiles);
    }
    add(new Stage(t.name(), label, pointers, true, work, Stage.EVERY));
  }

  private void across(Task.Across t) {
    Place out = place(t.output());
    border(out);
    Place in = place(t.input().value(0));
    Tables.Joined all = new Tables.Joined();
    int tiles = t.output().area();
    AcrossKernel kernel =
        new AcrossKernel(
            t.kind(),
            tiles,
            t.input().channels(),
            t.factor(),
            all.add(positions(in.frame.root(), tiles)),
            all.add(positions(out.frame.root(), tiles)));
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = {
      in.base, in.offset, 0, 0, out.base, out.offset, 0, 0, 0, tables.add(all.numbers()), 0, 0
    };
    add(new Stage(t.name(), label, pointers, true, 1, tiles));
  }
}
