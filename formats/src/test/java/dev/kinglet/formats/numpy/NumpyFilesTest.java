package dev.kinglet.formats.numpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.TestFiles;
import dev.kinglet.formats.WeightFiles;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NumpyFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "f4, F32", "f2, F16", "f8, F64", "i1, I8", "u1, U8", "i2, I16", "u2, U16", "i4, I32", "i8, I64"
  })
  void arraysOfNumpyReadTheSameInEveryTypeAndOrder(String numpy, Tensor.Type type)
      throws IOException {
    Map<String, Tensor> arrays = archive("arrays.npz");
    // numpy.arange(24).reshape(2, 3, 4), halved if fractions exist, less 5 if a sign does.
    float[] expected = new float[24];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = i * (numpy.startsWith("f") ? 0.5f : 1) - (numpy.startsWith("u") ? 0 : 5);
    }
    for (String order : List.of("c_", "fortran_")) {
      Tensor array = arrays.get(order + numpy);
      assertEquals(type, array.type());
      assertEquals(Shape.of(2, 3, 4), array.shape());
      assertArrayEquals(expected, array.toFloats(), order);
    }
  }

  @Test
  void truthValuesScalarsVectorsAndEmptyArraysKeepTheirShapes() throws IOException {
    Map<String, Tensor> arrays = archive("arrays.npz");
    assertEquals(arrays.get("c_b1"), arrays.get("fortran_b1"));
    assertEquals(8, Arrays.stream(arrays.get("c_b1").toLongs()).sum());
    assertEquals(Tensor.of(Shape.of(), 2.5f), arrays.get("scalar"));
    assertEquals(Tensor.of(Shape.of(3), 1, 2, 3), arrays.get("vector"));
    assertEquals(Shape.of(0, 4), arrays.get("empty").shape());
  }

  @Test
  void allThreeVersionsOfTheHeaderReadTheSame() throws IOException {
    Map<String, Tensor> arrays = archive("versions.npz");
    assertEquals(List.of("v1", "v2", "v3"), List.copyOf(arrays.keySet()));
    assertEquals(arrays.get("v1"), arrays.get("v2"));
    assertEquals(arrays.get("v1"), arrays.get("v3"));
  }

  @ParameterizedTest
  @EnumSource(Tensor.Type.class)
  void anArrayWrittenReadsBackTheSame(Tensor.Type type) {
    byte[] bytes = new byte[6 * type.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (type == Tensor.Type.BOOL ? i % 2 : i * 5 + 1);
    }
    for (Shape shape : List.of(Shape.of(6), Shape.of(2, 3), Shape.of(1, 6, 1), Shape.of(6, 1))) {
      Tensor tensor = new Tensor(shape, type, java.lang.foreign.MemorySegment.ofArray(bytes));
      NumpyFiles.write(folder.resolve("x.npy"), tensor);
      Tensor read = NumpyFiles.read(folder.resolve("x.npy"));
      if (type == Tensor.Type.BF16) {
        assertEquals(Tensor.of(shape, tensor.toFloats()), read);
      } else {
        assertEquals(tensor, read);
      }
    }
  }

  @Test
  void aFileWrittenIsByteForByteTheOneThatNumpyWrites() throws IOException {
    for (Map.Entry<String, byte[]> entry : TestFiles.unzip("numpy/arrays.npz").entrySet()) {
      if (!entry.getKey().startsWith("fortran")) {
        Path original = Files.write(folder.resolve("original.npy"), entry.getValue());
        NumpyFiles.write(folder.resolve("ours.npy"), NumpyFiles.read(original));
        assertArrayEquals(
            entry.getValue(), Files.readAllBytes(folder.resolve("ours.npy")), entry.getKey());
      }
    }
  }

  @Test
  void whatCannotBeReadIsRefusedInOneSentenceThatSaysWhy() throws IOException {
    Map<String, String> reasons =
        Map.of(
            "big_endian", "'>f4'",
            "complex", "'<c8'",
            "object", "Python objects",
            "structured", "structured",
            "text", "'<U3'",
            "u4", "'<u4'",
            "cut_off", "88 bytes",
            "trailing", "100 bytes",
            "claims_two_to_the_forty", "1099511627776");
    Map<String, byte[]> files = TestFiles.unzip("numpy/refused.npz");
    assertEquals(reasons.size(), files.size());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = Files.write(folder.resolve(file.getKey()), file.getValue());
      String message = TestFiles.refusal(() -> NumpyFiles.read(path));
      assertTrue(message.startsWith(file.getKey()), message);
      String reason = reasons.get(file.getKey().replace(".npy", ""));
      assertTrue(message.contains(reason), message);
    }
  }

  @Test
  void anArchiveIsAWeightFile() throws IOException {
    Path file = TestFiles.copy("numpy/versions.npz", folder);
    assertEquals(List.of("v1", "v2", "v3"), List.copyOf(WeightFiles.read(file).names()));
  }

  private Map<String, Tensor> archive(String name) throws IOException {
    return NumpyFiles.readArchive(TestFiles.copy("numpy/" + name, folder));
  }
}
