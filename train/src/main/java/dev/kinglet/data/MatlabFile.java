package dev.kinglet.data;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.LittleEndian;
import dev.kinglet.graph.Shape;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The numeric arrays of a MATLAB 5 file, as {@code save -v6} and {@code -v7} write it (MAT-File
 * Format, The MathWorks, chapter 1).
 *
 * <p>A length is believed only where so many bytes lie behind it; the library that the tests write
 * with takes a damaged one at its word, and prints.
 */
final class MatlabFile {
  private static final int HEADER = 128;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int FIRST_NUMERIC_CLASS = 6;
  private static final int COMPLEX = 0x800;

  /**
   * An array.
   *
   * @param shape of its axes
   * @param values row-major
   */
  record Values(Shape shape, float[] values) {}

  /** An element: what it holds, and where the next one begins. */
  private record Element(int type, FileBytes data, long next) {}

  private MatlabFile() {}

  /**
   * The only array with this many axes, two or three, and more than one element.
   *
   * @throws InvalidInputException if the file is damaged, or there is no such array, or several
   */
  static Values array(FileBytes file, int rank) {
    if (file.size() < HEADER || !file.hasAt(124, 0, 1, 'I', 'M')) {
      throw file.refuse("is no little-endian MATLAB 5 file; save it with -v7 or as .npy.");
    }
    List<String> names = new ArrayList<>();
    Values found = null;
    long at = HEADER;
    while (at < file.size()) {
      Element element = element(file, at);
      at = element.next;
      FileBytes data = element.data;
      if (element.type == COMPRESSED) {
        Element inside = element(inflated(data), 0);
        data = inside.data;
        element = inside;
      }
      if (element.type != MATRIX) {
        throw file.refuse("is damaged: it holds an element of kind " + element.type + ".");
      }
      Values array = matrix(data, rank, names);
      if (array != null && found != null) {
        throw file.refuse("holds several arrays with " + rank + " axes " + names + "; save one.");
      }
      found = array == null ? found : array;
    }
    if (found == null) {
      throw file.refuse(
          "has no array with " + rank + " axes, only " + names + "; choose another file.");
    }
    return found;
  }

  private static Element element(FileBytes file, long at) {
    long word = file.u32(at);
    if (word >>> 16 != 0) {
      // Up to four bytes stand in the tag itself.
      return new Element(
          (int) (word & 0xFFFF), file.part(at + 4, word >>> 16, "a small element"), at + 8);
    }
    long length = file.u32(at + 4);
    FileBytes data = file.part(at + 8, length, "an element");
    long padding = word == COMPRESSED ? 0 : -length & 7;
    return new Element((int) word, data, at + 8 + length + padding);
  }

  private static FileBytes inflated(FileBytes packed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 13];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed.copy(0, packed.size(), "compressed data"));
      while (!inflater.finished()) {
        int count = inflater.inflate(piece);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw packed.refuse("is cut off or damaged in compressed data; save it again.");
        }
        out.write(piece, 0, count);
      }
    } catch (DataFormatException e) {
      throw packed.refuse("is damaged in compressed data; save it again.");
    }
    return new FileBytes(packed.name(), MemorySegment.ofArray(out.toByteArray()));
  }

  /** The array of an element, or null if it is of another kind or rank. */
  private static Values matrix(FileBytes data, int rank, List<String> names) {
    Element flags = element(data, 0);
    Element sizes = element(data, flags.next);
    Element name = element(data, sizes.next);
    names.add(
        FileBytes.quote(
            new String(name.data.copy(0, name.data.size(), "a name"), StandardCharsets.US_ASCII)));
    long bits = flags.data.u32(0);
    if ((bits & 0xFF) < FIRST_NUMERIC_CLASS || sizes.data.size() != 4L * rank) {
      return null;
    }
    long[] axes = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      axes[axis] = (int) sizes.data.u32(4L * axis);
    }
    Shape shape = data.shape("array " + names.getLast(), axes);
    if (shape.elements() < 2) {
      return null;
    }
    if ((bits & COMPLEX) != 0) {
      throw data.refuse("holds complex numbers in " + names.getLast() + "; save their real parts.");
    }
    return new Values(shape, rowMajor(element(data, name.next), shape, names.getLast()));
  }

  /** MATLAB's first axis is the innermost, and whole numbers are stored as narrow as they fit. */
  private static float[] rowMajor(Element part, Shape shape, String name) {
    int bytes =
        switch (part.type) {
          case 1, 2 -> 1;
          case 3, 4 -> 2;
          case 5, 6, 7 -> 4;
          case 9, 12, 13 -> 8;
          default -> throw part.data.refuse("is damaged: " + name + " holds no numbers.");
        };
    if (part.data.size() != (long) bytes * shape.elements()) {
      throw part.data.refuse(
          "is damaged: " + name + " has " + part.data.size() + " bytes for " + shape + ".");
    }
    float[] values = new float[shape.elements()];
    int rows = shape.size(0);
    int columns = shape.size(1);
    int depth = shape.rank() == 3 ? shape.size(2) : 1;
    for (int z = 0; z < depth; z++) {
      for (int x = 0; x < columns; x++) {
        for (int y = 0; y < rows; y++) {
          long from = (long) bytes * (y + (long) rows * (x + (long) columns * z));
          values[(y * columns + x) * depth + z] = number(part, from);
        }
      }
    }
    return values;
  }

  private static float number(Element part, long at) {
    MemorySegment data = part.data.data();
    return switch (part.type) {
      case 1 -> data.get(ValueLayout.JAVA_BYTE, at);
      case 2 -> data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      case 3 -> data.get(LittleEndian.SHORT, at);
      case 4 -> data.get(LittleEndian.SHORT, at) & 0xFFFF;
      case 5 -> data.get(LittleEndian.INT, at);
      case 6 -> data.get(LittleEndian.INT, at) & 0xFFFF_FFFFL;
      case 7 -> Float.intBitsToFloat(data.get(LittleEndian.INT, at));
      case 9 -> (float) Double.longBitsToDouble(data.get(LittleEndian.LONG, at));
      default -> data.get(LittleEndian.LONG, at); // beyond 2^63 no class or reflectance lies
    };
  }
}
