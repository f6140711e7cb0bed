package dev.kinglet.engine;

import dev.kinglet.graph.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One thread's memory for running a network: write the input, run, read the output.
 *
 * <p>Single-precision numbers in the processor's byte order, the batch outermost, then the sample's
 * shape, row-major (NCHW for pictures). Not for use by two threads at once; nothing needs closing.
 */
public interface Session {
  /** Where the samples are written: {@code maxBatch} times the elements of the graph's input. */
  MemorySegment input();

  /** The largest batch that {@link #run} takes. */
  int maxBatch();

  /**
   * Computes the first {@code batch} samples of the input.
   *
   * @throws InvalidInputException if the batch is not between 1 and {@link #maxBatch}
   * @throws IllegalStateException in machine code, if another thread runs this session just now
   */
  void run(int batch);

  /**
   * As {@link #run(int)}, measuring each step of the lowered program. A run that is not measured
   * costs nothing more for it.
   *
   * @return one time a step, in the order in which they ran
   */
  List<StepTime> profile(int batch);

  /**
   * The answers of the last run: {@code maxBatch} times the elements of the graph's output, of
   * which the first {@code batch} are new.
   */
  MemorySegment output();

  /**
   * Copies samples in, runs them, copies the answers out into a fresh array.
   *
   * @param input a whole number of samples, at most {@link #maxBatch}
   * @throws InvalidInputException if it is not
   */
  default float[] run(float[] input) {
    long each = input().byteSize() / Float.BYTES / maxBatch();
    if (input.length == 0 || input.length % each != 0 || input.length / each > maxBatch()) {
      throw new InvalidInputException(
          "This session takes 1 to "
              + maxBatch()
              + " samples of "
              + each
              + " numbers, but was given "
              + input.length
              + " numbers.");
    }
    int batch = (int) (input.length / each);
    MemorySegment.copy(input, 0, input(), ValueLayout.JAVA_FLOAT, 0, input.length);
    run(batch);
    float[] answer = new float[(int) (output().byteSize() / Float.BYTES / maxBatch()) * batch];
    MemorySegment.copy(output(), ValueLayout.JAVA_FLOAT, 0, answer, 0, answer.length);
    return answer;
  }
}
