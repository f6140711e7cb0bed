package dev.kinglet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sink;
import us.hebi.matlab.mat.types.Sinks;

class MatlabFileTest {
  /** A cube of 2 x 3 x 4, plain or compressed, beside a text and a map. */
  private static byte[] cube(boolean compressed) throws IOException {
    Matrix matrix = Mat5.newMatrix(new int[] {2, 3, 4});
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        for (int b = 0; b < 4; b++) {
          matrix.setInt(new int[] {y, x, b}, 100 * y + 10 * x + b);
        }
      }
    }
    return bytes(
        Mat5.newMatFile()
            .addArray("name", Mat5.newString("scene"))
            .addArray("map", Mat5.newMatrix(2, 3))
            .addArray("scene", matrix),
        compressed);
  }

  private static byte[] bytes(MatFile mat, boolean compressed) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    try (Sink sink = Sinks.wrap(file)) {
      Mat5.newWriter(sink)
          .setDeflateLevel(compressed ? Deflater.BEST_SPEED : Deflater.NO_COMPRESSION)
          .writeMat(mat);
    }
    return Arrays.copyOf(file.array(), file.position());
  }

  private static MatlabFile.Values array(byte[] bytes, int rank) {
    return MatlabFile.array(new FileBytes("damaged.mat", MemorySegment.ofArray(bytes)), rank);
  }

  @Test
  void anArrayIsFoundByItsNumberOfAxesAndTurnedRowMajor() throws IOException {
    for (boolean compressed : new boolean[] {false, true}) {
      MatlabFile.Values found = array(cube(compressed), 3);
      assertEquals(Shape.of(2, 3, 4), found.shape());
      assertArrayEquals(
          new float[] {120, 121, 122, 123}, Arrays.copyOfRange(found.values(), 20, 24));
      assertEquals(Shape.of(2, 3), array(cube(compressed), 2).shape());
    }
  }

  @Test
  void everyKindOfNumberIsRead() throws IOException {
    for (MatlabType type :
        new MatlabType[] {
          MatlabType.Double,
          MatlabType.Single,
          MatlabType.Int8,
          MatlabType.UInt8,
          MatlabType.Int16,
          MatlabType.UInt16,
          MatlabType.Int32,
          MatlabType.UInt32,
          MatlabType.Int64,
          MatlabType.UInt64
        }) {
      Matrix matrix = Mat5.newMatrix(new int[] {1, 3}, type);
      matrix.setInt(0, 7);
      matrix.setInt(2, 127);
      float[] values = array(bytes(Mat5.newMatFile().addArray("a", matrix), false), 2).values();
      assertArrayEquals(new float[] {7, 0, 127}, values, type.toString());
    }
  }

  @Test
  void twentyThousandDamagedFilesEndInAnArrayOrOneSentence() throws IOException {
    feed(20_000, 1);
  }

  @Test
  @Tag("slow")
  void aMillionDamagedFilesEndInAnArrayOrOneSentence() throws IOException {
    feed(1_000_000, 2);
  }

  private static void feed(int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[][] good = {cube(false), cube(true)};
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] bytes = damaged(good[i % 2], random);
      try {
        array(bytes, 3);
      } catch (InvalidInputException e) {
        refused++;
        assertTrue(e.getMessage().endsWith(".") && !e.getMessage().contains("\n"), e.getMessage());
      } catch (RuntimeException | Error e) {
        throw new AssertionError(HexFormat.of().formatHex(bytes), e);
      }
    }
    assertTrue(refused > count / 10, "damage went unnoticed");
  }

  private static byte[] damaged(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> {
          int value =
              new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 14}[random.nextInt(5)];
          int word = at & ~3;
          if (word + 4 <= bytes.length) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(word, value);
          }
        }
        case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> {
          int length = Math.min(random.nextInt(1, 64), bytes.length - at);
          System.arraycopy(good, random.nextInt(good.length - 64), bytes, at, length);
        }
      }
    }
    return bytes;
  }

  @Test
  void aFileOfAnotherKindIsAnsweredInOneSentence() {
    String message =
        assertThrows(InvalidInputException.class, () -> array(new byte[1 << 10], 3)).getMessage();
    assertTrue(message.contains("save it with -v7"), message);
  }
}
