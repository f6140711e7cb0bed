package dev.kinglet.image;

import dev.kinglet.graph.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A recipe as text entries of a model file. */
final class RecipeMetadata {
  private static final String NAME = "recipe";
  private static final String FIT = "recipe.fit";
  private static final String RESIZE = "recipe.resize";
  private static final String CROP = "recipe.crop";
  private static final String RESAMPLING = "recipe.resampling";
  private static final String CHANNELS = "recipe.channels";
  private static final String DIVISOR = "recipe.divisor";
  private static final String MEAN = "recipe.mean";
  private static final String STD = "recipe.std";

  private RecipeMetadata() {}

  static Map<String, String> write(String name, Geometry geometry, Scaling scaling) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put(NAME, name);
    out.put(FIT, word(geometry.fit()));
    out.put(RESIZE, Integer.toString(geometry.resize()));
    out.put(CROP, Integer.toString(geometry.crop()));
    out.put(RESAMPLING, word(geometry.resampling()));
    out.put(CHANNELS, scaling.bgr() ? "bgr" : "rgb");
    out.put(DIVISOR, Float.toString(scaling.divisor()));
    out.put(MEAN, join(scaling.mean()));
    out.put(STD, join(scaling.std()));
    return out;
  }

  static Recipe read(Map<String, String> metadata) {
    Geometry geometry =
        new Geometry(
            constant(metadata, FIT, Fit.values()),
            whole(metadata, RESIZE),
            whole(metadata, CROP),
            constant(metadata, RESAMPLING, Resampling.values()));
    String channels = entry(metadata, CHANNELS);
    if (!channels.equals("rgb") && !channels.equals("bgr")) {
      throw wrong(CHANNELS, channels, "rgb or bgr");
    }
    List<Float> divisor = floats(metadata, DIVISOR, 1, false);
    List<Float> std = floats(metadata, STD, 3, false);
    Scaling scaling =
        new Scaling(channels.equals("bgr"), divisor.get(0), floats(metadata, MEAN, 3, true), std);
    return new Recipe(entry(metadata, NAME), geometry, scaling);
  }

  private static String entry(Map<String, String> metadata, String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new InvalidInputException("The model's metadata have no entry \"" + key + "\".");
    }
    return value;
  }

  private static <E extends Enum<E>> E constant(
      Map<String, String> metadata, String key, E[] constants) {
    String value = entry(metadata, key);
    StringBuilder words = new StringBuilder();
    for (E constant : constants) {
      if (word(constant).equals(value)) {
        return constant;
      }
      words.append(words.isEmpty() ? "" : ", ").append(word(constant));
    }
    throw wrong(key, value, "one of " + words);
  }

  private static int whole(Map<String, String> metadata, String key) {
    String value = entry(metadata, key);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw wrong(key, value, "a whole number");
    }
  }

  private static List<Float> floats(
      Map<String, String> metadata, String key, int count, boolean zeroAllowed) {
    String value = entry(metadata, key);
    List<Float> out = new ArrayList<>();
    int from = 0;
    while (from <= value.length()) {
      int comma = value.indexOf(',', from);
      int to = comma < 0 ? value.length() : comma;
      try {
        out.add(Float.parseFloat(value.substring(from, to)));
      } catch (NumberFormatException e) {
        throw wrong(key, value, "a list of numbers");
      }
      from = to + 1;
    }
    for (float f : out) {
      if (!Float.isFinite(f) || f == 0 && !zeroAllowed) {
        throw wrong(key, value, zeroAllowed ? "finite" : "finite and not zero");
      }
    }
    if (out.size() != count) {
      throw wrong(key, value, count + " numbers");
    }
    return out;
  }

  private static InvalidInputException wrong(String key, String value, String expected) {
    return new InvalidInputException(
        "The model's metadata give \""
            + value
            + "\" for \""
            + key
            + "\", which is not "
            + expected
            + ".");
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String join(List<Float> values) {
    StringBuilder out = new StringBuilder();
    for (float v : values) {
      out.append(out.isEmpty() ? "" : ",").append(v);
    }
    return out.toString();
  }
}
