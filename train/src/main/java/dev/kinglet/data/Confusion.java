package dev.kinglet.data;

import java.util.List;

/** How often samples of each class were taken for each other class. */
public final class Confusion {
  private final List<String> classes;
  private final long[][] counts;

  /** No samples yet. */
  public Confusion(List<String> classes) {
    this.classes = List.copyOf(classes);
    counts = new long[classes.size()][classes.size()];
  }

  /** Counts one sample. */
  public void add(int truth, int answer) {
    counts[truth][answer]++;
  }

  /** The classes, in order. */
  public List<String> classes() {
    return classes;
  }

  /** How many samples of a class were given an answer. */
  public long count(int truth, int answer) {
    return counts[truth][answer];
  }

  /** The samples of one class. */
  public long support(int truth) {
    long sum = 0;
    for (long count : counts[truth]) {
      sum += count;
    }
    return sum;
  }

  /** All samples. */
  public long total() {
    long sum = 0;
    for (int truth = 0; truth < counts.length; truth++) {
      sum += support(truth);
    }
    return sum;
  }

  /** The share of all samples that is right (overall accuracy, OA); 0 without samples. */
  public double overall() {
    long right = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
    }
    return total() == 0 ? 0 : (double) right / total();
  }

  /** The share of one class that is right; not a number for a class without samples. */
  public double recall(int truth) {
    return (double) counts[truth][truth] / support(truth);
  }

  /** The share of right ones among those answered with a class; not a number if there are none. */
  public double precision(int answer) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[answer];
    }
    return (double) counts[answer][answer] / sum;
  }

  /** The mean of the classes' recalls (average accuracy, AA), classes without samples left out. */
  public double average() {
    double sum = 0;
    int met = 0;
    for (int i = 0; i < counts.length; i++) {
      if (support(i) > 0) {
        sum += recall(i);
        met++;
      }
    }
    return met == 0 ? 0 : sum / met;
  }

  /** Agreement beyond chance, {@code (p_o - p_e) / (1 - p_e)} (Cohen 1960). */
  public double kappa() {
    double total = total();
    double chance = 0;
    for (int i = 0; i < counts.length; i++) {
      long answered = 0;
      for (long[] row : counts) {
        answered += row[i];
      }
      chance += support(i) / total * (answered / total);
    }
    return chance == 1 ? 1 : (overall() - chance) / (1 - chance);
  }
}
