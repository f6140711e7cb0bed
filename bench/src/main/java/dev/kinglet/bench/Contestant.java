package dev.kinglet.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A runtime in a child process, driven by lines: {@code load MODEL THREADS BATCH CxHxW} is answered
 * by {@code ready VERSION} or {@code absent REASON}, {@code run SECONDS} by {@code time
 * NANOSECONDS}, the median of one call within that turn, {@code answer} by {@code numbers X Y ...},
 * the first sample's. Between turns it sleeps on its standard input.
 */
final class Contestant implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream commands;

  Contestant(String name, List<String> command, File log) throws IOException {
    this.name = name;
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  String name() {
    return name;
  }

  /** What the process answers to {@code load}: {@code ready VERSION} or {@code absent REASON}. */
  String load(Task task) {
    commands.println(
        "load " + task.model() + " " + task.threads() + " " + task.batch() + " " + task.input());
    String answer = answer();
    if (!answer.startsWith("ready ")) {
      System.err.println(name + " does not run " + task.network() + ": " + answer);
    }
    return answer;
  }

  /** Runs for a while; the median nanoseconds of one call. */
  double turn(double seconds) {
    commands.println("run " + seconds);
    String answer = answer();
    if (!answer.startsWith("time ")) {
      throw new IllegalStateException(name + " answered '" + answer + "' instead of a time");
    }
    return Double.parseDouble(answer.substring("time ".length()));
  }

  /** What the network makes of the first sample. */
  float[] numbers() {
    commands.println("answer");
    String[] words = answer().split(" ");
    if (!words[0].equals("numbers")) {
      throw new IllegalStateException(name + " answered '" + String.join(" ", words) + "'");
    }
    float[] numbers = new float[words.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(words[i + 1]);
    }
    return numbers;
  }

  private String answer() {
    try {
      String line = answers.readLine();
      return line == null ? "absent the process ended; see the log" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    commands.println("quit");
    commands.close();
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
