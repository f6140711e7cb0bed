package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.Fuzz;
import dev.kinglet.formats.TestFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PytorchFuzzTest {
  @Test
  void twentyThousandDamagedZipFilesEndInAResultOrOneSentence() throws IOException {
    zipFiles(new Fuzz(1), 20_000);
  }

  @Test
  @Tag("slow")
  void aMillionDamagedZipFilesEndInAResultOrOneSentence() throws IOException {
    zipFiles(new Fuzz(2), 1_000_000);
  }

  @Test
  void twentyThousandDamagedLegacyFilesEndInAResultOrOneSentence() throws IOException {
    legacyFiles(new Fuzz(1), 20_000);
  }

  @Test
  @Tag("slow")
  void aMillionDamagedLegacyFilesEndInAResultOrOneSentence() throws IOException {
    legacyFiles(new Fuzz(2), 1_000_000);
  }

  private static void zipFiles(Fuzz fuzz, int count) throws IOException {
    List<byte[]> good = TestFiles.unzip("checkpoints/forms.zip", "(?!refused|legacy).*[.]pth");
    fuzz.run(good, count, PytorchFiles::read, Fuzz.RAW, Fuzz.ZIP_ENTRY, Fuzz.ZIP_ENTRY);
  }

  private static void legacyFiles(Fuzz fuzz, int count) throws IOException {
    List<byte[]> good = TestFiles.unzip("checkpoints/forms.zip", "legacy.*[.]pth");
    fuzz.run(good, count, PytorchFiles::read, Fuzz.RAW);
  }
}
