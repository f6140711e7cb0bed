package dev.kinglet.train;

import java.io.PrintWriter;

/** A process of its own that trains; {@link KilledRunTest} ends it. */
final class TrainingProcess {
  private TrainingProcess() {}

  public static void main(String[] words) {
    PrintWriter out = new PrintWriter(System.out, true);
    System.exit(new TrainingProgram().run(out, out, words));
  }
}
