package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that decides a run, as {@code config.json} holds it: keys and values as text.
 *
 * <p>Options of the variant have keys that begin with {@code set.}.
 */
public final class RunSettings {
  /** Every key with its preset; an empty text means that the run decides. */
  private static final Map<String, String> PRESETS = presets();

  private final Map<String, String> values;

  private RunSettings(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  private static Map<String, String> presets() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String key :
        new String[] {
          "variant", "input", "data", "val", "truth", "weights", "recipe", "prepare", "freeze",
          "cache"
        }) {
      keys.put(key, "");
    }
    keys.putAll(TrainingRecipe.BASE);
    keys.put("val_share", "0.1");
    keys.put("share", "0.3");
    keys.put("split", "random");
    keys.put("seed", "1");
    keys.put("threads", "0");
    keys.put("workers", "1");
    keys.put("save_every", "500");
    keys.put("max_steps", "0");
    keys.put("judge_every", "1");
    keys.put("precision", "float32");
    return Collections.unmodifiableMap(keys);
  }

  /**
   * What a user chose; a recipe fills in what was not chosen, presets fill in the rest.
   *
   * @throws InvalidInputException if a key or the recipe is unknown; lists those that exist
   */
  public static RunSettings of(Map<String, String> chosen) {
    Map<String, String> values = new LinkedHashMap<>(PRESETS);
    String recipe = chosen.getOrDefault("recipe", "");
    if (!recipe.isEmpty()) {
      values.putAll(TrainingRecipe.named(recipe).values());
    }
    chosen.forEach(
        (key, value) -> {
          if (!PRESETS.containsKey(key) && !key.startsWith("set.")) {
            throw new InvalidInputException(
                "Training has no setting '"
                    + key
                    + "'; it has "
                    + String.join(", ", new TreeMap<>(PRESETS).keySet())
                    + ".");
          }
          values.put(key, value);
        });
    if (chosen.containsKey("lr")) {
      values.put("lr_batch", chosen.getOrDefault("lr_batch", "0"));
    }
    return new RunSettings(values).check();
  }

  /** Reads every number once, so that a wrong one is answered before anything is decoded. */
  private RunSettings check() {
    whole("epochs", 1, 100_000);
    whole("batch", 1, 1_000_000);
    whole("seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
    whole("threads", 0, 1024);
    whole("workers", 1, 1024);
    whole("save_every", 1, Integer.MAX_VALUE);
    whole("max_steps", 0, Integer.MAX_VALUE);
    whole("judge_every", 1, Integer.MAX_VALUE);
    number("lr", 0, 1000);
    number("lr_batch", 0, 1e9);
    number("momentum", 0, 0.99999);
    number("warmup", 0, 100_000);
    number("warmup_start", 0, 1);
    number("decay", 0, 10);
    number("smoothing", 0, 0.99);
    number("ema", 0, 0.9999999);
    number("norm_momentum", 0, 1);
    number("clip", 0, 1e9);
    number("dropout", -1, 0.99);
    number("drop_path", -1, 0.99);
    number("jitter", 0, 1);
    number("erasing", 0, 1);
    number("mixup", 0, 100);
    number("cutmix", 0, 100);
    number("val_share", 0, 0.9);
    number("share", 0, 0.99);
    flag("decay_norms");
    flag("flip");
    rule();
    Schedule.parse(text("schedule"));
    Precision.named(text("precision"));
    return this;
  }

  /** All keys and values, in order. */
  public Map<String, String> values() {
    return values;
  }

  String text(String key) {
    return values.get(key);
  }

  boolean has(String key) {
    return !values.getOrDefault(key, "").isEmpty();
  }

  int whole(String key, int least, int most) {
    try {
      int value = Integer.parseInt(text(key));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of wrong number.
    }
    throw mustBe(key, "a whole number from " + least + " to " + most);
  }

  int whole(String key) {
    return whole(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  double number(String key, double least, double most) {
    try {
      double value = Double.parseDouble(text(key));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of wrong number.
    }
    throw mustBe(key, "a number from " + least + " to " + most);
  }

  double number(String key) {
    return number(key, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  boolean flag(String key) {
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw mustBe(key, "true or false");
    };
  }

  private InvalidInputException mustBe(String key, String what) {
    return new InvalidInputException(
        "The setting " + key + " is '" + text(key) + "', but must be " + what + ".");
  }

  /** The optimiser's rule with the momentum chosen. */
  Rule rule() {
    double momentum = number("momentum");
    return switch (Rule.named(text("optimizer"))) {
      case Rule.Sgd sgd -> new Rule.Sgd(momentum, sgd.nesterov() && momentum > 0);
      case Rule.RmsProp r -> new Rule.RmsProp(r.decay(), momentum, r.epsilon(), r.tensorflow());
      case Rule.Adam adam -> adam;
      case Rule.AdamW adam -> adam;
    };
  }

  /** The peak learning rate: a recipe's belongs to its batch and follows ours in proportion. */
  double peak(int batch) {
    double of = number("lr_batch");
    return number("lr") * (of > 0 ? batch / of : 1);
  }

  /** What the variant is built with. */
  Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith("set.")) {
            options.put(key.substring("set.".length()), value);
          }
        });
    return options;
  }
}
