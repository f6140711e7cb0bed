package dev.kinglet.formats.file;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.LittleEndian;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a file, or of a part of one, with the name that messages call it by.
 *
 * <p>All numbers are little-endian and need no alignment. Reading costs no heap: a file is mapped,
 * and unmapped when nothing refers to it any more. Whoever writes over such a file in place changes
 * what has been read from it; {@link AtomicFile} puts a new file in its place instead.
 *
 * @param name begins every message about these bytes
 * @param data the bytes
 */
public record FileBytes(String name, MemorySegment data) {
  private static final int LONGEST_QUOTE = 100;

  /**
   * Maps a file.
   *
   * @throws InvalidInputException if it is missing, a folder or unreadable
   */
  public static FileBytes map(Path file) {
    String name = nameOf(file);
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(file + " is a folder; give the file itself.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new FileBytes(
          name, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    } catch (NoSuchFileException e) {
      throw new InvalidInputException("There is no file " + file + "; check the path.", e);
    } catch (IOException | SecurityException e) {
      throw new InvalidInputException(
          file + " cannot be read (" + e.getMessage() + "); check its permissions.", e);
    }
  }

  private static String nameOf(Path file) {
    Path last = file.getFileName();
    return last == null ? file.toString() : last.toString();
  }

  /** The number of bytes. */
  public long size() {
    return data.byteSize();
  }

  /** What to throw when these bytes are not what they should be: the name and the complaint. */
  public InvalidInputException refuse(String complaint) {
    return new InvalidInputException(name + " " + complaint);
  }

  /** A name from inside a file as a message shows it: in quotes, not too long, on one line. */
  public static String quote(String found) {
    String start = found.length() > LONGEST_QUOTE ? found.substring(0, LONGEST_QUOTE) + "…" : found;
    return "'" + start.replaceAll("\\p{Cntrl}|\\R", "?") + "'";
  }

  /** Refuses a range that is not wholly inside; {@code what} says what should lie there. */
  public void require(long offset, long length, String what) {
    if (offset < 0 || length < 0 || offset > size() || length > size() - offset) {
      throw refuse(
          "is cut off or damaged: "
              + what
              + " should take "
              + Long.toUnsignedString(length)
              + " bytes at "
              + Long.toUnsignedString(offset)
              + ", but there are "
              + size()
              + " in all; fetch or save it again.");
    }
  }

  /** A checked range under the same name. */
  public FileBytes part(long offset, long length, String what) {
    require(offset, length, what);
    return new FileBytes(name, data.asSlice(offset, length));
  }

  /** A checked range copied to the heap. */
  public byte[] copy(long offset, long length, String what) {
    require(offset, length, what);
    if (length > Integer.MAX_VALUE - 8) {
      throw refuse("has " + what + " of " + length + " bytes, which is too long to read.");
    }
    return data.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The byte at an offset, 0 to 255. */
  public int u8(long offset) {
    require(offset, 1, "a number");
    return Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, offset));
  }

  /** The two bytes at an offset, 0 to 65535. */
  public int u16(long offset) {
    require(offset, 2, "a number");
    return Short.toUnsignedInt(data.get(LittleEndian.SHORT, offset));
  }

  /** The four bytes at an offset, 0 to 2^32 - 1. */
  public long u32(long offset) {
    require(offset, 4, "a number");
    return Integer.toUnsignedLong(data.get(LittleEndian.INT, offset));
  }

  /** The eight bytes at an offset, signed. */
  public long i64(long offset) {
    require(offset, 8, "a number");
    return data.get(LittleEndian.LONG, offset);
  }

  /** Whether these bytes lie at an offset. */
  public boolean hasAt(long offset, int... bytes) {
    if (offset < 0 || offset > size() - bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (u8(offset + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The shape with these sizes.
   *
   * @throws InvalidInputException naming {@code what} if a size is negative or the elements exceed
   *     2^31 - 1
   */
  public Shape shape(String what, long... sizes) {
    int[] small = new int[sizes.length];
    // A size of 0 must not hide the others from the limit.
    long elements = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] < 0
          || sizes[axis] > Integer.MAX_VALUE
          || (elements *= Math.max(1, sizes[axis])) > Integer.MAX_VALUE) {
        throw refuse(
            "gives "
                + what
                + " the size "
                + Long.toUnsignedString(sizes[axis])
                + " along axis "
                + axis
                + "; a tensor has at most 2^31 - 1 elements.");
      }
      small[axis] = (int) sizes[axis];
    }
    return Shape.of(small);
  }

  /** All bytes as a tensor, refused unless shape and type need exactly so many. */
  public Tensor tensor(String what, Shape shape, Tensor.Type type) {
    long expected = (long) shape.elements() * type.bytes();
    if (expected != size()) {
      throw refuse(
          "gives "
              + what
              + " "
              + size()
              + " bytes, but "
              + shape
              + " as "
              + type
              + " needs "
              + expected
              + "; fetch or save it again.");
    }
    return new Tensor(shape, type, data);
  }
}
