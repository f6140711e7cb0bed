package dev.kinglet.zoo;

import dev.kinglet.graph.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user chose about a variant; everything else stays as the variant presets it.
 *
 * @param input the shape of one sample, such as {@code 3x224x224}
 * @param classes the number of classes
 * @param options the settings by key, as {@code --set key=value} gives them
 */
public record Settings(Optional<Shape> input, OptionalInt classes, Map<String, String> options) {

  /** Copies the map. */
  public Settings {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** Nothing chosen. */
  public static Settings defaults() {
    return new Settings(Optional.empty(), OptionalInt.empty(), Map.of());
  }

  /** These settings with another shape of one sample. */
  public Settings withInput(Shape shape) {
    return new Settings(Optional.of(shape), classes, options);
  }

  /** These settings with another number of classes. */
  public Settings withClasses(int number) {
    return new Settings(input, OptionalInt.of(number), options);
  }

  /** These settings with one more option. */
  public Settings with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(options);
    more.put(key, value);
    return new Settings(input, classes, more);
  }
}
