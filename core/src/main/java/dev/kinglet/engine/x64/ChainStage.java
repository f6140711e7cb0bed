package dev.kinglet.engine.x64;

/**
 * Emits a chain band by band. Each thread has bands and buffers of its own, so that nobody waits
 * before the end of the chain.
 *
 * <p>The buffer in front of the convolution by channel holds the rows that one band reads, the
 * border's among them. From band to band the rows that both read are brought to the buffer's head.
 */
final class ChainStage {
  private final Stages stages;
  private final Chain chain;
  private final int threads;
  private final Place wide;
  private final Place.Frame frame;
  private final Place thin;
  private final ProductStage first;
  private final Stages.ChannelWeights middle;
  private final ProductStage last;
  private final Lines firstIn;
  private final Lines firstOut;
  private final Lines middleIn;
  private final Lines middleOut;
  private final int row;

  ChainStage(Stages stages, Chain chain, int threads) {
    this.stages = stages;
    this.chain = chain;
    this.threads = threads;
    wide = stages.place(chain.first().output());
    frame = wide.frame.root();
    thin = stages.place(chain.middle().output());
    stages.border(chain.last() == null ? thin : stages.place(chain.last().output()));
    first = new ProductStage(stages, chain.first());
    first.prepare(frame.sizes[2]);
    middle = stages.weights(chain.middle());
    last = chain.last() == null ? null : new ProductStage(stages, chain.last());
    if (last != null) {
      last.prepare(chain.rows() * thin.frame.sizes[2]);
    }
    firstIn =
        Lines.windows(
            stages.place(chain.first().input().value(0)).frame.root(),
            chain.first().reach(),
            frame.sizes);
    firstOut = Lines.of(frame);
    middleIn = Lines.windows(frame, chain.middle().reach(), thin.frame.sizes);
    middleOut = Lines.of(thin.frame.root());
    row = frame.step(1);
  }

  void add() {
    int bands = Math.ceilDiv(thin.frame.sizes[1], chain.rows());
    for (int thread = 0; thread < threads; thread++) {
      int from = bands * thread / threads;
      int to = bands * (thread + 1) / threads;
      int done = -1;
      for (int band = from; band < to; band++) {
        done = band(thread, band, done);
      }
    }
    stages.meet();
  }

  /** Emits one band; the padded row behind the last one that its buffer holds. */
  private int band(int thread, int band, int done) {
    Reach reach = chain.middle().reach();
    int r0 = band * chain.rows();
    int r1 = Math.min(thin.frame.sizes[1], r0 + chain.rows());
    int stride = reach.stride()[1];
    int front = frame.front[1];
    int start = r0 * stride - reach.before()[1] + front;
    int end = start + (r1 - r0 - 1) * stride + (reach.kernel()[1] - 1) * reach.dilation()[1] + 1;
    long buffer = thread * wide.bandBytes();
    Tables.Joined zeros = new Tables.Joined();
    if (done < 0) {
      columns(zeros);
    } else if (done > start) {
      int before = start - chain.rows() * stride;
      Tables.Joined kept = new Tables.Joined();
      kept.add((start - before) * row, 0, (done - start) * row / 4);
      stages.move(wide, buffer, kept, thread);
    }
    int fresh = Math.max(done, start);
    int bottom = front + frame.sizes[1];
    if (fresh < front) {
      zeros.add(0, (fresh - start) * row, (Math.min(front, end) - fresh) * row / 4);
    }
    if (end > bottom) {
      int edge = Math.max(bottom, fresh);
      zeros.add(0, (edge - start) * row, (end - edge) * row / 4);
    }
    if (zeros.bytes() > 0) {
      stages.fill(wide, buffer, zeros, thread);
    }
    int x0 = Math.max(0, fresh - front);
    int x1 = Math.min(frame.sizes[1], end - front);
    if (x0 < x1) {
      first.emit(
          firstIn.rows(x0, x1, 0), firstOut.rows(x0, x1, -start * row), null, 0, buffer, thread);
    }
    long also = thread * thin.bandBytes();
    int thinRow = last == null ? 0 : thin.frame.root().step(1);
    stages.perChannel(
        chain.middle(),
        middle,
        middleIn.rows(r0, r1, -start * row),
        middleOut.rows(r0, r1, -r0 * thinRow),
        null,
        buffer,
        last == null ? 0 : also,
        thread);
    if (last != null) {
      Lines out = Lines.of(stages.place(chain.last().output()).frame.root()).rows(r0, r1, 0);
      Place residual = last.residual();
      Lines beside = residual == null ? null : Lines.of(residual.frame.root()).rows(r0, r1, 0);
      last.emitMatched(middleOut.rows(r0, r1, -r0 * thinRow), out, beside, also, 0, thread);
    }
    return end;
  }

  /** The border's columns of all rows of the buffer. */
  private void columns(Tables.Joined zeros) {
    int left = frame.front[2] * frame.pitch;
    int right = frame.back[2] * frame.pitch;
    for (int i = 0; i < wide.bandRows; i++) {
      if (left > 0) {
        zeros.add(0, i * row, left);
      }
      if (right > 0) {
        zeros.add(0, (i + 1) * row - right * 4, right);
      }
    }
  }
}
