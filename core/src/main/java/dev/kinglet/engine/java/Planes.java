package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One session's memory: an array for each channel that is alive at the same time. */
final class Planes {
  private final float[][] planes;
  private final Map<Value, float[][]> channels;

  private Planes(float[][] planes, Map<Value, float[][]> channels) {
    this.planes = planes;
    this.channels = channels;
  }

  /** The array of each channel that a view sees. */
  float[][] of(View view) {
    float[][] seen = new float[view.channels()][];
    for (int c = 0; c < seen.length; c++) {
      seen[c] = channels.get(view.value(c))[view.channel(c)];
    }
    return seen;
  }

  /** The array of each channel of a value. */
  float[][] of(Value value) {
    return channels.get(value);
  }

  /**
   * Which array each channel lies in. A channel's array is taken again as soon as nothing reads the
   * channel any more.
   *
   * @param capacities the length of each array
   * @param places the array of each channel of each value
   * @param constants known values, shared by all sessions
   */
  record Layout(
      List<Integer> capacities, Map<Value, int[]> places, Map<Value, float[][]> constants) {

    static Layout of(Program program) {
      Map<Value, int[]> lastUse = new HashMap<>();
      for (int i = 0; i < program.steps().size(); i++) {
        for (View view : program.steps().get(i).inputs()) {
          use(lastUse, view, i);
        }
      }
      use(lastUse, program.output(), Integer.MAX_VALUE);
      List<Integer> capacities = new ArrayList<>();
      Map<Value, int[]> places = new HashMap<>();
      TreeMap<Integer, List<Integer>> free = new TreeMap<>();
      List<List<Integer>> dying = new ArrayList<>();
      program.steps().forEach(step -> dying.add(new ArrayList<>()));
      place(program.input(), 0, capacities, places, free, lastUse, dying);
      for (int i = 0; i < program.steps().size(); i++) {
        Step step = program.steps().get(i);
        place(step.output(), i, capacities, places, free, lastUse, dying);
        for (int plane : dying.get(i)) {
          free.computeIfAbsent(capacities.get(plane), size -> new ArrayList<>()).add(plane);
        }
      }
      Map<Value, float[][]> constants = new HashMap<>();
      program.constants().forEach((value, data) -> constants.put(value, split(value, data)));
      return new Layout(List.copyOf(capacities), places, constants);
    }

    private static void use(Map<Value, int[]> lastUse, View view, int step) {
      for (int c = 0; c < view.channels(); c++) {
        Value value = view.value(c);
        lastUse.computeIfAbsent(value, v -> new int[v.channels()])[view.channel(c)] = step;
      }
    }

    private static void place(
        Value value,
        int step,
        List<Integer> capacities,
        Map<Value, int[]> places,
        TreeMap<Integer, List<Integer>> free,
        Map<Value, int[]> lastUse,
        List<List<Integer>> dying) {
      int[] place = new int[value.channels()];
      int[] last = lastUse.getOrDefault(value, new int[place.length]);
      for (int c = 0; c < place.length; c++) {
        Map.Entry<Integer, List<Integer>> fitting = free.ceilingEntry(value.area());
        if (fitting == null || fitting.getKey() > 4L * value.area()) {
          place[c] = capacities.size();
          capacities.add(value.area());
        } else {
          place[c] = fitting.getValue().removeLast();
          if (fitting.getValue().isEmpty()) {
            free.remove(fitting.getKey());
          }
        }
        int dies = Math.max(last[c], step);
        if (dies < dying.size()) {
          dying.get(dies).add(place[c]);
        }
      }
      places.put(value, place);
    }

    private static float[][] split(Value value, Tensor data) {
      float[] all = data.toFloats();
      float[][] channels = new float[value.channels()][];
      for (int c = 0; c < channels.length; c++) {
        channels[c] = Arrays.copyOfRange(all, c * value.area(), (c + 1) * value.area());
      }
      return channels;
    }

    /** Fresh memory. */
    Planes allocate() {
      float[][] planes = new float[capacities.size()][];
      for (int i = 0; i < planes.length; i++) {
        planes[i] = new float[capacities.get(i)];
      }
      Map<Value, float[][]> channels = new HashMap<>(constants);
      places.forEach(
          (value, place) -> {
            float[][] found = new float[place.length][];
            Arrays.setAll(found, c -> planes[place[c]]);
            channels.put(value, found);
          });
      return new Planes(planes, channels);
    }
  }
}
