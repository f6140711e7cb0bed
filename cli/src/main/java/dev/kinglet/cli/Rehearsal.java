package dev.kinglet.cli;

import java.util.List;

/**
 * What users do first, done once while the launcher makes its cache of classes: a picture answered
 * by a network that is compiled and kept, and the next ones by the kept plan.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** Answers these pictures, each as a command of its own. */
  public static void main(String[] pictures) {
    for (String picture : pictures) {
      Console console = Console.ofProcess();
      Kinglet.run(List.of("predict", picture), console);
      console.finished();
    }
  }
}
