package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes protobuf's wire format: small values into a growing array, long ones (weights) as
 * references that are copied only when the file is written.
 */
final class WireWriter {
  private static final int REFERENCED = 4096;

  private final List<MemorySegment> parts = new ArrayList<>();
  private byte[] tail = new byte[64];
  private int used;
  private long closed;

  /** The bytes written so far. */
  long size() {
    return closed + used;
  }

  /** A number. */
  WireWriter number(int field, long value) {
    key(field, WireReader.VARINT);
    return varint(value);
  }

  /** A single-precision number. */
  WireWriter single(int field, float value) {
    key(field, WireReader.FIXED32);
    int bits = Float.floatToRawIntBits(value);
    for (int shift = 0; shift < 32; shift += 8) {
      put(bits >>> shift);
    }
    return this;
  }

  /** A text. */
  WireWriter text(int field, String value) {
    return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Bytes; long ones are not copied, so they must not change until the file is written. */
  WireWriter bytes(int field, MemorySegment value) {
    key(field, WireReader.BYTES);
    varint(value.byteSize());
    append(value);
    return this;
  }

  /** A message. */
  WireWriter message(int field, WireWriter message) {
    key(field, WireReader.BYTES);
    varint(message.size());
    return append(message);
  }

  /** The fields of another message, as if they had been written here. */
  WireWriter append(WireWriter message) {
    for (MemorySegment part : message.parts) {
      append(part);
    }
    append(MemorySegment.ofArray(message.tail).asSlice(0, message.used));
    return this;
  }

  /** Sends everything to a channel. */
  void writeTo(WritableByteChannel channel) throws IOException {
    for (MemorySegment part : parts) {
      write(channel, part);
    }
    write(channel, MemorySegment.ofArray(tail).asSlice(0, used));
  }

  private static void write(WritableByteChannel channel, MemorySegment part) throws IOException {
    ByteBuffer bytes = part.asByteBuffer();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void key(int field, int type) {
    varint((long) field << 3 | type);
  }

  private WireWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      put((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
    return this;
  }

  private void put(int value) {
    reserve(1);
    tail[used++] = (byte) value;
  }

  private void append(MemorySegment bytes) {
    if (size() + bytes.byteSize() > Integer.MAX_VALUE) {
      throw new InvalidInputException(
          "An ONNX file in one piece holds at most 2 GB, and these weights are larger.");
    }
    if (bytes.byteSize() < REFERENCED) {
      int length = (int) bytes.byteSize();
      reserve(length);
      MemorySegment.ofArray(tail).asSlice(used, length).copyFrom(bytes);
      used += length;
    } else {
      close();
      parts.add(bytes);
      closed += bytes.byteSize();
    }
  }

  private void close() {
    if (used > 0) {
      parts.add(MemorySegment.ofArray(Arrays.copyOf(tail, used)));
      closed += used;
      used = 0;
    }
  }

  private void reserve(int bytes) {
    if (bytes > tail.length - used) {
      tail = Arrays.copyOf(tail, Math.max(used + bytes, 2 * tail.length));
    }
  }
}
