package dev.kinglet.formats.numpy;

import dev.kinglet.formats.Fuzz;
import dev.kinglet.formats.TestFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NumpyFuzzTest {
  @Test
  void twentyThousandDamagedArraysEndInAResultOrOneSentence() throws IOException {
    arrays(new Fuzz(1), 20_000);
  }

  @Test
  @Tag("slow")
  void aMillionDamagedArraysEndInAResultOrOneSentence() throws IOException {
    arrays(new Fuzz(2), 1_000_000);
  }

  @Test
  void twentyThousandDamagedArchivesEndInAResultOrOneSentence() throws IOException {
    archives(new Fuzz(1), 20_000);
  }

  @Test
  @Tag("slow")
  void aMillionDamagedArchivesEndInAResultOrOneSentence() throws IOException {
    archives(new Fuzz(2), 1_000_000);
  }

  private static void arrays(Fuzz fuzz, int count) throws IOException {
    List<byte[]> good = List.copyOf(TestFiles.unzip("numpy/arrays.npz").values());
    fuzz.run(good, count, NpyArray::parse, Fuzz.RAW);
  }

  private static void archives(Fuzz fuzz, int count) throws IOException {
    List<byte[]> good =
        List.of(TestFiles.bytes("numpy/arrays.npz"), TestFiles.bytes("numpy/versions.npz"));
    fuzz.run(good, count, NumpyFiles::readArchive, Fuzz.RAW, Fuzz.ZIP_ENTRY);
  }
}
