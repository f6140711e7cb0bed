package dev.kinglet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The child's side of a {@link Contestant}: reads commands, times a runtime, answers. */
final class Turns {
  private Turns() {}

  /** One call of a network that is loaded. */
  interface Call {
    void run() throws Exception;
  }

  /** The numbers of the first sample of a call's batch. */
  interface Answer {
    float[] first() throws Exception;
  }

  /** A network that is loaded, with its input. */
  record Loaded(Call call, Answer answer) {}

  /** A runtime under test. */
  interface Runtime {
    String version();

    Loaded load(Path model, int threads, int batch, int[] input) throws Exception;
  }

  static void serve(Runtime runtime) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Loaded loaded = null;
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "load" -> {
          try {
            int[] input = Arrays.stream(words[4].split("x")).mapToInt(Integer::parseInt).toArray();
            loaded =
                runtime.load(
                    Path.of(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    input);
            measure(loaded.call(), 0.5);
            System.out.println("ready " + runtime.version());
          } catch (Exception e) {
            System.out.println("absent " + String.valueOf(e.getMessage()).replace('\n', ' '));
          }
        }
        case "run" -> {
          try {
            System.out.println("time " + measure(loaded.call(), Double.parseDouble(words[1])));
          } catch (Exception e) {
            System.out.println("absent " + String.valueOf(e.getMessage()).replace('\n', ' '));
          }
        }
        case "answer" -> {
          try {
            StringBuilder text = new StringBuilder("numbers");
            for (float number : loaded.answer().first()) {
              text.append(' ').append(number);
            }
            System.out.println(text);
          } catch (Exception e) {
            System.out.println("absent " + String.valueOf(e.getMessage()).replace('\n', ' '));
          }
        }
        default -> {
          return;
        }
      }
      System.out.flush();
    }
  }

  /** The file beside a model that is named like it with another ending. */
  static Path beside(Path model, String ending) {
    return model.resolveSibling(model.getFileName().toString().replace(".onnx", ending));
  }

  /**
   * What {@code bench/convert.py} made of a model.
   *
   * @throws IOException with the reason why it is not there, or if it is older than the model
   */
  static Path converted(Path model, String form, String ending) throws IOException {
    Path failed = beside(model, "." + form + ".failed");
    Path converted = beside(model, ending);
    if (Files.exists(converted)
        && Files.getLastModifiedTime(converted).compareTo(Files.getLastModifiedTime(model)) >= 0) {
      return converted;
    }
    throw new IOException(
        Files.exists(failed)
            ? "cannot be converted: " + Files.readString(failed).strip()
            : "not converted: run bench/convert.py");
  }

  static float[] values(int batch, int[] input) {
    int elements = batch;
    for (int size : input) {
      elements *= size;
    }
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (i % 97) / 48f - 1;
    }
    return values;
  }

  /** The first sample's share of a batch. */
  static float[] first(float[] numbers, int batch) {
    return Arrays.copyOf(numbers, numbers.length / batch);
  }

  /** The same pictures with channels last; input is channels x rows x columns. */
  static float[] channelsLast(float[] values, int[] input) {
    int channels = input[0];
    int positions = input[1] * input[2];
    float[] last = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int sample = i / (channels * positions);
      int channel = i / positions % channels;
      last[(sample * positions + i % positions) * channels + channel] = values[i];
    }
    return last;
  }

  /** The median nanoseconds of one call within so many seconds. */
  static long measure(Call call, double seconds) throws Exception {
    long[] times = new long[100_000];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      long start = System.nanoTime();
      call.run();
      times[count++] = System.nanoTime() - start;
    } while (System.nanoTime() < end && count < times.length);
    Arrays.sort(times, 0, count);
    return times[count / 2];
  }
}
