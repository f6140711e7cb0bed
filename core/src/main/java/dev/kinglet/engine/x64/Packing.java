package dev.kinglet.engine.x64;

import dev.kinglet.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Weights to be brought into a plan's memory, by emitted code, once that memory exists. */
final class Packing {
  private sealed interface Job permits Ready, Panels, Products, Quarters {}

  /** Numbers that only need to be copied. */
  private record Ready(long offset, float[] numbers) implements Job {}

  /**
   * Weights as a checkpoint has them.
   *
   * @param rows where each lane's weights begin in the tensor, in bytes
   * @param terms where each term lies in such a row, in bytes; those of several groups of rows
   *     behind each other
   * @param scale of each lane
   */
  record Source(Tensor weight, int[] rows, int[] terms, float[] scale) {
    long bytes() {
      return 6 * (weight.shape().elements() + 16L) + 4L * (rows.length * 2 + terms.length) + 256;
    }
  }

  /**
   * Panels of a product: a vector of biases, then the weights of each term.
   *
   * @param groups of panels, each with terms of its own
   * @param pairing of the terms, which asks for more in front; or null
   */
  private record Panels(
      long offset, int lanes, Source source, float[] bias, int groups, Pairing pairing)
      implements Job {}

  /**
   * Panels of {@link Winograd}'s products, those of each product behind each other; no biases. Nine
   * terms of the source, its taps, are one here.
   *
   * @param vectors a panel
   */
  private record Products(long offset, Winograd size, int vectors, Source source) implements Job {}

  /**
   * Panels of {@link Strassen}'s products, those of each product behind each other and behind them
   * their channels' scales and biases. The source has the rows of the first half of the panels,
   * then those of the second; its terms the left half, then the right.
   *
   * @param vectors a panel
   * @param product bytes of one product's
   */
  private record Quarters(
      long offset, int vectors, long product, Source source, float[] bias, Pairing pairing)
      implements Job {}

  private final List<Job> jobs = new ArrayList<>();

  void ready(long offset, float[] numbers) {
    jobs.add(new Ready(offset, numbers));
  }

  void panels(long offset, int lanes, Source source, float[] bias, Pairing pairing) {
    panels(offset, lanes, source, bias, 1, pairing);
  }

  void panels(long offset, int lanes, Source source, float[] bias, int groups, Pairing pairing) {
    jobs.add(new Panels(offset, lanes, source, bias, groups, pairing));
  }

  void products(long offset, Winograd size, int vectors, Source source) {
    jobs.add(new Products(offset, size, vectors, source));
  }

  void quarters(
      long offset, int vectors, long product, Source source, float[] bias, Pairing pairing) {
    jobs.add(new Quarters(offset, vectors, product, source, bias, pairing));
  }

  /** The kernel that sums quarters of weights, in the plan's code. */
  static int quarters(Writer asm, int vectors, boolean pairs) {
    int head = pairs ? Pairing.HEAD : 1;
    Object key = "quarters " + vectors + " behind " + head;
    return asm.kernel(key, () -> StrassenWeights.write(asm, vectors, head));
  }

  /** The kernel of panels of so many lanes, in the plan's code. */
  static int kernel(Writer asm, int lanes) {
    return asm.kernel("pack " + lanes, () -> PackKernel.panel(asm, lanes));
  }

  /** The kernel that scales panels of paired terms, in the plan's code. */
  static int pairs(Writer asm, int lanes) {
    return asm.kernel("pairs " + lanes, () -> PackKernel.pairs(asm, lanes));
  }

  /** The kernel that transforms weights, in the plan's code. */
  static int kernel(Writer asm, Winograd size) {
    return asm.kernel(size, () -> WinogradWeights.write(asm, size));
  }

  static int halves(Writer asm) {
    return asm.kernel("halves", () -> PackKernel.halves(asm));
  }

  /** Does all of it. */
  void run(Native machine, Writer asm, MemorySegment code, MemorySegment data) {
    long most = 64;
    for (Job job : jobs) {
      switch (job) {
        case Ready _ -> {}
        case Panels p -> most = Math.max(most, p.source.bytes());
        case Products p ->
            most = Math.max(most, p.source.bytes() + 64L + p.source.terms.length * asm.bytes);
        case Quarters p ->
            most =
                Math.max(
                    most,
                    p.source.bytes() + 64L + 2L * p.source.terms.length * p.vectors * asm.bytes);
      }
    }
    MemorySegment scratch = machine.buffer(most + 256);
    for (Job job : jobs) {
      switch (job) {
        case Ready r ->
            MemorySegment.copy(
                r.numbers, 0, data, ValueLayout.JAVA_FLOAT, r.offset, r.numbers.length);
        case Panels p -> pack(machine, asm, code, data, scratch, p);
        case Products p -> pack(machine, asm, code, data, scratch, p);
        case Quarters p -> pack(machine, asm, code, data, scratch, p);
      }
    }
  }

  /** Where the parts of a source lie in the scratch memory, and what is free behind them. */
  private record Laid(long weights, long rows, long terms, long scale, long free) {}

