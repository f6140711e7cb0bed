package dev.kinglet.engine.x64;

import java.util.Arrays;

/**
 * Panels that each read their own groups; a panel over several groups has zeros between.
 *
 * @param wide vectors of a panel
 * @param weights where in the plan's data those of all panels lie
 * @param records of the panels, as {@link ProductKernel} reads them; their tables count from {@code
 *     table}
 * @param table where each panel's terms lie
 */
record GroupPanels(int wide, long weights, int[] records, int[] table) {

  static GroupPanels of(Stages stages, Task.Product task, Place out, int vectors) {
    Writer asm = stages.asm;
    int outputs = task.weighting().outputs();
    int ins = task.input().channels() / task.groups();
    int outs = outputs / task.groups();
    int taps = task.reach().taps();
    int[] channel = new int[vectors * asm.lanes];
    Arrays.fill(channel, -1);
    for (int o = 0; o < outputs; o++) {
      channel[out.lane[o]] = o;
    }
    int wide = 1;
    long least = Long.MAX_VALUE;
    for (int v = 1; v <= Math.min(4, vectors); v++) {
      long cost = 0;
      for (int panel = 0; panel * v < vectors; panel++) {
        int[] groups = groups(channel, panel * v * asm.lanes, v * asm.lanes, outs);
        cost += (long) (groups[1] - groups[0]) * v;
      }
      if (cost <= least) {
        least = cost;
        wide = v;
      }
    }
    int panels = Math.ceilDiv(vectors, wide);
    int lanes = wide * asm.lanes;
    int[] records = new int[panels * 3];
    Tables.Joined list = new Tables.Joined();
    Tables.Joined numbers = new Tables.Joined();
    float[] folded = task.weighting().folded();
    for (int panel = 0; panel < panels; panel++) {
      int[] groups = groups(channel, panel * lanes, lanes, outs);
      ProductTerms terms =
          ProductTerms.of(stages, task, groups[0] * ins, (groups[1] - groups[0]) * ins);
      int[] indices = terms.indices();
      records[panel * 3] = numbers.bytes();
      records[panel * 3 + 1] = list.add(terms.offsets());
      records[panel * 3 + 2] = indices.length;
      int[] packed = new int[(1 + indices.length) * lanes];
      for (int lane = 0; lane < lanes; lane++) {
        int at = panel * lanes + lane;
        int o = at < channel.length ? channel[at] : -1;
        if (o < 0) {
          continue;
        }
        packed[lane] = Float.floatToRawIntBits(task.weighting().bias()[o]);
        int own = (o / outs - groups[0]) * ins * taps;
        for (int k = 0; k < indices.length; k++) {
          int index = indices[k] - own;
          if (index >= 0 && index < ins * taps) {
            packed[(1 + k) * lanes + lane] =
                Float.floatToRawIntBits(folded[o * ins * taps + index]);
          }
        }
      }
      numbers.add(packed);
    }
    long weights = stages.tables.add(numbers.numbers());
    return new GroupPanels(wide, weights, records, list.numbers());
  }

  /** The groups that some lanes hold channels of: the first, and the one behind the last. */
  private static int[] groups(int[] channel, int first, int count, int outs) {
    int low = Integer.MAX_VALUE;
    int high = 0;
    int end = Math.min(channel.length, first + count);
    for (int lane = first; lane < end; lane++) {
      if (channel[lane] >= 0) {
        low = Math.min(low, channel[lane] / outs);
        high = Math.max(high, channel[lane] / outs + 1);
      }
    }
    return high == 0 ? new int[] {0, 1} : new int[] {low, high};
  }
}
