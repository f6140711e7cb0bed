package dev.kinglet.engine;

/**
 * How long one lowered step took, and what it had to do for the whole batch.
 *
 * @param name of the graph's node that it comes from
 * @param step what it computes, as the lowered program prints it
 * @param nanoseconds for the whole batch
 * @param macs multiply-adds; 0 for what multiplies no weights
 * @param values bytes of values read and written, each once, without borders and padding
 * @param weights bytes of weights as single-precision numbers, once for the batch
 */
public record StepTime(
    String name, String step, long nanoseconds, long macs, long values, long weights) {}