  private static Laid lay(
      Native machine, Writer asm, MemorySegment code, MemorySegment scratch, Source p) {
    int elements = p.weight.shape().elements();
    long behind = (elements + 16L) * 4;
    switch (p.weight.type()) {
      case F32 -> MemorySegment.copy(p.weight.data(), 0, scratch, 0, elements * 4L);
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
          MemorySegment.copy(p.weight.toFloats(), 0, scratch, ValueLayout.JAVA_FLOAT, 0, elements);
    }
    long rows = behind + (elements + 16L) * 2 + 63 & -64;
    long terms = rows + p.rows.length * 4L;
    long scale = terms + p.terms.length * 4L;
    MemorySegment.copy(p.rows, 0, scratch, ValueLayout.JAVA_INT, rows, p.rows.length);
    MemorySegment.copy(p.terms, 0, scratch, ValueLayout.JAVA_INT, terms, p.terms.length);
    MemorySegment.copy(p.scale, 0, scratch, ValueLayout.JAVA_FLOAT, scale, p.scale.length);
    long base = scratch.address();
    long free = base + scale + p.scale.length * 4L + 63 & -64;
    return new Laid(base, base + rows, base + terms, base + scale, free);
  }

  private static void pack(
      Native machine,
      Writer asm,
      MemorySegment code,
      MemorySegment data,
      MemorySegment scratch,
      Panels p) {
    Laid laid = lay(machine, asm, code, scratch, p.source);
    Pairing pairing = p.pairing;
    int count = p.source.terms.length / p.groups;
    int panels = p.source.rows.length / p.lanes;
    long head = pairing == null ? 1 : Pairing.HEAD;
    long panel = (head + count) * p.lanes * 4;
    MemorySegment kernel = at(code, asm.position(kernel(asm, p.lanes)));
    for (int i = 0; i < panels; i++) {
      long to = p.offset + i * panel;
      MemorySegment.copy(p.bias, i * p.lanes, data, ValueLayout.JAVA_FLOAT, to, p.lanes);
      machine.call(
          kernel,
          data.address() + to + head * p.lanes * 4L,
          laid.weights,
          laid.terms + i * p.groups / panels * count * 4L,
          count,
          laid.rows + i * p.lanes * 4L,
          laid.scale + i * p.lanes * 4L);
      if (pairing != null) {
        machine.call(
            at(code, asm.position(pairs(asm, p.lanes))),
            data.address() + to,
            count,
            pairing.runs(),
            pairing.units(),
            pairing.rest(),
            Float.floatToRawIntBits(pairing.size()));
      }
    }
  }

  private static void pack(
      Native machine,
      Writer asm,
      MemorySegment code,
      MemorySegment data,
      MemorySegment scratch,
      Products p) {
    Laid laid = lay(machine, asm, code, scratch, p.source);
    int count = p.source.terms.length;
    int terms = count / WinogradWeights.TAPS;
    long step = (long) p.vectors * asm.bytes;
    int panels = p.source.rows.length / (p.vectors * asm.lanes);
    long panel = (1L + terms) * step;
    MemorySegment gather = at(code, asm.position(kernel(asm, asm.lanes)));
    MemorySegment transform = at(code, asm.position(kernel(asm, p.size)));
    for (int i = 0; i < panels * p.vectors; i++) {
      machine.call(
          gather,
          laid.free,
          laid.weights,
          laid.terms,
          count,
          laid.rows + (long) i * asm.bytes,
          laid.scale + (long) i * asm.bytes);
      long to = p.offset + i / p.vectors * panel + step + (long) (i % p.vectors) * asm.bytes;
      machine.call(transform, data.address() + to, laid.free, panels * panel, terms, step, 0);
    }
  }

  private static void pack(
      Native machine,
      Writer asm,
      MemorySegment code,
      MemorySegment data,
      MemorySegment scratch,
      Quarters p) {
    Laid laid = lay(machine, asm, code, scratch, p.source);
    int count = p.source.terms.length / 2;
    int lanes = p.vectors * asm.lanes;
    int panels = p.source.rows.length / lanes / 2;
    long head = p.pairing == null ? 1 : Pairing.HEAD;
    long panel = (head + count) * lanes * 4;
    MemorySegment gather = at(code, asm.position(kernel(asm, lanes)));
    MemorySegment sum = at(code, asm.position(quarters(asm, p.vectors, p.pairing != null)));
    long quarter = count * lanes * 4L;
    for (int i = 0; i < panels; i++) {
      for (int q = 0; q < 4; q++) {
        long row = ((long) (q % 2) * panels + i) * lanes * 4;
        machine.call(
            gather,
            laid.free + q * quarter,
            laid.weights,
            laid.terms + q / 2 * count * 4L,
            count,
            laid.rows + row,
            laid.scale + row);
      }
      long to = p.offset + i * panel;
      long ends = p.offset + panels * panel + i * 2L * lanes * 4;
      for (Strassen part : Strassen.values()) {
        if ((part.carry & Carry.FINISH) != 0) {
          MemorySegment.copy(
              p.bias,
              (part.second ? panels + i : i) * lanes,
              data,
              ValueLayout.JAVA_FLOAT,
              ends + part.ordinal() * p.product + lanes * 4L,
              lanes);
        }
      }
      machine.call(sum, data.address() + to, laid.free, count, p.product, data.address() + ends, 0);
      for (int part = 0; p.pairing != null && part < Strassen.values().length; part++) {
        machine.call(
            at(code, asm.position(pairs(asm, lanes))),
            data.address() + to + part * p.product,
            count,
            1,
            p.pairing.units(),
            p.pairing.rest(),
            Float.floatToRawIntBits(p.pairing.size()));
      }
    }
  }

  private static MemorySegment at(MemorySegment code, int position) {
    return code.asSlice(position);
  }
}
