package dev.kinglet.train;

import dev.kinglet.engine.x64.Machine;
import dev.kinglet.engine.x64.NormCode;
import dev.kinglet.engine.x64.NormCode.Clamp;
import dev.kinglet.engine.x64.Unavailable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A batch norm in training and the ReLU behind it as one, forward and back (Ioffe, Szegedy 2015),
 * for maps in single precision whose channels are innermost.
 *
 * <p>LibTorch has an operator for each. As one, by machine code, they read or write a map eight
 * times on the way there and back. Not safe for threads.
 */
final class NormKernel {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** The floats of a tile, five of which fit into a first cache. */
  private static final int TILE = 1024;

  private static final int LANES = 16;

  /** The floats below which a second thread costs more than it brings. */
  private static final long ALONE = 1 << 14;

  private static final int TILES = 5;
  private static final int SUMS = 2;

  private final NormCode code;
  private MemorySegment scratch = MemorySegment.NULL;

  /**
   * What a batch's way back needs.
   *
   * @param mean of each channel
   * @param centre the mean in single precision
   * @param variance of each channel over the batch, unbiased, for the running statistics
   * @param inverse one over the root of the biased variance and epsilon
   * @param scale what a value's distance from the centre is multiplied by
   * @param shift what is added then
   */
  record Batch(
      Clamp clamp,
      double[] mean,
      double[] variance,
      double[] inverse,
      float[] centre,
      float[] scale,
      float[] shift) {}

  /** The gradients of a norm's own parameters. */
  record Gradients(float[] weight, float[] bias) {}

  private NormKernel(NormCode code) {
    this.code = code;
  }

  /** The kernel, unless this machine cannot run its code; then LibTorch's operators do the work. */
  static Optional<NormKernel> ofThisMachine() {
    try {
      return Optional.of(new NormKernel(Machine.norms()));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }

  /** How one map is cut: tiles of whole pixels, and shares of tiles for the threads. */
  private record Cut(int channels, long pixels, int tile, int shares) {
    static Cut of(int channels, long pixels) {
      int most = (int) Math.clamp(TILE / channels, 1, Math.max(1, pixels));
      int even = LANES / Math.min(LANES, Integer.lowestOneBit(channels));
      int tile = most < even ? most : most / even * even;
      int threads = pixels * channels < ALONE ? 1 : torch.get_num_threads();
      return new Cut(channels, pixels, tile, (int) Math.min(threads, (pixels + tile - 1) / tile));
    }

    int floats() {
      return tile * channels;
    }

    /** The first float of a share. */
    long begin(int share) {
      long tiles = (pixels + tile - 1) / tile;
      return Math.min(pixels, tiles * share / shares * tile) * channels;
    }

    long count(int share) {
      return begin(share + 1) - begin(share);
    }
  }

  /**
   * Normalises a map by its own statistics, of at least two pixels.
   *
   * @param x channels innermost, without gaps
   * @param y laid out as x; is written
   */
  Batch forward(Tensor x, Tensor y, float[] weight, float[] bias, double epsilon, Clamp clamp) {
    Cut cut = Cut.of(weight.length, x.numel() / weight.length);
    long from = address(x);
    long to = address(y);
    prepare(cut);
    float[] pivot = pivots(cut, from);
    long pivots = put(cut, 0, pivot);
    OpenMp.run(
        cut.shares,
        share ->
            code.moments(
                from + cut.begin(share) * Float.BYTES,
                pivots,
                sums(cut, share, 0),
                sums(cut, share, 1),
                cut.count(share),
                cut.floats()));
    double[] sum = taken(cut, 0);
    double[] square = taken(cut, 1);
    int channels = cut.channels;
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    double[] inverse = new double[channels];
    float[] centre = new float[channels];
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      double offset = sum[c] / cut.pixels;
      double spread = Math.max(0, square[c] - sum[c] * offset);
      mean[c] = pivot[c] + offset;
      variance[c] = spread / (cut.pixels - 1);
      inverse[c] = 1 / Math.sqrt(spread / cut.pixels + epsilon);
      centre[c] = (float) mean[c];
      scale[c] = (float) (weight[c] * inverse[c]);
      shift[c] = (float) (bias[c] - (mean[c] - centre[c]) * scale[c]);
    }
    Batch batch = new Batch(clamp, mean, variance, inverse, centre, scale, shift);
    long tiles = put(cut, batch);
    OpenMp.run(
        cut.shares,
        share ->
            code.forward(
                clamp,
                from + cut.begin(share) * Float.BYTES,
                to + cut.begin(share) * Float.BYTES,
                tiles,
                cut.count(share),
                cut.floats()));
    return batch;
  }

