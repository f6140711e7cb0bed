package dev.kinglet.formats.keras;

import dev.kinglet.formats.Fuzz;
import dev.kinglet.formats.TestFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KerasFuzzTest {
  @Test
  void twentyThousandDamagedFilesEndInAResultOrOneSentence() throws IOException {
    files(new Fuzz(1), 20_000);
  }

  @Test
  @Tag("slow")
  void aMillionDamagedFilesEndInAResultOrOneSentence() throws IOException {
    files(new Fuzz(2), 1_000_000);
  }

  private static void files(Fuzz fuzz, int count) throws IOException {
    List<byte[]> good = TestFiles.unzip("keras/forms.zip", "tiny[.](keras|h5)");
    fuzz.run(
        good,
        count,
        file -> KerasFiles.read(file, KerasFiles.Options.defaults()),
        (file, damage) ->
            file[0] == 'P' ? Fuzz.ZIP_ENTRY.of(file, damage) : Fuzz.RAW.of(file, damage));
  }
}
