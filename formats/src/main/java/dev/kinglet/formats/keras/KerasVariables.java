package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.graph.Tensor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a file keeps the arrays of a layer. */
sealed interface KerasVariables {
  /** The keys under which Keras's object stores keep a model's layers. */
  List<String> CONTAINERS = List.of("layers", "_layer_checkpoint_dependencies");

  /**
   * The variable of a layer.
   *
   * @param models from the outermost model to the one that holds the layer
   * @param names by which versions of Keras call the variable
   * @param index its position among the layer's variables
   * @param count how many variables the layer has
   */
  Optional<Tensor> find(
      List<KerasModel> models, KerasLayer layer, List<String> names, int index, int count);

  /** Finds out which layout a file has. */
  static KerasVariables of(HdfTree tree) {
    for (String root : List.of("", "model_weights")) {
      if (tree.texts(root, "layer_names").isPresent()) {
        return new Named(tree, root);
      }
    }
    for (String container : CONTAINERS) {
      if (tree.hasGroup(container)) {
        return new Stored(tree);
      }
    }
    throw tree.file().refuse("is an HDF5 file, but not one that Keras has written.");
  }

  /** The first part of every path, {@code ""} or ending in a slash. */
  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /**
   * The layout of Keras 1 and 2, which Keras 3 still writes for {@code .h5}: a group for each
   * outermost layer, which lists its variables by name.
   */
  record Named(HdfTree tree, String root) implements KerasVariables {
    @Override
    public Optional<Tensor> find(
        List<KerasModel> models, KerasLayer layer, List<String> names, int index, int count) {
      boolean nested = models.size() > 1;
      String outermost = nested ? models.get(1).name() : layer.name();
      String group = below(root, outermost);
      List<String> listed = tree.texts(group, "weight_names").orElse(List.of());
      if (!nested) {
        // By position: a layer made twice under one name has variables called name_1.
        return listed.size() == count
            ? tree.array(below(group, listed.get(index)))
            : Optional.empty();
      }
      return listed.stream()
          .filter(variable -> isOf(layer, names, variable))
          // Names of layers may hold slashes: "Conv_1" is not "squeeze_excite/Conv_1".
          .min(Comparator.comparingInt(String::length))
          .flatMap(variable -> tree.array(below(group, variable)));
    }

    private static boolean isOf(KerasLayer layer, List<String> names, String variable) {
      String bare = variable.replaceFirst(":[0-9]+$", "");
      return names.stream()
          .map(name -> layer.name() + "/" + name)
          .anyMatch(wanted -> bare.equals(wanted) || bare.endsWith("/" + wanted));
    }

    /** The names of the outermost layers, in order. */
    List<String> layerNames() {
      return tree.texts(root, "layer_names").orElse(List.of());
    }
  }

  /**
   * The layout of Keras 3, {@code layers/conv2d_3/vars/0}: groups bear the layer's class and a
   * count, and in later versions an attribute with the layer's name.
   */
  record Stored(HdfTree tree, Map<String, Map<String, String>> cache) implements KerasVariables {
    Stored(HdfTree tree) {
      this(tree, new HashMap<>());
    }

    @Override
    public Optional<Tensor> find(
        List<KerasModel> models, KerasLayer layer, List<String> names, int index, int count) {
      String path = "";
      for (int depth = 0; depth < models.size(); depth++) {
        String next = depth + 1 < models.size() ? models.get(depth + 1).name() : layer.name();
        Optional<String> inner = group(path, models.get(depth), next);
        if (inner.isEmpty()) {
          return Optional.empty();
        }
        path = inner.get();
      }
      return tree.array(below(path, "vars/" + index));
    }

    private Optional<String> group(String path, KerasModel model, String layer) {
      return Optional.ofNullable(cache.computeIfAbsent(path, p -> groups(p, model)).get(layer));
    }

    /** The group of each layer of a model: by attribute, by name, or by counting classes. */
    private Map<String, String> groups(String path, KerasModel model) {
      Map<String, String> groups = new HashMap<>();
      for (String container : CONTAINERS) {
        String folder = below(path, container);
        List<String> below = tree.groupsBelow(folder);
        for (String group : below) {
          tree.text(group + "/vars", "name").ifPresent(name -> groups.putIfAbsent(name, group));
        }
        Map<String, Integer> seen = new HashMap<>();
        for (KerasLayer layer : model.layers()) {
          String type = snake(layer.type());
          int before = seen.merge(type, 1, Integer::sum) - 1;
          String counted = below(folder, before == 0 ? type : type + "_" + before);
          String named = below(folder, layer.name());
          if (tree.hasGroup(counted) && tree.text(counted + "/vars", "name").isEmpty()) {
            groups.putIfAbsent(layer.name(), counted);
          } else if (tree.hasGroup(named) && tree.text(named + "/vars", "name").isEmpty()) {
            groups.putIfAbsent(layer.name(), named);
          }
        }
      }
      return groups;
    }

    private static String snake(String type) {
      return type.replaceAll("\\W+", "")
          .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
          .replaceAll("([a-z])([A-Z])", "$1_$2")
          .toLowerCase(Locale.ROOT);
    }

    /** The names of the layers directly below a group, where the file states them. */
    List<String> layerNames(String path) {
      return CONTAINERS.stream()
          .flatMap(container -> tree.groupsBelow(below(path, container)).stream())
          .flatMap(group -> tree.text(group + "/vars", "name").stream())
          .collect(Collectors.toList());
    }
  }

  /** What to say where a variable is missing. */
  static RuntimeException missing(FileBytes file, String layer, String variable) {
    return file.refuse(
        "has no "
            + variable
            + " for layer "
            + FileBytes.quote(layer)
            + "; save the whole model again with Keras.");
  }
}
