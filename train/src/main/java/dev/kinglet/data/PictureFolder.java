package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pictures in one folder a class, in a folder or inside a zip file.
 *
 * @param classes the folders' names in order
 * @param pictures every file, class by class
 */
public record PictureFolder(List<String> classes, List<Labelled> pictures) {
  private static final Set<String> HELD_OUT = Set.of("val", "valid", "validation", "test");

  /** Copies the lists. */
  public PictureFolder {
    classes = List.copyOf(classes);
    pictures = List.copyOf(pictures);
  }

  /** A file and the index of its class. */
  public record Labelled(Path file, int label) {}

  /**
   * What a folder offers: pictures to learn from, and those held out if it has a folder {@code
   * val}, {@code valid}, {@code validation} or {@code test} beside {@code train}.
   */
  public record Found(PictureFolder train, Optional<PictureFolder> heldOut) {}

  /**
   * Looks into a folder or a zip file; folders that hold nothing but one folder are passed through.
   *
   * @throws InvalidInputException if there are not at least two classes with pictures
   */
  public static Found find(Path given) {
    Path root = root(given);
    Path train = root.resolve("train");
    if (!Files.isDirectory(train)) {
      return new Found(read(root, given, Optional.empty()), Optional.empty());
    }
    PictureFolder learned = read(train, given, Optional.empty());
    for (Path folder : folders(root)) {
      if (HELD_OUT.contains(name(folder))) {
        return new Found(learned, Optional.of(read(folder, given, Optional.of(learned.classes()))));
      }
    }
    return new Found(learned, Optional.empty());
  }

  /**
   * Reads the class folders of held-out pictures.
   *
   * @param classes those that were learned; another one is refused
   */
  public static PictureFolder heldOut(Path given, List<String> classes) {
    return read(root(given), given, Optional.of(classes));
  }

  private static Path root(Path given) {
    if (!Files.exists(given)) {
      throw new InvalidInputException(
          "There is no " + given + "; give a folder (or a zip file) with one folder a class.");
    }
    Path root = given;
    if (Files.isRegularFile(given)) {
      try {
        root = FileSystems.newFileSystem(given).getPath("/");
      } catch (IOException | RuntimeException e) {
        throw new InvalidInputException(
            given + " is neither a folder nor a readable zip file; give one with class folders.",
            e);
      }
    }
    List<Path> inside = folders(root);
    while (inside.size() == 1 && !name(inside.getFirst()).equals("train")) {
      List<Path> next = folders(inside.getFirst());
      if (next.isEmpty()) {
        break;
      }
      root = inside.getFirst();
      inside = next;
    }
    return root;
  }

  private static PictureFolder read(Path root, Path given, Optional<List<String>> known) {
    List<String> classes = new ArrayList<>(known.orElse(List.of()));
    List<Labelled> pictures = new ArrayList<>();
    for (Path folder : folders(root)) {
      String name = name(folder);
      int label = classes.indexOf(name);
      if (label < 0 && known.isPresent()) {
        throw new InvalidInputException(
            given
                + " holds the class '"
                + name
                + "', which the training pictures do not have; they have "
                + String.join(", ", known.get())
                + ".");
      }
      if (label < 0) {
        label = classes.size();
        classes.add(name);
      }
      int index = label;
      files(folder).forEach(file -> pictures.add(new Labelled(file, index)));
    }
    if (classes.size() < 2 || pictures.isEmpty()) {
      throw new InvalidInputException(
          given
              + " holds "
              + pictures.size()
              + " pictures in "
              + classes.size()
              + " class folders; training needs one folder with pictures for each of two or more"
              + " classes.");
    }
    return new PictureFolder(classes, pictures);
  }

  private static List<Path> folders(Path root) {
    return list(root, false).filter(Files::isDirectory).toList();
  }

  /** Every file below; what is no picture is found out when it is decoded, and left out. */
  private static List<Path> files(Path folder) {
    return list(folder, true).filter(Files::isRegularFile).toList();
  }

  private static Stream<Path> list(Path folder, boolean deep) {
    try (Stream<Path> files = deep ? Files.walk(folder) : Files.list(folder)) {
      return files.filter(file -> !name(file).startsWith(".")).sorted().toList().stream();
    } catch (IOException e) {
      throw new InvalidInputException(folder + " cannot be listed; check its permissions.", e);
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }
}
