package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlocksTest {
  @Test
  void aCopyInTheOrderOfAViewsBlocksHasTheSameBlocks() {
    Random random = new Random(71);
    for (int i = 0; i < 20_000; i++) {
      int size = random.nextBoolean() ? 8 : 16;
      Map<Value, Place> places = new HashMap<>();
      List<View> parts = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      for (int v = 0; v < count; v++) {
        Value value = new Value(v, Shape.of(1 + random.nextInt(50), 2, 3));
        put(places, value, lanes(value.channels(), random));
        int[] chosen = new int[1 + random.nextInt(value.channels())];
        for (int c = 0; c < chosen.length; c++) {
          chosen[c] = random.nextInt(value.channels());
        }
        parts.add(View.of(value).select(chosen));
      }
      Blocks blocks = Blocks.of(View.concatenated(parts), size, places::get);
      Value copy = new Value(count, Shape.of(blocks.lane().length, 2, 3));
      put(places, copy, blocks.lane());
      assertArrayEquals(blocks.lane(), Blocks.of(View.of(copy), size, places::get).lane());
    }
  }

  private static void put(Map<Value, Place> places, Value value, int[] lane) {
    places.put(value, new Place(value, false, Driver.ARENA, lane, 0));
  }

  /** Channels anywhere in a pixel, no two at one float. */
  private static int[] lanes(int channels, Random random) {
    List<Integer> all = new ArrayList<>();
    for (int lane = 0; lane < channels * (1 + random.nextInt(3)); lane++) {
      all.add(lane);
    }
    Collections.shuffle(all, random);
    return all.stream().limit(channels).mapToInt(lane -> lane).toArray();
  }
}
