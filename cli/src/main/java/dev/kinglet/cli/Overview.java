package dev.kinglet.cli;

import dev.kinglet.cli.words.Help;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The answer to {@code kinglet} alone. */
final class Overview {
  private Overview() {}

  static String text() {
    StringBuilder text = new StringBuilder("Usage: kinglet COMMAND [options]\n\n");
    text.append("Small fast vision networks for the JVM.\n\nCommands:\n");
    for (String name : Commands.NAMES) {
      Help.row(text, name, Commands.named(name).syntax().summary(), 14);
    }
    return text.append(
            """

            A command's own words: kinglet help COMMAND
            Exit codes: 0 done, 2 the input is at fault (one sentence says why), 1 a defect of ours.

            Examples:
              kinglet predict samples/chelsea.png
              kinglet list
              kinglet summary mobilenet_v2_100
            """)
        .toString();
  }

  static String version() {
    try (InputStream file = Overview.class.getResourceAsStream("version.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