  /**
   * The way back.
   *
   * @param x the map of the way there
   * @param g the gradient of what the way there wrote, laid out like it
   * @param dx the gradient of x, is written; may be g
   */
  Gradients backward(Batch batch, Tensor x, Tensor g, Tensor dx) {
    int channels = batch.scale.length;
    Cut cut = Cut.of(channels, x.numel() / channels);
    long values = address(x);
    long gradients = address(g);
    long to = address(dx);
    prepare(cut);
    long tiles = put(cut, batch);
    OpenMp.run(
        cut.shares,
        share ->
            code.products(
                batch.clamp,
                gradients + cut.begin(share) * Float.BYTES,
                values + cut.begin(share) * Float.BYTES,
                tiles,
                sums(cut, share, 0),
                cut.count(share),
                cut.floats()));
    double[] sum = taken(cut, 0);
    double[] dot = taken(cut, 1);
    float[] weight = new float[channels];
    float[] bias = new float[channels];
    float[] slope = new float[channels];
    float[] rest = new float[channels];
    for (int c = 0; c < channels; c++) {
      double off = batch.mean[c] - batch.centre[c]; // what rounding took from the mean
      double product = dot[c] - off * sum[c];
      double inverse = batch.inverse[c];
      weight[c] = (float) (product * inverse);
      bias[c] = (float) sum[c];
      double steepness = -batch.scale[c] * inverse * inverse * product / cut.pixels;
      slope[c] = (float) steepness;
      rest[c] = (float) (-batch.scale[c] * sum[c] / cut.pixels - steepness * off);
    }
    put(cut, 3, slope);
    put(cut, 4, rest);
    OpenMp.run(
        cut.shares,
        share ->
            code.backward(
                batch.clamp,
                gradients + cut.begin(share) * Float.BYTES,
                values + cut.begin(share) * Float.BYTES,
                tiles,
                to + cut.begin(share) * Float.BYTES,
                cut.count(share),
                cut.floats()));
    return new Gradients(weight, bias);
  }

  /** Room for the tiles, and sums of zero. */
  private void prepare(Cut cut) {
    long span = NormCode.span(cut.floats());
    long bytes = span * (TILES + (long) SUMS * cut.shares);
    if (scratch.byteSize() < bytes) {
      scratch = Arena.ofAuto().allocate(bytes, 64);
    }
    scratch.asSlice(span * TILES, span * SUMS * cut.shares).fill((byte) 0);
  }

  /** The address of a share's sums in the scratch memory. */
  private long sums(Cut cut, int share, int which) {
    return scratch.address() + NormCode.span(cut.floats()) * (TILES + (long) SUMS * share + which);
  }

  /** The sums of all shares, over the pixels of their tiles. */
  private double[] taken(Cut cut, int which) {
    double[] total = new double[cut.channels];
    float[] tile = new float[cut.floats()];
    for (int share = 0; share < cut.shares; share++) {
      long from = sums(cut, share, which) - scratch.address();
      MemorySegment.copy(scratch, FLOAT, from, tile, 0, tile.length);
      fold(tile, tile.length, total);
    }
    return total;
  }

  private static void fold(float[] tile, int count, double[] total) {
    for (int i = 0; i < count; i += total.length) {
      for (int c = 0; c < total.length; c++) {
        total[c] += tile[i + c];
      }
    }
  }

  /** The tiles that both ways need; their address. */
  private long put(Cut cut, Batch batch) {
    put(cut, 1, batch.shift);
    put(cut, 2, batch.centre);
    return put(cut, 0, batch.scale);
  }

  /** Repeats a value a channel over one of the tiles; its address. */
  private long put(Cut cut, int which, float[] channel) {
    float[] tile = new float[cut.floats()];
    for (int i = 0; i < tile.length; i += channel.length) {
      System.arraycopy(channel, 0, tile, i, channel.length);
    }
    long at = NormCode.span(tile.length) * which;
    MemorySegment.copy(tile, 0, scratch, FLOAT, at, tile.length);
    return scratch.address() + at;
  }

  /**
   * A value near each channel's mean, from the first tile: squares of distances from it lose no
   * digits.
   */
  @SuppressWarnings("restricted")
  private static float[] pivots(Cut cut, long x) {
    float[] tile = new float[cut.floats()];
    int count = (int) Math.min(tile.length, cut.pixels * cut.channels);
    MemorySegment first = MemorySegment.ofAddress(x).reinterpret((long) count * Float.BYTES);
    MemorySegment.copy(first, FLOAT, 0, tile, 0, count);
    double[] total = new double[cut.channels];
    fold(tile, count, total);
    float[] pivot = new float[cut.channels];
    for (int c = 0; c < cut.channels; c++) {
      pivot[c] = (float) (total[c] * cut.channels / count);
    }
    return pivot;
  }

  private static long address(Tensor tensor) {
    try (FloatPointer data = tensor.data_ptr_float()) {
      return data.address();
    }
  }
}
