package dev.kinglet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script that starts the command line, beside a Maven of our own that only leaves its marks.
 */
class LauncherTest {
  private static final String MAVEN =
      """
      #!/bin/sh
      echo new >cli/target/kinglet-cli.jar
      echo new >cli/target/lib/kinglet-core.jar
      echo BUILD SUCCESS
      """;

  @Test
  void aBuildLeavesTheJarsOfProcessesThatRunAsTheyWere(@TempDir Path root)
      throws IOException, InterruptedException {
    Path script = root.resolve("kinglet");
    Files.copy(Path.of("..", "kinglet"), script, StandardCopyOption.COPY_ATTRIBUTES);
    Path main = root.resolve("cli/target/kinglet-cli.jar");
    Path core = root.resolve("cli/target/lib/kinglet-core.jar");
    Files.createDirectories(core.getParent());
    for (Path file : new Path[] {main, core, root.resolve("cli/target/kinglet.built")}) {
      Files.writeString(file, "old\n");
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    }
    // Another commit has been checked out since.
    Files.createDirectories(root.resolve(".git/logs"));
    Files.writeString(root.resolve(".git/logs/HEAD"), "moved");
    Path maven = Files.createDirectories(root.resolve("bin")).resolve("mvn");
    Files.writeString(maven, MAVEN);
    maven.toFile().setExecutable(true);
    try (InputStream first = Files.newInputStream(main);
        InputStream second = Files.newInputStream(core)) {
      ProcessBuilder builder = new ProcessBuilder(script.toString(), "list");
      builder.environment().put("KINGLET_JAVA_HOME", System.getProperty("java.home"));
      builder
          .environment()
          .merge("PATH", root.resolve("bin").toString(), (old, own) -> own + ":" + old);
      Process process =
          builder.redirectErrorStream(true).redirectOutput(root.resolve("log").toFile()).start();
      process.waitFor(1, TimeUnit.MINUTES);
      String log = Files.readString(root.resolve("log"));
      assertEquals("new\n", Files.readString(main), log);
      assertEquals("new\n", Files.readString(core), log);
      assertEquals("old\n", new String(first.readAllBytes(), StandardCharsets.UTF_8));
      assertEquals("old\n", new String(second.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
