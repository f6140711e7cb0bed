package dev.kinglet.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * TensorBoard's event file: records of length, checksum, a protocol-buffer {@code Event}, checksum.
 *
 * <p>Source: TensorFlow's {@code record_writer} and {@code event.proto}.
 */
final class EventFile {
  private static final int MASK = 0xA282EAD8;

  private EventFile() {}

  /** The record that a file begins with. */
  static byte[] version(double seconds) {
    byte[] text = "brain.Event:2".getBytes(StandardCharsets.UTF_8);
    ByteBuffer event = buffer(64);
    time(event, seconds);
    event.put((byte) (3 << 3 | 2)).put((byte) text.length).put(text);
    return record(bytes(event));
  }

  /** A record of named numbers at a step. */
  static byte[] scalars(double seconds, long step, Map<String, Double> values) {
    ByteBuffer summary = buffer(4096);
    values.forEach(
        (tag, value) -> {
          byte[] name = tag.getBytes(StandardCharsets.UTF_8);
          ByteBuffer entry = buffer(name.length + 16);
          entry.put((byte) (1 << 3 | 2));
          variable(entry, name.length);
          entry.put(name).put((byte) (2 << 3 | 5)).putFloat(value.floatValue());
          summary.put((byte) (1 << 3 | 2));
          variable(summary, entry.position());
          summary.put(bytes(entry));
        });
    ByteBuffer event = buffer(summary.position() + 64);
    time(event, seconds);
    event.put((byte) (2 << 3));
    variable(event, step);
    event.put((byte) (5 << 3 | 2));
    variable(event, summary.position());
    event.put(bytes(summary));
    return record(bytes(event));
  }

  /** A file's name as TensorBoard looks for it. */
  static Path in(Path folder) {
    return folder.resolve("events.out.tfevents.0000000000.kinglet");
  }

  private static void time(ByteBuffer event, double seconds) {
    event.put((byte) (1 << 3 | 1)).putDouble(seconds);
  }

  private static byte[] record(byte[] data) {
    ByteBuffer record = buffer(data.length + 16);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 0, 8));
    record.put(data);
    record.putInt(masked(data, 0, data.length));
    return bytes(record);
  }

  static int masked(byte[] data, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private static void variable(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  static double now() {
    return System.currentTimeMillis() / 1000.0;
  }
}
