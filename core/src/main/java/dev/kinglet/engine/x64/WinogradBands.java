package dev.kinglet.engine.x64;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a {@link Task.Tiled} is cut into bands of tiles, and the memory that it needs meanwhile.
 *
 * <p>Where the transformed weights fit into the second cache beside a band, each thread has bands
 * of its own and nobody waits; else there is one band that all share, so that the weights are read
 * once.
 */
final class WinogradBands {
  /** A line more than a multiple of anything, so that tiles do not meet in the first cache. */
  private static final int APART = 64;

  final Winograd size;

  /** All tiles, their rows, and tiles a row. */
  final int tiles;

  final int rows;
  final int columns;

  /** Vectors of channels of the input. */
  final int vectorsIn;

  /** Panels a product, vectors a panel, and at most so many tiles at a time. */
  final int panels;

  final int wide;
  final int most;

  /** Tiles of a band, but for the last; bands. */
  final int each;

  final int bands;

  /** Bytes from a tile to the next, and from a product to the next: transformed inputs, sums. */
  final int inTile;

  final int inProduct;
  final int sumTile;
  final int sumProduct;

  /** Buffers, and bytes of each. */
  final int buffers;

  final long bufferBytes;

  /** Bytes from the arena's begin. */
  long offset;

  private WinogradBands(
      Task.Tiled task, int[] sizes, int vectorsIn, int vectorsOut, int lanes, int threads) {
    size = task.size();
    this.vectorsIn = vectorsIn;
    columns = Math.ceilDiv(sizes[2], size.outputs);
    rows = sizes[0] * Math.ceilDiv(sizes[1], size.outputs);
    tiles = Math.multiplyExact(rows, columns);
    long weights = 4L * size.products() * task.input().channels() * vectorsOut * lanes;
    long tile = 4L * size.products() * (vectorsIn + vectorsOut) * lanes;
    int at = tiles;
    if (weights <= Hooks.weights() && tiles > 1) {
      at = Math.clamp(Hooks.band() / tile, 1, Math.ceilDiv(tiles, threads));
    }
    int[] best = null;
    double least = Double.MAX_VALUE;
    for (int candidate = at; candidate > at / 2; candidate--) {
      int[] shape = shape(candidate, vectorsOut, Writer.registers(lanes));
      int rest = tiles % candidate;
      double time = tiles / candidate * time(candidate, vectorsOut, shape);
      time += rest == 0 ? 0 : time(rest, vectorsOut, shape);
      if (time < least * 0.999) {
        least = time;
        best = new int[] {candidate, shape[0], shape[1]};
      }
      if (at == tiles) {
        break;
      }
    }
    each = best[0];
    most = best[1];
    wide = best[2];
    bands = Math.ceilDiv(tiles, each);
    panels = Math.ceilDiv(vectorsOut, wide);
    inProduct = vectorsIn * lanes * 4;
    inTile = Math.multiplyExact(size.products(), inProduct) + APART;
    sumProduct = panels * wide * lanes * 4;
    sumTile = Math.multiplyExact(size.products(), sumProduct) + APART;
    buffers = bands == 1 ? 1 : threads;
    bufferBytes = (long) each * (inTile + sumTile) + 63 & -64;
  }

  /** Those of all tiled convolutions, by the number of their task. */
  static Map<Integer, WinogradBands> find(Layout layout, int lanes, int threads) {
    Map<Integer, WinogradBands> bands = new LinkedHashMap<>();
    for (int i = 0; i < layout.tasks.size(); i++) {
      if (layout.tasks.get(i) instanceof Task.Tiled t) {
        int in = layout.vectors(t.input()).count();
        int out = layout.place(t.output()).width / lanes;
        int[] sizes = Reach.sizes(t.output().shape());
        bands.put(i, new WinogradBands(t, sizes, in, out, lanes, threads));
      }
    }
    return bands;
  }

  long bytes() {
    return bufferBytes * buffers;
  }

  /** Tiles at a time and vectors a panel with the least estimated time. */
  private static int[] shape(int tiles, int vectors, int registers) {
    int[] best = null;
    double least = Double.MAX_VALUE;
    for (int wide = 1; wide <= Math.min(vectors, 12); wide++) {
      int most = 0;
      while (most < tiles && ProductKernel.registers(most + 1, wide, false) <= registers) {
        most++;
      }
      if (most == 0) {
        break;
      }
      int[] shape = {most, wide};
      double time = time(tiles, vectors, shape);
      if (time < least * 0.999) {
        least = time;
        best = shape;
      }
    }
    return best;
  }

  /** Estimated time of one term of one product of so many tiles. */
  private static double time(int tiles, int vectors, int[] shape) {
    int count = Math.ceilDiv(tiles, shape[0]);
    int pixels = Math.ceilDiv(tiles, count);
    int large = tiles - count * (pixels - 1);
    double each =
        large * TileShape.cost(pixels, shape[1])
            + (count - large) * TileShape.cost(pixels - 1, shape[1]);
    return Math.ceilDiv(vectors, shape[1]) * each;
  }
}
