package dev.kinglet.formats.safetensors;

import dev.kinglet.formats.Fuzz;
import dev.kinglet.formats.TestFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SafetensorsFuzzTest {
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
    List<byte[]> good = TestFiles.unzip("checkpoints/forms.zip", ".*[.]safetensors");
    fuzz.run(good, count, SafetensorsFiles::read, Fuzz.RAW, Fuzz.HEADER);
  }
}
