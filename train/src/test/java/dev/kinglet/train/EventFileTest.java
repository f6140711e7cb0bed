package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventFileTest {
  @Test
  void theChecksumIsTheMaskedCrc32cOfTheStandard() {
    // RFC 3720, B.4: thirty-two zeros give 0x8A9136AA, "123456789" gives 0xE3069283; masked after.
    assertEquals(masked(0x8A9136AA), EventFile.masked(new byte[32], 0, 32));
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals(masked(0xE3069283), EventFile.masked(digits, 0, 9));
  }

  private static int masked(int crc) {
    return ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
  }

  /** The bytes that TensorBoard's own writer gives for these two events. */
  @Test
  void theBytesAreThoseOfTensorBoardsOwnWriter() {
    assertArrayEquals(HexFormat.of().parseHex(VERSION), EventFile.version(1.5));
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 0.75);
    values.put("accuracy", 0.5);
    assertArrayEquals(HexFormat.of().parseHex(SCALARS), EventFile.scalars(2.5, 300, values));
  }

  @Test
  void everyRecordStatesItsLength() {
    ByteBuffer record =
        ByteBuffer.wrap(EventFile.scalars(1, 1L << 40, Map.of("a", 1.0)))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(record.capacity() - 16, record.getLong(0));
  }

  private static final String VERSION =
      "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c";
  private static final String SCALARS =
      "2c00000000000000f4aecc4509000000000000044010ac022a1e0a0b0a046c6f7373150000403f0a0f0a086163637572616379150000003fa8ed79ea";
}
