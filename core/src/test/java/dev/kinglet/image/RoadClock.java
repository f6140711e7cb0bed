package dev.kinglet.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Times one step of the road for one picture at a time, on request by standard input, so that a
 * script can alternate with another library: {@code bench/road.py}.
 *
 * <p>A request is {@code decode FILE}, {@code prepare FILE RECIPE} (from decoded pixels to values)
 * or {@code road FILE RECIPE} (both); the answer is the time in nanoseconds.
 */
public final class RoadClock {
  private RoadClock() {}

  /** Answers requests until the input ends. */
  public static void main(String[] args) throws IOException {
    PictureReader reader = new PictureReader();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Raster raster = new Raster();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(4L * 3 * 512 * 512, 64);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split("\t");
        byte[] file = Files.readAllBytes(Path.of(words[1]));
        Source source = new Source(file, file.length, words[1]);
        Recipe recipe = words.length > 2 ? Recipe.named(words[2]) : null;
        long start = 0;
        switch (words[0]) {
          case "decode" -> {
            start = System.nanoTime();
            reader.decode(source, null, raster);
          }
          case "prepare" -> {
            Picture picture = reader.decode(file, words[1]);
            start = System.nanoTime();
            reader.prepare(picture, recipe, target, 0);
          }
          default -> {
            start = System.nanoTime();
            reader.prepare(file, words[1], recipe, target, 0);
          }
        }
        System.out.println(System.nanoTime() - start);
      }
    }
  }
}
