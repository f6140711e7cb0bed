package dev.kinglet.cli;

import dev.kinglet.CommaSeparated;
import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Pictures and what they really show.
 *
 * @param files in order
 * @param classes the index of each file's class
 */
record Truth(List<Path> files, int[] classes) {

  /**
   * A folder a class.
   *
   * @throws InvalidInputException if there are no pictures, or a folder's name is no class
   */
  static Truth ofFolders(Path folder, ClassNames names) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path entry : stream) {
        if (!entry.getFileName().toString().startsWith(".")) {
          folders.add(entry);
        }
      }
    }
    Collections.sort(folders);
    if (folders.isEmpty()) {
      throw new InvalidInputException(
          "The folder '"
              + folder
              + "' holds no folders named by classes; sort its pictures into such, or give --truth"
              + " FILE.csv.");
    }
    boolean byOrder = !names.named() && folders.size() == names.classes();
    List<Path> files = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < folders.size(); i++) {
      Path of = folders.get(i);
      int index = byOrder ? i : names.index(of.getFileName().toString(), "Folder '" + of + "'");
      for (Path file : PictureFiles.in(of)) {
        files.add(file);
        classes.add(index);
      }
    }
    if (files.isEmpty()) {
      throw PictureFiles.noPictures(folder);
    }
    return new Truth(files, ints(classes));
  }

  /**
   * The lines {@code file,label} of a table, its files inside the folder. A first line that says
   * {@code file,label} is passed over.
   *
   * @throws InvalidInputException if a line has another form, or its label is no class
   */
  static Truth ofTable(Path folder, Path table, ClassNames names) throws IOException {
    Models.requireFile(table);
    List<Path> files = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    List<String> lines = Files.readAllLines(table);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || i == 0 && isHeader(line)) {
        continue;
      }
      String where = "Line " + (i + 1) + " of '" + table + "'";
      List<String> fields = CommaSeparated.fields(line);
      if (fields.size() != 2) {
        throw new InvalidInputException(
            where + " has " + fields.size() + " fields, but should be: file,label.");
      }
      files.add(folder.resolve(fields.get(0).strip()));
      classes.add(names.index(fields.get(1), where));
    }
    if (files.isEmpty()) {
      throw new InvalidInputException("'" + table + "' names no pictures; write lines file,label.");
    }
    return new Truth(files, ints(classes));
  }

  private static boolean isHeader(String line) {
    return line.toLowerCase(Locale.ROOT)
        .replace(" ", "")
        .matches("(file|filename|path),(label|class)");
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
