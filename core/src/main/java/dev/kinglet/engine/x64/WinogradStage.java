package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Emits a convolution by {@link Winograd}: tiles transformed, products of all tiles with the
 * weights of each number of a tile, sums transformed back; band by band.
 */
final class WinogradStage {
  private final Stages stages;
  private final Writer asm;
  private final Task.Tiled task;
  private final WinogradBands bands;
  private final int threads;
  private final Place in;
  private final Place out;
  private final Place residual;
  private final Blocks blocks;
  private final WinogradEdges edges;
  private final int vectorsOut;
  private final int[] lanes;
  private final int run;
  private final long weights;
  private final long bias;

  WinogradStage(Stages stages, Task.Tiled task, WinogradBands bands, int threads) {
    this.stages = stages;
    this.asm = stages.asm;
    this.task = task;
    this.bands = bands;
    this.threads = threads;
    in = stages.place(task.input().value(0));
    out = stages.place(task.output());
    residual = task.beside() == null ? null : stages.place(task.beside().value(0));
    blocks = stages.vectors(task.input());
    int[] sizes = Reach.sizes(task.output().shape());
    edges = WinogradEdges.of(task.size(), sizes[1], sizes[2]);
    vectorsOut = out.width / asm.lanes;
    lanes = blocks.lane().clone();
    Arrays.sort(lanes);
    run = run();
    weights = weights();
    bias = bias();
  }

  /** The length of runs of channels behind each other, if all runs divide into it. */
  private int run() {
    int[] offsets = new int[lanes.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = lanes[i] * 4;
    }
    return ProductTerms.run(offsets);
  }

  private long weights() {
    int terms = lanes.length;
    int wide = bands.wide * asm.lanes;
    int[] rows = new int[bands.panels * wide];
    float[] scale = new float[rows.length];
    for (int o = 0; o < out.lane.length; o++) {
      rows[out.lane[o]] = Math.multiplyExact(o, terms * WinogradWeights.TAPS * 4);
      scale[out.lane[o]] = task.weighting().scale()[o];
    }
    int[] channel = new int[blocks.count() * asm.lanes];
    for (int c = 0; c < terms; c++) {
      channel[blocks.lane()[c]] = c;
    }
    int[] places = new int[terms * WinogradWeights.TAPS];
    for (int i = 0; i < places.length; i++) {
      int c = channel[lanes[i / WinogradWeights.TAPS]];
      places[i] = (c * WinogradWeights.TAPS + i % WinogradWeights.TAPS) * 4;
    }
    long at = stages.tables.reserve((1L + terms) * rows.length * 4 * bands.size.products());
    Packing.kernel(asm, asm.lanes);
    Packing.kernel(asm, bands.size);
    Packing.Source source = new Packing.Source(task.weighting().weight(), rows, places, scale);
    stages.packing.products(at, bands.size, bands.wide, source);
    return at;
  }

  private long bias() {
    float[] all = new float[out.width];
    for (int o = 0; o < out.lane.length; o++) {
      all[out.lane[o]] = task.weighting().bias()[o];
    }
    long at = stages.tables.reserve(all.length * 4L);
    stages.packing.ready(at, all);
    return at;
  }

  void add() {
    stages.border(out);
    if (bands.bands == 1) {
      band(0, bands.tiles, 0, Stage.EVERY);
      return;
    }
    for (int thread = 0; thread < threads; thread++) {
      int to = bands.bands * (thread + 1) / threads;
      for (int band = bands.bands * thread / threads; band < to; band++) {
        int first = band * bands.each;
        int end = Math.min(bands.tiles, first + bands.each);
        band(first, end, thread * bands.bufferBytes, thread);
      }
    }
    stages.meet();
  }

  /** Emits the tiles of a band: whole ones first, then those of each edge. */
  private void band(int from, int to, long move, int thread) {
    List<List<Integer>> kinds = new ArrayList<>();
    for (int kind = 0; kind < WinogradEdges.KINDS; kind++) {
      kinds.add(new ArrayList<>());
    }
    int high = bands.rows / out.frame.root().sizes[0];
    for (int tile = from; tile < to; tile++) {
      boolean lastColumn = tile % bands.columns == bands.columns - 1;
      boolean lastRow = tile / bands.columns % high == high - 1;
      kinds.get(edges.kind(lastColumn, lastRow)).add(tile);
    }
    int[] order = kinds.stream().flatMap(List::stream).mapToInt(tile -> tile).toArray();
    int[] ends = new int[2 * WinogradEdges.KINDS];
    for (int kind = 0, end = 0; kind < WinogradEdges.KINDS; kind++) {
      end += kinds.get(kind).size();
      ends[2 * kind] = end;
    }
    long inputs = bands.offset + move;
    long sums = inputs + (long) bands.each * bands.inTile;
    transform(order, ends, inputs, thread);
    multiply(order.length, inputs, sums, thread);
    back(order, ends, sums, thread);
  }

