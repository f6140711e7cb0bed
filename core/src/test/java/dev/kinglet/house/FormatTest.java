package dev.kinglet.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatTest {
  @Test
  void everySourceIsFormattedByGoogleJavaFormat() throws FormatterException, IOException {
    boolean write = Boolean.getBoolean("kinglet.format");
    Formatter formatter = new Formatter();
    List<Path> different = new ArrayList<>();
    for (Path source : Repository.sources()) {
      String text = Repository.read(source);
      String formatted =
          formatter.formatSource(
              RemoveUnusedImports.removeUnusedImports(
                  ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE)));
      if (!formatted.equals(text)) {
        if (write) {
          Files.writeString(source, formatted);
        } else {
          different.add(Repository.root().relativize(source));
        }
      }
    }
    assertEquals(
        List.of(),
        different,
        "Not formatted; `mvn -pl core test -Dtest=FormatTest -Dkinglet.format=true` formats them.");
  }
}
