package dev.kinglet.engine;

/**
 * How long one lowered step took.
 *
 * @param name of the graph's node that it comes from
 * @param step what it computes, as the lowered program prints it
 * @param nanoseconds for the whole batch
 */
public record StepTime(String name, String step, long nanoseconds) {}
