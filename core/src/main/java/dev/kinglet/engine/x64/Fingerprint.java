package dev.kinglet.engine.x64;

import dev.kinglet.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Two checksums of 32 bits and a length, of everything that is put in: one spelling for each value.
 *
 * <p>Checksums, because the Java machine has code for them from its first moment on: a
 * cryptographic digest of ten megabytes takes an interpreter a second. They tell networks apart,
 * not forgeries.
 */
final class Fingerprint {
  private static final long PIECE = 1L << 30;
  private final CRC32 one = new CRC32();
  private final CRC32C two = new CRC32C();

  /** What has been put in and not been summed yet. */
  private final byte[] pending = new byte[1 << 13];

  private int count;
  private final Map<Class<?>, Known> known = new HashMap<>();
  private long length;

  /** A kind of record seen before: its number, and how its components are read. */
  private record Known(int number, Method[] components) {}

  Fingerprint put(int value) {
    if (count > pending.length - 4) {
      flush();
    }
    byte[] to = pending;
    to[count] = (byte) (value >> 24);
    to[count + 1] = (byte) (value >> 16);
    to[count + 2] = (byte) (value >> 8);
    to[count + 3] = (byte) value;
    count += 4;
    return this;
  }

  Fingerprint put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put(bytes.length);
    if (bytes.length > pending.length - count) {
      return put(ByteBuffer.wrap(bytes));
    }
    System.arraycopy(bytes, 0, pending, count, bytes.length);
    count += bytes.length;
    return this;
  }

  /** The bytes of memory of any size. */
  Fingerprint put(MemorySegment bytes) {
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      put(bytes.asSlice(from, Math.min(PIECE, bytes.byteSize() - from)).asByteBuffer());
    }
    return this;
  }

  Fingerprint put(ByteBuffer bytes) {
    int size = bytes.remaining();
    if (size <= pending.length - count) {
      bytes.get(pending, count, size);
      count += size;
      return this;
    }
    flush();
    length += size;
    one.update(bytes.duplicate());
    two.update(bytes);
    return this;
  }

  /**
   * A description made of records, lists, enums, shapes and numbers. Records are looked into, so
   * that a new operator, or one with a new component, cannot be forgotten here.
   */
  Fingerprint describe(Object value) {
    if (value instanceof Integer number) {
      return put(1).put(number);
    } else if (value instanceof Float number) {
      return put(2).put(Float.floatToRawIntBits(number));
    } else if (value instanceof Boolean bit) {
      return put(bit ? 4 : 3);
    } else if (value instanceof Enum<?> constant) {
      return put(5).put(constant.name());
    } else if (value instanceof Shape shape) {
      put(6).put(shape.rank());
      for (int axis = 0; axis < shape.rank(); axis++) {
        put(shape.size(axis));
      }
      return this;
    } else if (value instanceof List<?> list) {
      put(7).put(list.size());
      for (int i = 0; i < list.size(); i++) {
        describe(list.get(i));
      }
      return this;
    } else if (value instanceof Record) {
      return components(value);
    }
    throw new IllegalStateException("A fingerprint cannot be taken of " + value);
  }

  /** The class in full the first time, and by its number then. */
  private Fingerprint components(Object holder) {
    Known kind = known.get(holder.getClass());
    if (kind == null) {
      RecordComponent[] components = holder.getClass().getRecordComponents();
      Method[] accessors = new Method[components.length];
      for (int i = 0; i < components.length; i++) {
        accessors[i] = components[i].getAccessor();
      }
      kind = new Known(known.size(), accessors);
      known.put(holder.getClass(), kind);
      put(8).put(holder.getClass().getName()).put(components.length);
    } else {
      put(9).put(kind.number);
    }
    for (Method component : kind.components) {
      try {
        describe(component.invoke(holder));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A fingerprint cannot be taken of " + holder, e);
      }
    }
    return this;
  }

  private void flush() {
    length += count;
    one.update(pending, 0, count);
    two.update(pending, 0, count);
    count = 0;
  }

  /** Both checksums in one number. */
  long value() {
    flush();
    return one.getValue() << 32 | two.getValue();
  }

  /** Both checksums and the length, as a file can be called. */
  String name() {
    long value = value();
    return Long.toHexString(value) + '-' + Long.toHexString(length);
  }
}
