package dev.kinglet.bench;

import dev.kinglet.onnx.OnnxReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times opening ONNX files: the first time in a new process, and when the process has done it
 * often. The files' pages are in the system's cache either way.
 */
final class Opening {
  private static final int PROCESSES = 9;
  private static final int READS = 300;

  private Opening() {}

  /** Prints a Markdown table of the files given. */
  public static void main(String[] files) throws IOException, InterruptedException {
    if (files.length == 2 && files[0].equals("once")) {
      once(Path.of(files[1]));
      return;
    }
    Map<String, List<Double>> cold = new LinkedHashMap<>();
    Map<String, List<Double>> warm = new LinkedHashMap<>();
    for (int round = 0; round < PROCESSES; round++) {
      for (String file : files) {
        String[] answer = child(file).split(" ");
        cold.computeIfAbsent(file, _ -> new ArrayList<>()).add(Double.parseDouble(answer[0]));
        warm.computeIfAbsent(file, _ -> new ArrayList<>()).add(Double.parseDouble(answer[1]));
      }
    }
    System.out.println("| file | first in a process, ms | warm, ms |\n| --- | --- | --- |");
    for (String file : files) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.2f |%n",
          Path.of(file).getFileName(),
          Result.median(cold.get(file)),
          Result.median(warm.get(file)));
    }
  }

  private static String child(String file) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Race.java(Opening.class, "once", file));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException(file + " does not open");
    }
    return answer;
  }

  /** Milliseconds of the first opening and the median of the last hundred. */
  private static void once(Path file) {
    double[] times = new double[READS];
    for (int i = 0; i < READS; i++) {
      long start = System.nanoTime();
      OnnxReader.read(file);
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    double[] last = Arrays.copyOfRange(times, READS - 100, READS);
    Arrays.sort(last);
    System.out.println(times[0] + " " + last[50]);
  }
}
