package dev.kinglet.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The plan of the house: who may know whom. A new edge is a decision, and is made here. */
class RoomsTest {
  private static final Pattern REQUIRES =
      Pattern.compile("requires\\s+(?:static\\s+|transitive\\s+)*([\\w.]+)\\s*;");
  private static final Pattern ROOM = Pattern.compile("L?dev/kinglet/([a-z0-9/]*)[A-Z]\\w*");

  /** Rooms of core, each with those it may use. */
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          Map.entry("graph", Set.of()),
          Map.entry("zoo", Set.of("graph")),
          Map.entry("analysis", Set.of("graph")),
          Map.entry("image", Set.of("graph", "engine.x64")),
          Map.entry("onnx", Set.of("graph")),
          Map.entry("engine", Set.of("graph", "engine.lower", "engine.java", "engine.x64")),
          Map.entry("engine.lower", Set.of("graph")),
          Map.entry("engine.java", Set.of("graph", "engine", "engine.lower")),
          Map.entry("engine.x64", Set.of("graph", "engine", "engine.lower", "engine.java")),
          Map.entry("", Set.of("graph", "image", "engine", "onnx")));

  /** Modules of ours, each with the modules of ours it may require. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "core", Set.of(),
          "formats", Set.of("core"),
          "models", Set.of("core"),
          "train", Set.of("core", "formats"),
          "serve", Set.of("core", "formats"),
          "spark", Set.of("core", "formats"),
          "cli", Set.of("core", "formats", "models", "train", "serve", "spark"),
          "bench", Set.of("core", "formats"));

  /** One idea a file: what is longer has two. */
  private static final int LINES = 400;

  @Test
  void noSourceIsLongerThanFourHundredLines() {
    Map<Path, Long> longer = new TreeMap<>();
    for (Path source : Repository.sources()) {
      long lines = Repository.read(source).lines().count();
      if (lines > LINES) {
        longer.put(Repository.root().relativize(source), lines);
      }
    }
    assertEquals(Map.of(), longer, "Split these by idea");
  }

  @Test
  void coreRequiresNothingButModulesOfTheJdkAndNoDesktop() {
    for (String required : requires("core")) {
      assertTrue(
          (required.startsWith("java.") || required.startsWith("jdk."))
              && !required.equals("java.desktop"),
          "core requires " + required);
    }
  }

  @Test
  void modulesOfTheHouseRequireOnlyThoseAboveThem() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    Map<String, Set<String>> allowed = new TreeMap<>();
    try (Stream<Path> folders = Files.list(Repository.root())) {
      for (Path folder : folders.sorted().toList()) {
        if (Files.exists(folder.resolve("src/main/java/module-info.java"))) {
          String module = folder.getFileName().toString();
          Set<String> ours = new TreeSet<>();
          for (String required : requires(module)) {
            if (required.startsWith("dev.kinglet.")) {
              ours.add(required.substring("dev.kinglet.".length()));
            }
          }
          Set<String> may = new TreeSet<>(MODULES.getOrDefault(module, Set.of()));
          may.retainAll(ours);
          found.put(module, ours);
          allowed.put(module, may);
        }
      }
    }
    assertTrue(found.containsKey("core"));
    assertEquals(allowed, found);
  }

  @Test
  void roomsOfCoreUseOnlyTheRoomsBelowThem() throws IOException {
    Map<String, Set<String>> surprises = new LinkedHashMap<>();
    Path classes = Repository.root().resolve("core/target/classes");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        if (!file.endsWith("module-info.class")) {
          examine(file, surprises);
        }
      }
    }
    assertEquals(Map.of(), surprises, "Rooms that use a room which RoomsTest does not allow them");
  }

  private static void examine(Path file, Map<String, Set<String>> surprises) throws IOException {
    ClassModel model = ClassFile.of().parse(file);
    String room = room(model.thisClass().asInternalName());
    Set<String> used = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      String text =
          switch (entry) {
            case ClassEntry type -> type.asInternalName();
            case Utf8Entry utf8 when utf8.stringValue().contains("Ldev/kinglet/") ->
                utf8.stringValue();
            default -> "";
          };
      Matcher matcher = ROOM.matcher(text);
      while (matcher.find()) {
        used.add(room(matcher.group().replaceFirst("^L", "")));
      }
    }
    used.remove(room);
    used.removeAll(ROOMS.getOrDefault(room, Set.of()));
    if (!used.isEmpty()) {
      surprises.computeIfAbsent(room, _ -> new TreeSet<>()).addAll(used);
    }
  }

  private static String room(String internalName) {
    String[] parts = internalName.split("/");
    return String.join(".", Arrays.copyOfRange(parts, 2, parts.length - 1));
  }

  private static List<String> requires(String module) {
    String text =
        Repository.read(
            Repository.root().resolve(module).resolve("src/main/java/module-info.java"));
    return REQUIRES.matcher(text).results().map(result -> result.group(1)).toList();
  }
}
