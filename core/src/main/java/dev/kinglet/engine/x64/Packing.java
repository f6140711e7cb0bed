package dev.kinglet.engine.x64;

import dev.kinglet.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Weights to be brought into a plan's memory, by emitted code, once that memory exists. */
final class Packing {
  private sealed interface Job permits Ready, Panels {}

  /** Numbers that only need to be copied. */
  private record Ready(long offset, float[] numbers) implements Job {}

  /**
   * Panels of a product: a vector of biases, then the weights of each term.
   *
   * @param rows where each lane's weights begin in the tensor, in bytes
   * @param terms where each term lies in such a row, in bytes
   */
  private record Panels(
      long offset, int lanes, Tensor weight, int[] rows, int[] terms, float[] scale, float[] bias)
      implements Job {}

  private final List<Job> jobs = new ArrayList<>();

  void ready(long offset, float[] numbers) {
    jobs.add(new Ready(offset, numbers));
  }

  void panels(
      long offset, int lanes, Tensor weight, int[] rows, int[] terms, float[] scale, float[] bias) {
    jobs.add(new Panels(offset, lanes, weight, rows, terms, scale, bias));
  }

  /** The kernel of panels of so many lanes, in the plan's code. */
  static int kernel(Writer asm, int lanes) {
    return asm.kernel("pack " + lanes, () -> PackKernel.panel(asm, lanes));
  }

  static int halves(Writer asm) {
    return asm.kernel("halves", () -> PackKernel.halves(asm));
  }

  /** Does all of it. */
  void run(Native machine, Writer asm, MemorySegment code, MemorySegment data) {
    long most = 64;
    for (Job job : jobs) {
      if (job instanceof Panels p) {
        long floats = p.weight.shape().elements() + 16L;
        most = Math.max(most, 4 * floats + 2 * floats + 4L * (p.rows.length * 2 + p.terms.length));
      }
    }
    MemorySegment scratch = machine.buffer(most + 256);
    for (Job job : jobs) {
      switch (job) {
        case Ready r ->
            MemorySegment.copy(
                r.numbers, 0, data, ValueLayout.JAVA_FLOAT, r.offset, r.numbers.length);
        case Panels p -> pack(machine, asm, code, data, scratch, p);
      }
    }
  }

  private static void pack(
      Native machine,
      Writer asm,
      MemorySegment code,
      MemorySegment data,
      MemorySegment scratch,
      Panels p) {
    long weights = 0;
    int elements = p.weight.shape().elements();
    long behind = (elements + 16L) * 4;
    switch (p.weight.type()) {
      case F32 -> MemorySegment.copy(p.weight.data(), 0, scratch, weights, elements * 4L);
      case F16 -> {
        MemorySegment.copy(p.weight.data(), 0, scratch, behind, elements * 2L);
        machine.call(
            at(code, asm.position(halves(asm))),
            scratch.address(),
            scratch.address() + behind,
            (elements + 7) / 8,
            0,
            0,
            0);
      }
      case BF16, F64, I8, U8, BOOL, I16, U16, I32, I64 ->
          MemorySegment.copy(
              p.weight.toFloats(), 0, scratch, ValueLayout.JAVA_FLOAT, weights, elements);
    }
    long rows = behind + (elements + 16L) * 2 + 63 & -64;
    long terms = rows + p.rows.length * 4L;
    long scale = terms + p.terms.length * 4L;
    MemorySegment.copy(p.rows, 0, scratch, ValueLayout.JAVA_INT, rows, p.rows.length);
    MemorySegment.copy(p.terms, 0, scratch, ValueLayout.JAVA_INT, terms, p.terms.length);
    MemorySegment.copy(p.scale, 0, scratch, ValueLayout.JAVA_FLOAT, scale, p.scale.length);
    long panel = (1L + p.terms.length) * p.lanes * 4;
    MemorySegment kernel = at(code, asm.position(kernel(asm, p.lanes)));
    for (int i = 0; i * p.lanes < p.rows.length; i++) {
      long to = p.offset + i * panel;
      MemorySegment.copy(p.bias, i * p.lanes, data, ValueLayout.JAVA_FLOAT, to, p.lanes);
      machine.call(
          kernel,
          data.address() + to + p.lanes * 4L,
          scratch.address() + weights,
          scratch.address() + terms,
          p.terms.length,
          scratch.address() + rows + i * p.lanes * 4L,
          scratch.address() + scale + i * p.lanes * 4L);
    }
  }

  private static MemorySegment at(MemorySegment code, int position) {
    return code.asSlice(position);
  }
}
