package dev.kinglet.engine.x64;

import dev.kinglet.graph.Shape;
import java.lang.foreign.MemorySegment;
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
  private final ByteBuffer pending = ByteBuffer.allocate(1 << 13);
  private final Map<Class<?>, RecordComponent[]> known = new HashMap<>();
  private long length;

  Fingerprint put(int value) {
    if (pending.remaining() < 4) {
      flush();
    }
    pending.putInt(value);
    return this;
  }

  Fingerprint put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put(bytes.length);
    return put(ByteBuffer.wrap(bytes));
  }

  /** The bytes of memory of any size. */
  Fingerprint put(MemorySegment bytes) {
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      put(bytes.asSlice(from, Math.min(PIECE, bytes.byteSize() - from)).asByteBuffer());
    }
    return this;
  }

  Fingerprint put(ByteBuffer bytes) {
    if (bytes.remaining() <= pending.remaining()) {
      pending.put(bytes);
      return this;
    }
    flush();
    length += bytes.remaining();
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
      for (Object element : list) {
        describe(element);
      }
      return this;
    } else if (value instanceof Record) {
      return components(value);
    }
    throw new IllegalStateException("A fingerprint cannot be taken of " + value);
  }

  private Fingerprint components(Object holder) {
    RecordComponent[] components = known.get(holder.getClass());
    if (components == null) {
      components = holder.getClass().getRecordComponents();
      known.put(holder.getClass(), components);
    }
    put(8).put(holder.getClass().getName()).put(components.length);
    for (RecordComponent component : components) {
      try {
        describe(component.getAccessor().invoke(holder));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A fingerprint cannot be taken of " + holder, e);
      }
    }
    return this;
  }

  private void flush() {
    length += pending.position();
    one.update(pending.array(), 0, pending.position());
    two.update(pending.array(), 0, pending.position());
    pending.clear();
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
