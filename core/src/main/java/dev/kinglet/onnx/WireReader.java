package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads protobuf's wire format over a range of a buffer: call {@link #next} until it is false, and
 * read or {@link #skip} the field after each.
 *
 * <p>Every read is checked against the range, so that a broken file ends in one sentence.
 */
final class WireReader {
  /** Wire type: a number of one to ten bytes, seven bits each. */
  static final int VARINT = 0;

  /** Wire type: eight bytes. */
  static final int FIXED64 = 1;

  /** Wire type: a length and that many bytes. */
  static final int BYTES = 2;

  /** Wire type: four bytes. */
  static final int FIXED32 = 5;

  private final ByteBuffer buffer;
  private final String source;
  private final int end;
  private int position;
  private int field;
  private int type;

  /**
   * @param buffer little-endian; positions are absolute in it
   * @param source the file's name, for the sentence about a broken one
   */
  WireReader(ByteBuffer buffer, String source) {
    this(buffer.order(ByteOrder.LITTLE_ENDIAN), source, 0, buffer.limit());
  }

  private WireReader(ByteBuffer buffer, String source, int start, int end) {
    this.buffer = buffer;
    this.source = source;
    this.position = start;
    this.end = end;
  }

  /** Moves to the next field; false at the end of the range. */
  boolean next() {
    if (position == end) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    type = (int) (key & 7);
    if (key >>> 35 != 0 || field == 0) {
      throw broken("a field has no valid number");
    }
    return true;
  }

  /** The number of the current field. */
  int field() {
    return field;
  }

  /** The wire type of the current field. */
  int type() {
    return type;
  }

  /** Whether the range is used up. */
  boolean atEnd() {
    return position == end;
  }

  /** The number that is the current field's value. */
  long number() {
    expect(VARINT);
    return varint();
  }

  /** The single-precision number that is the current field's value. */
  float single() {
    expect(FIXED32);
    return buffer.getFloat(advance(4));
  }

  /** The text that is the current field's value. */
  String text() {
    int length = length();
    byte[] bytes = new byte[length];
    buffer.get(advance(length), bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A reader over the message, or packed numbers, that is the current field's value. */
  WireReader message() {
    int length = length();
    int start = advance(length);
    return new WireReader(buffer, source, start, start + length);
  }

  /** The bytes that are the current field's value, as a view of the buffer. */
  ByteBuffer bytes() {
    int length = length();
    return buffer.slice(advance(length), length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Another reader over the same range, from here on. */
  WireReader copy() {
    return new WireReader(buffer, source, position, end);
  }

  /** The bytes left, as a view of the buffer. */
  ByteBuffer rest() {
    return buffer.slice(position, end - position).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** How many packed numbers are left. */
  int packedNumbers() {
    int count = 0;
    for (int at = position; at < end; at++) {
      if (buffer.get(at) >= 0) {
        count++;
      }
    }
    return count;
  }

  /** The four or eight bytes that are the current field's value. */
  ByteBuffer fixed() {
    int bytes = type == FIXED64 ? 8 : 4;
    expect(type == FIXED64 ? FIXED64 : FIXED32);
    return buffer.slice(advance(bytes), bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Passes over the current field. */
  void skip() {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> advance(8);
      case BYTES -> advance(length());
      case FIXED32 -> advance(4);
      default -> throw broken("a field has the unknown wire type " + type);
    }
  }

  /** A packed number, without a key before it. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte part = buffer.get(advance(1));
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw broken("a number is longer than ten bytes");
  }

  /** A packed single-precision number, without a key before it. */
  float packedSingle() {
    return buffer.getFloat(advance(4));
  }

  private int length() {
    expect(BYTES);
    long length = varint();
    if (length < 0 || length > end - position) {
      throw broken("a field of " + Long.toUnsignedString(length) + " bytes runs past the end");
    }
    return (int) length;
  }

  private void expect(int wanted) {
    if (type != wanted) {
      throw broken("field " + field + " has wire type " + type + " instead of " + wanted);
    }
  }

  private int advance(int bytes) {
    int start = position;
    if (bytes > end - start) {
      throw broken("a value is cut off");
    }
    position = start + bytes;
    return start;
  }

  /** The exception for a file that is no protobuf message, or a cut-off one. */
  InvalidInputException broken(String finding) {
    return new InvalidInputException(
        "'"
            + source
            + "' is not a whole ONNX file: near byte "
            + position
            + " "
            + finding
            + "; copy or download it again.");
  }
}
