package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Emits a chain band by band. Each thread has bands and buffers of its own, so that nobody waits
 * before the end of the chain.
 *
 * <p>A result's buffer holds the rows that one band reads, the border's among them. From band to
 * band the rows that both read are brought to the buffer's head.
 */
final class ChainStage {
  private final Stages stages;
  private final Layout layout;
  private final Chain chain;
  private final int threads;
  private final Place last;

  /** What emits each task's rows. */
  private final List<Consumer<Slice>> emitters;

  /** The row behind the last one that each buffer holds, of the band before; -1 for none. */
  private final int[] done;

  /** The first row of each frame's buffers, of the band before. */
  private final int[] begun;

  ChainStage(Stages stages, Layout layout, Chain chain, int threads) {
    this.stages = stages;
    this.layout = layout;
    this.chain = chain;
    this.threads = threads;
    last = layout.place(chain.list().getLast().output());
    stages.border(last);
    emitters = new ArrayList<>();
    for (int i = 0; i < chain.tasks(); i++) {
      emitters.add(emitter(i));
    }
    done = new int[chain.tasks()];
    begun = new int[chain.frames()];
  }

  private Consumer<Slice> emitter(int number) {
    Task task = chain.list().get(number);
    if (task instanceof Task.Product t) {
      ProductStage stage = new ProductStage(stages, t);
      int[] cuts = chain.cuts(last.frame.sizes[1], threads - 1, threads);
      Chain.Needed needed = chain.needed(0, cuts[1] - cuts[0]);
      int rows = Math.min(needed.high()[number], layout.place(t.output()).frame.sizes[1]);
      stage.prepare(new Slice(0, rows, 0, 0, 0, 0));
      return stage::emit;
    }
    if (task instanceof Task.PerChannel t) {
      return new ChannelStage(stages, t)::emit;
    }
    if (task instanceof Task.Each t) {
      return new EachStage(stages, t)::emit;
    }
    throw new IllegalStateException(task.name() + " is not made in bands");
  }

  void add() {
    int height = last.frame.sizes[1];
    for (int thread = 0; thread < threads; thread++) {
      Arrays.fill(done, Integer.MIN_VALUE);
      int[] cuts = chain.cuts(height, thread, threads);
      for (int band = 0; band + 1 < cuts.length; band++) {
        band(thread, cuts[band], cuts[band + 1]);
      }
    }
    stages.meet();
  }

  private void band(int thread, int from, int to) {
    Chain.Needed needed = chain.needed(from, to);
    for (int i = 0; i < chain.tasks() - 1; i++) {
      Place place = layout.place(chain.list().get(i).output());
      int low = needed.low()[i];
      int high = needed.high()[i];
      if (low >= high) {
        continue;
      }
      int start = needed.start()[chain.frame(i)];
      ready(i, place, low, high, start, thread);
      int first = Math.max(Math.max(done[i], low), 0);
      int behind = Math.min(high, place.frame.sizes[1]);
      if (first < behind) {
        emit(i, first, behind, needed, thread);
      }
      done[i] = Math.max(done[i], high);
    }
    emit(chain.tasks() - 1, from, to, needed, thread);
    System.arraycopy(needed.start(), 0, begun, 0, begun.length);
  }

  /** Brings rows to the buffer's head that it holds already, and zeros to those of the border. */
  private void ready(int task, Place place, int low, int high, int start, int thread) {
    Place.Frame frame = place.frame.root();
    int row = frame.step(1);
    long buffer = thread * place.bandBytes();
    Tables.Joined zeros = new Tables.Joined();
    int fresh = Math.max(done[task], low);
    if (done[task] == Integer.MIN_VALUE) {
      columns(frame, place.bandRows, zeros);
    } else if (done[task] > low) {
      int before = begun[chain.frame(task)];
      if (before != start) {
        Tables.Joined kept = new Tables.Joined();
        kept.add((low - before) * row, (low - start) * row, (done[task] - low) * row / 4);
        stages.move(place, buffer, kept, thread);
      }
    }
    if (fresh < 0) {
      zeros.add(0, (fresh - start) * row, (Math.min(0, high) - fresh) * row / 4);
    }
    int bottom = Math.max(frame.sizes[1], fresh);
    if (high > bottom) {
      zeros.add(0, (bottom - start) * row, (high - bottom) * row / 4);
    }
    if (zeros.bytes() > 0) {
      stages.fill(place, buffer, zeros, thread);
    }
  }

  /** The border's columns of all rows of a buffer. */
  private static void columns(Place.Frame frame, int rows, Tables.Joined zeros) {
    int row = frame.step(1);
    int left = frame.front[2] * frame.pitch;
    int right = frame.back[2] * frame.pitch;
    for (int i = 0; i < rows; i++) {
      if (left > 0) {
        zeros.add(0, i * row, left);
      }
      if (right > 0) {
        zeros.add(0, (i + 1) * row - right * 4, right);
      }
    }
  }

  private void emit(int number, int from, int to, Chain.Needed needed, int thread) {
    Task task = chain.list().get(number);
    List<View> reads = task.reads();
    long in = moved(reads.getFirst(), needed, thread);
    long beside = reads.size() > 1 ? moved(reads.get(1), needed, thread) : 0;
    long out = number < chain.tasks() - 1 ? moved(View.of(task.output()), needed, thread) : 0;
    emitters.get(number).accept(new Slice(from, to, in, out, beside, thread));
  }

  /** How far a view lies from where it would if its values were whole. */
  private long moved(View view, Chain.Needed needed, int thread) {
    int frame = chain.frame(view);
    if (frame < 0) {
      return 0;
    }
    Place place = layout.place(view.value(0));
    int padded = needed.start()[frame] + place.frame.root().front[1];
    return thread * place.bandBytes() - (long) padded * place.frame.root().step(1);
  }
}