  private int[] places(int[] order, Place.Frame frame, int[] before) {
    int high = bands.rows / frame.sizes[0];
    int[] places = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      int row = order[i] / bands.columns;
      places[i] =
          frame.at(
              row / high,
              row % high * bands.size.outputs - before[1],
              order[i] % bands.columns * bands.size.outputs - before[2]);
    }
    return places;
  }

  private void transform(int[] order, int[] ends, long to, int thread) {
    Place.Frame frame = in.frame.root();
    Tables.Joined all = new Tables.Joined();
    all.add(ends);
    int tiles = all.add(places(order, frame, task.reach().before()));
    int blocksAt = all.add(stages.blockPlaces(task.input(), blocks));
    WinogradInput kernel =
        new WinogradInput(
            bands.size,
            edges,
            frame.step(1),
            frame.step(2),
            bands.vectorsIn,
            bands.inTile,
            bands.inProduct,
            tiles,
            blocksAt);
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = {
      in.base,
      in.offset,
      0,
      0,
      Driver.ARENA,
      to,
      0,
      0,
      Driver.DATA,
      stages.tables.add(all.numbers()),
      0,
      0
    };
    add(label, pointers, order.length, bands.vectorsIn, thread);
  }

  private void multiply(int tiles, long from, long to, int thread) {
    int products = bands.size.products();
    Lines inputs = new Lines(new int[1], bands.inTile, tiles);
    Lines sums = new Lines(new int[1], bands.sumTile, tiles);
    Tiling tiling = Tiling.of(inputs, bands.most);
    Tables.Joined all = new Tables.Joined();
    int inAt = all.add(tiling.starts(inputs));
    int outAt = all.add(tiling.starts(sums));
    int entries = lanes.length / run;
    int[] records = new int[products * bands.panels * 3];
    int panel = (1 + lanes.length) * bands.wide * asm.bytes;
    for (int product = 0; product < products; product++) {
      int[] list = new int[entries];
      for (int i = 0; i < entries; i++) {
        list[i] = product * bands.inProduct + lanes[i * run] * 4;
      }
      int listAt = all.add(list);
      for (int p = 0; p < bands.panels; p++) {
        int at = product * bands.panels + p;
        records[at * 3] = Math.multiplyExact(at, panel);
        records[at * 3 + 1] = listAt;
        records[at * 3 + 2] = entries;
      }
    }
    int recordsAt = all.add(records);
    ProductKernel kernel =
        new ProductKernel(
            products * bands.panels,
            bands.wide,
            bands.wide,
            asm.lanes,
            1,
            run,
            0,
            tiling.pixels(),
            tiling.tiles(),
            tiling.allTiles(),
            bands.inTile,
            bands.sumTile,
            0,
            bands.bands == 1,
            null,
            Epilogue.PLAIN,
            new ProductKernel.Tables(inAt, outAt, 0, 0, recordsAt, -1));
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = {
      Driver.ARENA,
      from,
      Driver.DATA,
      weights,
      Driver.ARENA,
      to,
      0,
      0,
      Driver.DATA,
      stages.tables.add(all.numbers()),
      0,
      0
    };
    add(label, pointers, kernel.panels(), tiling.allTiles(), thread);
  }

  private void back(int[] order, int[] ends, long from, int thread) {
    Place.Frame frame = out.frame.root();
    View beside = task.beside();
    Place.Frame other = residual == null ? frame : residual.frame.root();
    Tables.Joined all = new Tables.Joined();
    all.add(ends);
    int[] none = new int[3];
    int tiles = all.add(places(order, frame, none));
    int residualTiles = all.add(places(order, other, none));
    WinogradOutput kernel =
        new WinogradOutput(
            bands.size,
            edges,
            vectorsOut,
            bands.sumTile,
            bands.sumProduct,
            frame.step(1),
            frame.step(2),
            other.step(1),
            other.step(2),
            tiles,
            residualTiles,
            task.epilogue());
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = {
      Driver.ARENA,
      from,
      Driver.DATA,
      bias,
      out.base,
      out.offset,
      Driver.ARENA,
      residual == null ? 0 : residual.offset + stages.vectors(beside).lanes()[0] * 4L,
      Driver.DATA,
      stages.tables.add(all.numbers()),
      0,
      0
    };
    add(label, pointers, order.length, vectorsOut, thread);
  }

  private void add(int label, long[] pointers, int panels, int tiles, int thread) {
    boolean meets = thread == Stage.EVERY;
    stages.add(new Stage(task.name(), label, pointers, meets, panels, tiles, thread));
  }
}
