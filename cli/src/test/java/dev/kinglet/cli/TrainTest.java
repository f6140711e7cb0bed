package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;

import org.junit.jupiter.api.Test;

/** What the command line says of training by itself; the module that trains has its own tests. */
class TrainTest {
  @Test
  void withoutTheModuleThatTrainsTheSentenceNamesTheLauncher() {
    kinglet("train", "mobilenet_v2_100", "--data", "pictures", "--out", "run")
        .refused("LibTorch", "not on the class path", "./kinglet train");
  }

  @Test
  void whatIsMissingIsNamed() {
    kinglet("train").refused("VARIANT");
    kinglet("train", "mobilenet_v2_100", "--data", "pictures").refused("--out");
    kinglet("train", "--resume", "run", "--epochs", "3").refused("--resume", "nothing else");
  }
}
