package dev.kinglet.formats.numpy;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.Strided;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The {@code .npy} layout: magic, version, a Python dictionary in plain text, raw elements. */
final class NpyArray {
  private static final int[] MAGIC = {0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int LONGEST_SHAPE = 1000;

  // NumPy writes the three keys in any order its version likes, always in this spelling.
  private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*('[^']*'|\\[)");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SIZES = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

  private NpyArray() {}

  static Tensor parse(FileBytes file) {
    if (!file.hasAt(0, MAGIC)) {
      throw file.refuse("is not an .npy array; save it with numpy.save.");
    }
    int version = file.u8(6);
    if (version < 1 || version > 3) {
      throw file.refuse("has .npy version " + version + "; versions 1 to 3 are known.");
    }
    long start = version == 1 ? 10 : 12;
    long length = version == 1 ? file.u16(8) : file.u32(8);
    if (length > LONGEST_HEADER) {
      throw file.refuse(
          "has an .npy header of " + length + " bytes; an array of plain numbers needs far fewer.");
    }
    String header = new String(file.copy(start, length, "the .npy header"), StandardCharsets.UTF_8);
    Tensor.Type type = type(file, find(file, DESCRIPTION, header));
    boolean fortran = find(file, ORDER, header).equals("True");
    Shape shape = file.shape("the array", sizes(file, find(file, SIZES, header)));
    FileBytes data = file.part(start + length, file.size() - start - length, "the array");
    if (!fortran || shape.rank() < 2) {
      return data.tensor("the array", shape, type);
    }
    data.tensor("the array", shape, type);
    return Strided.columnMajor(shape, type, data.data());
  }

  private static String find(FileBytes file, Pattern pattern, String header) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw file.refuse("has a damaged .npy header; save it again with numpy.save.");
    }
    return matcher.group(1);
  }

  private static long[] sizes(FileBytes file, String text) {
    if (text.length() > LONGEST_SHAPE) {
      throw file.refuse("has more axes than any array in its .npy header.");
    }
    List<String> parts =
        Pattern.compile("[,\\s]+").splitAsStream(text.strip()).filter(s -> !s.isEmpty()).toList();
    long[] sizes = new long[parts.size()];
    for (int axis = 0; axis < sizes.length; axis++) {
      String digits = parts.get(axis).replaceFirst("L$", "");
      // Nineteen digits may exceed a long; nothing of that size is an array.
      if (!digits.matches("[0-9]{1,18}")) {
        throw file.refuse(
            "has a damaged shape " + FileBytes.quote(text.strip()) + " in its .npy header.");
      }
      sizes[axis] = Long.parseLong(digits);
    }
    return sizes;
  }

  private static Tensor.Type type(FileBytes file, String description) {
    return switch (description) {
      case "'<f4'" -> Tensor.Type.F32;
      case "'<f2'" -> Tensor.Type.F16;
      case "'<f8'" -> Tensor.Type.F64;
      case "'|i1'", "'<i1'" -> Tensor.Type.I8;
      case "'|u1'", "'<u1'" -> Tensor.Type.U8;
      case "'|b1'", "'<b1'", "'?'" -> Tensor.Type.BOOL;
      case "'<i2'" -> Tensor.Type.I16;
      case "'<u2'" -> Tensor.Type.U16;
      case "'<i4'" -> Tensor.Type.I32;
      case "'<i8'" -> Tensor.Type.I64;
      case "[" ->
          throw file.refuse("is a structured array; save each field as an array of its own.");
      case "'|O'" -> throw file.refuse("is an array of Python objects; save numbers, not objects.");
      default ->
          throw file.refuse(
              "has elements of type "
                  + FileBytes.quote(description.replace("'", ""))
                  + "; convert it first, for example with array.astype('<f4').");
    };
  }

  static void write(Tensor tensor, OutputStream out) throws IOException {
    Tensor written =
        tensor.type() == Tensor.Type.BF16 ? Tensor.of(tensor.shape(), tensor.toFloats()) : tensor;
    String sizes =
        written.shape().toList().stream().map(size -> size + ",").collect(Collectors.joining(" "));
    if (written.shape().rank() > 1) {
      sizes = sizes.substring(0, sizes.length() - 1);
    }
    String text =
        "{'descr': '"
            + description(written.type())
            + "', 'fortran_order': False, 'shape': ("
            + sizes
            + "), }";
    int bare = 10 + text.length() + 1;
    text += " ".repeat(Math.floorMod(-bare, ALIGNMENT)) + "\n";
    for (int b : MAGIC) {
      out.write(b);
    }
    out.write(new byte[] {1, 0, (byte) text.length(), (byte) (text.length() >> 8)});
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    Strided.copy(written.data(), out);
  }

  private static String description(Tensor.Type type) {
    return switch (type) {
      case F32, BF16 -> "<f4";
      case F16 -> "<f2";
      case F64 -> "<f8";
      case I8 -> "|i1";
      case U8 -> "|u1";
      case BOOL -> "|b1";
      case I16 -> "<i2";
      case U16 -> "<u2";
      case I32 -> "<i4";
      case I64 -> "<i8";
    };
  }
}
