package dev.kinglet.formats.keras;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a file of weights alone tells: the layers' names and their variables' shapes.
 *
 * @param name of the model
 * @param layers by name; a layer without variables has an empty list
 * @param models nested in it
 * @param complete whether layers without variables are among them
 */
record WeightContent(
    String name,
    Map<String, List<Shape>> layers,
    Map<String, WeightContent> models,
    boolean complete) {

  static WeightContent of(HdfTree tree, KerasVariables variables) {
    return switch (variables) {
      case KerasVariables.Named named -> named(tree, named);
      case KerasVariables.Stored _ -> stored(tree, "", "model");
    };
  }

  private static WeightContent named(HdfTree tree, KerasVariables.Named named) {
    Map<String, List<Shape>> layers = new LinkedHashMap<>();
    Map<String, WeightContent> models = new LinkedHashMap<>();
    for (String outer : named.layerNames()) {
      String group = named.root().isEmpty() ? outer : named.root() + "/" + outer;
      Map<String, List<Shape>> inside = new LinkedHashMap<>();
      for (String variable : tree.texts(group, "weight_names").orElse(List.of())) {
        int slash = variable.lastIndexOf('/');
        inside
            .computeIfAbsent(variable.substring(0, Math.max(slash, 0)), _ -> new ArrayList<>())
            .add(tree.array(group + "/" + variable).map(Tensor::shape).orElse(Shape.of()));
      }
      if (inside.size() > 1) {
        models.put(outer, new WeightContent(outer, inside, Map.of(), false));
      } else {
        layers.put(outer, inside.values().stream().findFirst().orElse(List.of()));
      }
    }
    return new WeightContent("model", layers, models, true);
  }

  private static WeightContent stored(HdfTree tree, String path, String name) {
    Map<String, List<Shape>> layers = new LinkedHashMap<>();
    Map<String, WeightContent> models = new LinkedHashMap<>();
    for (String container : KerasVariables.CONTAINERS) {
      String folder = path.isEmpty() ? container : path + "/" + container;
      for (String group : tree.groupsBelow(folder)) {
        String vars = group + "/vars";
        String layer =
            tree.text(vars, "name").orElseGet(() -> group.substring(group.lastIndexOf('/') + 1));
        if (KerasVariables.CONTAINERS.stream().anyMatch(c -> tree.hasGroup(group + "/" + c))) {
          models.put(layer, stored(tree, group, layer));
        } else {
          layers.put(
              layer,
              Stream.iterate(0, i -> i + 1)
                  .map(i -> tree.array(vars + "/" + i))
                  .takeWhile(Optional::isPresent)
                  .map(found -> found.get().shape())
                  .toList());
        }
      }
    }
    return new WeightContent(name, layers, models, true);
  }

  /** The layer's real name for one that may be spelled in the way of another version of Keras. */
  Optional<String> layer(String name) {
    if (layers.containsKey(name)) {
      return Optional.of(name);
    }
    return layers.keySet().stream().filter(found -> normal(found).equals(normal(name))).findFirst();
  }

  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace('/', '_').replace("batchnorm", "bn");
  }

  /** Whether there is a layer of this name, in any version's spelling. */
  boolean has(String name) {
    return layer(name).isPresent();
  }

  /** The shape of a layer's first variable; a scalar if it has none. */
  Shape kernel(String name) {
    return layer(name)
        .map(layers::get)
        .filter(shapes -> !shapes.isEmpty())
        .map(List::getFirst)
        .orElse(Shape.of());
  }

  /** Whether a layer has a second variable, which is a bias. */
  boolean hasBias(String name) {
    return layer(name).map(layers::get).filter(shapes -> shapes.size() == 2).isPresent();
  }

  /** Whether any layer's name begins so, in any version's spelling. */
  boolean hasStart(String start) {
    return layers.keySet().stream().anyMatch(found -> normal(found).startsWith(normal(start)));
  }
}
