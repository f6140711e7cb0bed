package dev.kinglet.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A seeded split that takes the same share of every class. */
public final class Stratified {
  private Stratified() {}

  /**
   * Two ascending lists of indices.
   *
   * @param taken the share of each class, rounded, but at least one sample of a class that has two
   * @param rest all others
   */
  public record Split(List<Integer> taken, List<Integer> rest) {
    /** Copies the lists. */
    public Split {
      taken = List.copyOf(taken);
      rest = List.copyOf(rest);
    }
  }

  /** Takes a share of each class at random. */
  public static Split split(int[] labels, double share, long seed) {
    Map<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int i = 0; i < labels.length; i++) {
      byClass.computeIfAbsent(labels[i], _ -> new ArrayList<>()).add(i);
    }
    boolean[] takes = new boolean[labels.length];
    byClass.forEach(
        (label, members) -> {
          int count = (int) Math.round(share * members.size());
          count =
              Math.clamp(count, Math.min(1, members.size() / 2), Math.max(1, members.size() - 1));
          int[] order = Seeds.shuffled(members.size(), Seeds.at(seed, label, 0x53504C4954L));
          for (int i = 0; i < Math.min(count, members.size()); i++) {
            takes[members.get(order[i])] = true;
          }
        });
    List<Integer> taken = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      (takes[i] ? taken : rest).add(i);
    }
    return new Split(taken, rest);
  }
}
