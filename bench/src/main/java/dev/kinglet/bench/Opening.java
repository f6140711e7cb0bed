package dev.kinglet.bench;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.onnx.OnnxModel;
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
 * Times opening and compiling ONNX files: the first time in a new process, and when the process has
 * done it often. The files' pages are in the system's cache either way; memory of plans made before
 * is given back in between, and no plan is kept on disk.
 */
final class Opening {
  private static final int PROCESSES = 9;
  private static final int READS = 300;
  private static final int COMPILES = 25;

  private static final List<String> COLUMNS =
      List.of("opened first, ms", "warm, ms", "compiled first, ms", "warm, ms");

  private Opening() {}

  /** Prints a Markdown table of the files given. */
  public static void main(String[] files) throws IOException, InterruptedException {
    if (files.length == 2 && files[0].equals("once")) {
      once(Path.of(files[1]));
      return;
    }
    Map<String, List<double[]>> found = new LinkedHashMap<>();
    for (int round = 0; round < PROCESSES; round++) {
      for (String file : files) {
        double[] times =
            Arrays.stream(child(file).split(" ")).mapToDouble(Double::parseDouble).toArray();
        found.computeIfAbsent(file, _ -> new ArrayList<>()).add(times);
      }
    }
    System.out.println("| file | " + String.join(" | ", COLUMNS) + " |");
    System.out.println("| --- |" + " ---: |".repeat(COLUMNS.size()));
    for (String file : files) {
      StringBuilder line = new StringBuilder("| " + Path.of(file).getFileName() + " |");
      for (int i = 0; i < COLUMNS.size(); i++) {
        int column = i;
        List<Double> times = found.get(file).stream().map(all -> all[column]).toList();
        line.append(String.format(Locale.ROOT, " %.2f |", Result.median(times)));
      }
      System.out.println(line);
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

  /** Milliseconds of the first opening and the median of the last ones; the same of compiling. */
  private static void once(Path file) throws InterruptedException {
    double[] opened = new double[READS];
    OnnxModel model = null;
    for (int i = 0; i < READS; i++) {
      long start = System.nanoTime();
      model = OnnxReader.read(file);
      opened[i] = (System.nanoTime() - start) / 1e6;
    }
    double[] compiled = new double[COMPILES];
    for (int i = 0; i < COMPILES; i++) {
      long start = System.nanoTime();
      Engine.compile(model.graph(), model.weights(), Options.defaults());
      compiled[i] = (System.nanoTime() - start) / 1e6;
      System.gc();
      Thread.sleep(50);
    }
    System.out.printf(
        Locale.ROOT,
        "%f %f %f %f%n",
        opened[0],
        last(opened, READS / 3),
        compiled[0],
        last(compiled, COMPILES / 2));
  }

  private static double last(double[] times, int count) {
    double[] last = Arrays.copyOfRange(times, times.length - count, times.length);
    Arrays.sort(last);
    return last[count / 2];
  }
}
