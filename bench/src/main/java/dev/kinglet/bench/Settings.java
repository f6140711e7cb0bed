package dev.kinglet.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command's options, each as {@code key=value}, with their defaults. */
final class Settings {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** Pairs of names and defaults. */
  Settings(String... defaults) {
    for (int i = 0; i < defaults.length; i += 2) {
      values.put(defaults[i], defaults[i + 1]);
    }
  }

  /** Reads a command line; ends the process with a sentence where it holds anything else. */
  Settings read(String[] arguments) {
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2 || values.replace(parts[0], parts[1]) == null) {
        System.err.println("'" + argument + "' is none of " + values.keySet() + " as key=value.");
        System.exit(2);
      }
    }
    return this;
  }

  String get(String key) {
    return values.get(key);
  }

  int number(String key) {
    return Integer.parseInt(get(key));
  }

  List<String> list(String key) {
    return Arrays.asList(get(key).split(","));
  }
}
