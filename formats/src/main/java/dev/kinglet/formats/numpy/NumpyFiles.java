package dev.kinglet.formats.numpy;

import dev.kinglet.formats.file.AtomicFile;
import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.ZipArchive;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * NumPy's own files: one array ({@code .npy}) or a zip archive of them ({@code .npz}).
 *
 * <p>Read are versions 1 to 3, C and Fortran order, little-endian {@code f2 f4 f8 i1 i2 i4 i8 u1
 * u2} and {@code b1}. Source: NumPy's {@code numpy.lib.format}.
 */
public final class NumpyFiles {
  private NumpyFiles() {}

  /**
   * Reads an {@code .npy} file; an array in C order stays in the mapped file.
   *
   * @throws InvalidInputException if it is not such a file, or holds another kind of element
   */
  public static Tensor read(Path file) {
    return NpyArray.parse(FileBytes.map(file));
  }

  /**
   * Writes an {@code .npy} file of version 1 in C order; bfloat16, which NumPy lacks, becomes
   * {@code <f4}.
   *
   * @throws InvalidInputException if the file cannot be written
   */
  public static void write(Path file, Tensor tensor) {
    AtomicFile.write(file, out -> NpyArray.write(tensor, out));
  }

  /**
   * Reads every array of an {@code .npz} file, stored or compressed, by its name without {@code
   * .npy}, in the order of the archive.
   *
   * @throws InvalidInputException if it is not such a file, holds anything but arrays, or unpacks
   *     to more than eight times its size (and 16 MB)
   */
  public static Map<String, Tensor> readArchive(Path file) {
    return readArchive(FileBytes.map(file));
  }

  static Map<String, Tensor> readArchive(FileBytes bytes) {
    if (!ZipArchive.recognises(bytes)) {
      throw bytes.refuse("is not an .npz archive; save it with numpy.savez.");
    }
    ZipArchive archive = ZipArchive.open(bytes);
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (String entry : archive.names()) {
      if (!entry.endsWith(".npy")) {
        throw archive
            .file()
            .refuse(
                "holds "
                    + FileBytes.quote(entry)
                    + ", which is not an .npy array; save it with numpy.savez.");
      }
      arrays.put(
          entry.substring(0, entry.length() - ".npy".length()),
          NpyArray.parse(archive.read(entry)));
    }
    return arrays;
  }
}
