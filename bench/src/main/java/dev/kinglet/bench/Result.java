package dev.kinglet.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One task's race.
 *
 * @param versions by contestant
 * @param times by contestant, nanoseconds, one a round
 * @param absent by contestant, why it does not run
 */
record Result(
    Task task,
    Map<String, String> versions,
    Map<String, List<Double>> times,
    Map<String, String> absent) {
  /** Nothing yet. */
  Result(Task task) {
    this(task, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /** The median of a contestant's rounds, in milliseconds. */
  double milliseconds(String contestant) {
    return median(times.get(contestant)) / 1e6;
  }

  /** The median over the rounds of the first contestant's time to another's. */
  double ratio(String contestant, String peer) {
    List<Double> ratios = new ArrayList<>();
    List<Double> ours = times.get(contestant);
    List<Double> theirs = times.get(peer);
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return median(ratios);
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
