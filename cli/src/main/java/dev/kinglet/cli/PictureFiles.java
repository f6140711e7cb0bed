package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The picture files that words and folders stand for. */
final class PictureFiles {
  private static final Set<String> ENDINGS =
      Set.of(
          "jpg", "jpeg", "jpe", "png", "bmp", "ppm", "pgm", "pbm", "pnm", "gif", "webp", "tif",
          "tiff");
  private static final int DEEPEST = 64;

  private PictureFiles() {}

  /**
   * The files in the order given: a file as it is, whatever it is called; a folder's pictures by
   * the ending of their names, in the order of these names, subfolders included.
   *
   * @throws InvalidInputException if a folder holds no picture
   */
  static List<Path> of(List<String> words) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String word : words) {
      Path path = Arguments.path(word);
      if (Files.isDirectory(path)) {
        int before = files.size();
        collect(path, files, 0);
        if (files.size() == before) {
          throw noPictures(path);
        }
      } else {
        files.add(path);
      }
    }
    return files;
  }

  static InvalidInputException noPictures(Path folder) {
    return new InvalidInputException(
        "The folder '"
            + folder
            + "' holds no pictures (files ending in .jpg, .png, .bmp, .ppm, .gif, .webp, .tif"
            + " ...).");
  }

  /** The pictures of a folder and its subfolders, in the order of their names. */
  static List<Path> in(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    collect(folder, files, 0);
    return files;
  }

  private static void collect(Path folder, List<Path> files, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new FileSystemLoopException(folder.toString());
    }
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path entry : stream) {
        if (!entry.getFileName().toString().startsWith(".")) {
          entries.add(entry);
        }
      }
    }
    Collections.sort(entries);
    for (Path entry : entries) {
      if (isPicture(entry)) {
        if (Files.isRegularFile(entry)) {
          files.add(entry);
        }
      } else if (Files.isDirectory(entry)) {
        collect(entry, files, depth + 1);
      }
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
