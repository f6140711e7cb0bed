package dev.kinglet.data;

/**
 * Samples side by side and what they are.
 *
 * @param values all samples, one after the other
 * @param labels of the samples
 * @param others of those that were blended in
 * @param share of each sample that is its own; 1 where nothing was blended
 */
public record Batch(float[] values, long[] labels, long[] others, double share) {
  /** The number of samples. */
  public int size() {
    return labels.length;
  }
}
