package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A named network with its presets: {@code mobilenet_v2_100} is one of family mobilenet_v2. */
public final class Variant {
  /** Lays a network whose settings are decided. */
  @FunctionalInterface
  interface Architecture {
    Graph build(Choice choice);
  }

  private final String name;
  private final String family;
  private final Shape input;
  private final int classes;
  private final List<Setting> settings;
  private final Architecture architecture;

  /** For pictures of ImageNet: 3 x 224 x 224, 1000 classes. */
  Variant(String family, String name, Architecture architecture, Setting... settings) {
    this(family, name, Shape.of(3, 224, 224), 1000, architecture, settings);
  }

  Variant(
      String family,
      String name,
      Shape input,
      int classes,
      Architecture architecture,
      Setting... settings) {
    this.name = name;
    this.family = family;
    this.input = input;
    this.classes = classes;
    this.architecture = architecture;
    List<Setting> all = new ArrayList<>(List.of(settings));
    if (all.stream().noneMatch(setting -> setting.key().equals("softmax"))) {
      all.add(Setting.flag("softmax", "answers with probabilities instead of logits", false));
    }
    this.settings = List.copyOf(all);
  }

  /** Unique in the zoo. */
  public String name() {
    return name;
  }

  /** The networks that are defined together, such as {@code mobilenet_v2}. */
  public String family() {
    return family;
  }

  /** The shape of one sample as preset. */
  public Shape input() {
    return input;
  }

  /** The number of classes as preset. */
  public int classes() {
    return classes;
  }

  /** What papers and publishers state about it. */
  public Published published() {
    return PublishedFigures.of(name);
  }

  /** Official weights that fit it. */
  public List<Checkpoint> checkpoints() {
    return Checkpoints.of(name);
  }

  /** What can be chosen besides input and classes. */
  public List<Setting> settings() {
    return settings;
  }

  /** The network as preset. */
  public Graph build() {
    return build(Settings.defaults());
  }

  /**
   * The network with these settings.
   *
   * @throws InvalidInputException if there is no such key, the value is none of the setting's, or
   *     the network does not exist at this size; the sentence says what would be legal
   */
  public Graph build(Settings chosen) {
    Choice choice = decide(chosen);
    try {
      return architecture.build(choice);
    } catch (InvalidInputException e) {
      throw explain(choice, e);
    }
  }

  /**
   * The settings next to the chosen ones under which these weights fit: another dialect, another
   * number of classes, or both. Entries are taken as {@link EntryNames} understands them.
   *
   * @return the chosen settings if they fit; nothing if no dialect does
   */
  public Optional<Settings> fitting(Settings chosen, Weights weights) {
    List<Settings> candidates = new ArrayList<>(List.of(chosen));
    for (Setting setting : settings) {
      if (setting.key().equals("dialect")
          && setting.values() instanceof Setting.Values.Words words) {
        words.words().forEach(word -> candidates.add(chosen.with("dialect", word)));
      }
    }
    for (Settings candidate : candidates) {
      Graph graph = build(candidate);
      Parameter last = graph.parameters().getLast();
      Weights adapted = EntryNames.adapt(graph, weights);
      if (fits(graph, adapted)) {
        return Optional.of(candidate);
      }
      if (adapted.has(last.name()) && adapted.get(last.name()).shape().rank() > 0) {
        Settings other = candidate.withClasses(adapted.get(last.name()).shape().channels());
        if (other.classes().getAsInt() > 0 && fits(build(other), adapted)) {
          return Optional.of(other);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean fits(Graph graph, Weights weights) {
    try {
      weights.check(graph);
      return true;
    } catch (Weights.Mismatch e) {
      return false;
    }
  }

  private Choice decide(Settings chosen) {
    Map<String, String> values = new LinkedHashMap<>();
    settings.forEach(setting -> values.put(setting.key(), setting.preset()));
    chosen
        .options()
        .forEach(
            (key, value) -> {
              setting(key).check(name, value);
              values.put(key, value);
            });
    int number = chosen.classes().orElse(classes);
    if (number < 1) {
      throw new InvalidInputException(
          name + " needs at least one class, but was asked for " + number + ".");
    }
    Shape preset = preset(values);
    Shape shape = chosen.input().orElse(preset);
    if (shape.rank() != input.rank() || shape.elements() == 0) {
      throw new InvalidInputException(
          name + " takes samples such as " + input + ", but was given " + shape + ".");
    }
    if (!shape.equals(preset)
        && (chosen.options().containsKey("bands") || chosen.options().containsKey("window"))) {
      throw new InvalidInputException(
          name
              + " with these bands and window takes "
              + preset
              + ", but was given "
              + shape
              + "; give either an input or bands and window.");
    }
    return new Choice(name, shape, number, values);
  }

  /** The shape that follows from settings which are about it, else the variant's. */
  private Shape preset(Map<String, String> values) {
    if ("small".equals(values.get("stem"))) {
      return Shape.of(input.channels(), 32, 32);
    }
    if (values.containsKey("bands")) {
      int window = Integer.parseInt(values.get("window"));
      return Shape.of(1, Integer.parseInt(values.get("bands")), window, window);
    }
    return input;
  }

  private Setting setting(String key) {
    return settings.stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    name
                        + " has no setting '"
                        + key
                        + "'; it has "
                        + settings.stream()
                            .map(setting -> setting.key() + " (" + setting.values() + ")")
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  /** The smallest legal input where the given one is too small, else the builder's own sentence. */
  private InvalidInputException explain(Choice choice, InvalidInputException cause) {
    int given = Math.min(choice.input().height(), choice.input().width());
    int enough = 1024;
    if (choice.input().rank() == 3
        && given < enough
        && !builds(choice, given)
        && builds(choice, enough)) {
      int low = given;
      while (enough - low > 1) {
        int middle = (low + enough) / 2;
        if (builds(choice, middle)) {
          enough = middle;
        } else {
          low = middle;
        }
      }
      return new InvalidInputException(
          name
              + " needs an input of at least "
              + square(choice.input(), enough)
              + ", but was given "
              + choice.input()
              + ".",
          cause);
    }
    return new InvalidInputException(
        name + " cannot be built with these settings: " + cause.getMessage(), cause);
  }

  private boolean builds(Choice choice, int side) {
    try {
      architecture.build(choice.withInput(square(choice.input(), side)));
      return true;
    } catch (InvalidInputException e) {
      return false;
    }
  }

  private static Shape square(Shape shape, int side) {
    return Shape.of(shape.channels(), side, side);
  }

  @Override
  public String toString() {
    return name;
  }
}
