package dev.kinglet;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the classes of a network are called, by index.
 *
 * @param names in words, one a class
 * @param synsets WordNet's names such as {@code n02123159}, one a class, or none at all
 */
public record Labels(List<String> names, List<String> synsets) {
  /** The name of the list that comes with Kinglet. */
  public static final String IMAGENET = "imagenet";

  private static final String NAMES = "labels";
  private static final String SYNSETS = "synsets";

  /** Copies the lists; refuses synsets that are fewer or more than the names. */
  public Labels {
    names = List.copyOf(names);
    synsets = List.copyOf(synsets);
    if (!synsets.isEmpty() && synsets.size() != names.size()) {
      throw new InvalidInputException(
          "There are " + names.size() + " labels, but " + synsets.size() + " synsets.");
    }
  }

  /** No labels. */
  public static Labels none() {
    return new Labels(List.of(), List.of());
  }

  /** The number of labels; 0 if there are none. */
  public int size() {
    return names.size();
  }

  /** The label of a class; {@code class 281} if there are none. */
  public String name(int index) {
    return names.isEmpty() ? "class " + index : names.get(index);
  }

  /**
   * Reads a list of labels: a text file with one label a line, in the order of the classes; lines
   * of {@code synset_words.txt}, each a WordNet name and a label; or comma-separated values whose
   * first line names the columns {@code label} and, if there are any, {@code index} and {@code
   * wnid}.
   *
   * @throws InvalidInputException if the file cannot be read or is none of these
   */
  public static Labels read(Path file) {
    return of(linesOf(file), file.toString());
  }

  /**
   * A list that comes with Kinglet's {@code models} jar: {@code imagenet}, the 1000 classes of
   * ILSVRC 2012.
   *
   * @throws InvalidInputException if there is no list of this name, or the jar is not on the class
   *     path
   */
  public static Labels named(String name) {
    if (!name.equals(IMAGENET)) {
      throw new InvalidInputException(
          "There is no list of labels called '" + name + "'; there is " + IMAGENET + ".");
    }
    String text = new String(BundledModel.resource(name + ".csv"), StandardCharsets.UTF_8);
    return of(text.lines().toList(), name);
  }

  private static Labels of(List<String> text, String file) {
    List<List<String>> rows = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : text) {
      if (!line.isBlank()) {
        lines.add(line.strip());
        rows.add(CommaSeparated.fields(line));
      }
    }
    if (lines.isEmpty()) {
      throw new InvalidInputException("The labels file '" + file + "' is empty.");
    }
    List<String> header =
        rows.getFirst().stream().map(field -> field.strip().toLowerCase(Locale.ROOT)).toList();
    if (header.contains("label") && (header.size() > 1 || lines.size() > 1)) {
      return table(file, header, rows.subList(1, rows.size()));
    }
    if (lines.stream().allMatch(line -> line.matches("n\\d{8}\\s+\\S.*"))) {
      return new Labels(
          lines.stream().map(line -> line.substring(9).strip()).toList(),
          lines.stream().map(line -> line.substring(0, 9)).toList());
    }
    return new Labels(lines, List.of());
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException("The labels file '" + file + "' does not exist.", e);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException("The labels file '" + file + "' is not text in UTF-8.", e);
    } catch (IOException e) {
      throw new InvalidInputException(
          "The labels file '" + file + "' cannot be read (" + e.getMessage() + ").", e);
    }
  }

  private static Labels table(String file, List<String> header, List<List<String>> rows) {
    int label = header.indexOf("label");
    int index = header.indexOf("index");
    int wnid = header.indexOf("wnid");
    String[] names = new String[rows.size()];
    String[] synsets = new String[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      List<String> row = rows.get(i);
      if (row.size() != header.size()) {
        throw new InvalidInputException(
            "Line "
                + (i + 2)
                + " of the labels file '"
                + file
                + "' has "
                + row.size()
                + " fields, but its first line names "
                + header.size()
                + ".");
      }
      int place = index < 0 ? i : place(row.get(index), names, file, i + 2);
      names[place] = row.get(label);
      synsets[place] = wnid < 0 ? "" : row.get(wnid);
    }
    return new Labels(Arrays.asList(names), wnid < 0 ? List.of() : Arrays.asList(synsets));
  }

  private static int place(String index, String[] taken, String file, int line) {
    try {
      int place = Integer.parseInt(index.strip());
      if (place >= 0 && place < taken.length && taken[place] == null) {
        return place;
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of wrong index.
    }
    throw new InvalidInputException(
        "Line "
            + line
            + " of the labels file '"
            + file
            + "' has the index '"
            + index
            + "', but the indices are each of 0 to "
            + (taken.length - 1)
            + " once.");
  }

  /**
   * Takes the labels out of a model file's metadata: a line a class. Other programs may mean
   * something else by the same words; what has not a line for each class is left alone.
   */
  static Labels takeFrom(Map<String, String> metadata, int classes) {
    List<String> names = lines(metadata, NAMES, classes);
    if (names.isEmpty()) {
      return none();
    }
    metadata.remove(NAMES);
    List<String> synsets = lines(metadata, SYNSETS, classes);
    if (!synsets.isEmpty()) {
      metadata.remove(SYNSETS);
    }
    return new Labels(names, synsets);
  }

  private static List<String> lines(Map<String, String> metadata, String key, int classes) {
    String text = metadata.get(key);
    List<String> lines = text == null ? List.of() : split(text);
    return lines.size() == classes ? lines : List.of();
  }

  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
      lines.add(text.substring(start, end));
    }
    lines.add(text.substring(start));
    return Collections.unmodifiableList(lines);
  }

  /** Writes these labels among a model file's metadata. */
  void addTo(Map<String, String> metadata) {
    if (!names.isEmpty()) {
      metadata.put(NAMES, String.join("\n", names).replace("\r", ""));
    }
    if (!synsets.isEmpty()) {
      metadata.put(SYNSETS, String.join("\n", synsets));
    }
  }
}
