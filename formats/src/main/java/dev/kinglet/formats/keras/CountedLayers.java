package dev.kinglet.formats.keras;

import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of a known network's layers, where a file only counts them: {@code conv2d}, {@code
 * conv2d_1}, …, as Keras 2 and the first versions of Keras 3 write {@code .weights.h5}.
 *
 * <p>Which network it is follows from how many layers of each class there are; the order is that of
 * the network.
 */
final class CountedLayers {
  /** MobileNetV3, tables 1 and 2: the number of blocks, and those with squeeze-excite. */
  private enum V3 {
    LARGE(15, Set.of(3, 4, 5, 10, 11, 12, 13, 14)),
    SMALL(11, Set.of(0, 3, 4, 5, 6, 7, 8, 9, 10));

    private final int blocks;
    private final Set<Integer> squeezed;

    V3(int blocks, Set<Integer> squeezed) {
      this.blocks = blocks;
      this.squeezed = squeezed;
    }
  }

  private final List<String> convolutions = new ArrayList<>();
  private final List<String> depthwise = new ArrayList<>();
  private final List<String> norms = new ArrayList<>();

  private CountedLayers() {}

  /** The same content under a known network's names, or as it is if it is of none. */
  static WeightContent named(WeightContent content) {
    Map<String, WeightContent> models = new LinkedHashMap<>();
    content.models().forEach((name, model) -> models.put(name, named(model)));
    for (CountedLayers candidate : candidates(content)) {
      if (candidate.fits(content)) {
        return new WeightContent(
            content.name(), candidate.rename(content), models, content.complete());
      }
    }
    return new WeightContent(content.name(), content.layers(), models, content.complete());
  }

  private static List<CountedLayers> candidates(WeightContent content) {
    List<CountedLayers> all = new ArrayList<>();
    for (boolean top : new boolean[] {true, false}) {
      all.add(mobileNet(top));
      for (V3 size : V3.values()) {
        for (boolean squeezed : new boolean[] {true, false}) {
          all.add(mobileNetV3(size, squeezed, top));
        }
      }
    }
    all.add(mobileNetV2());
    all.add(shuffleNetV2(counted(content, "conv2d")));
    return all;
  }

  private static CountedLayers mobileNet(boolean top) {
    CountedLayers names = new CountedLayers();
    names.conv("conv1", "_bn");
    for (int i = 1; i <= 13; i++) {
      names.depthwise("conv_dw_" + i, "_bn").conv("conv_pw_" + i, "_bn");
    }
    if (top) {
      names.convolutions.add("conv_preds");
    }
    return names;
  }

  private static CountedLayers mobileNetV2() {
    CountedLayers names = new CountedLayers();
    names.convolutions.add("Conv1");
    names.norms.add("bn_Conv1");
    for (int i = 0; i <= 16; i++) {
      String block = i == 0 ? "expanded_conv_" : "block_" + i + "_";
      if (i > 0) {
        names.conv(block + "expand", "_BN");
      }
      names.depthwise(block + "depthwise", "_BN").conv(block + "project", "_BN");
    }
    return names.conv("Conv_1", "_bn");
  }

  private static CountedLayers mobileNetV3(V3 size, boolean squeezed, boolean top) {
    CountedLayers names = new CountedLayers();
    names.conv("conv", "_bn");
    for (int i = 0; i < size.blocks; i++) {
      String block = i == 0 ? "expanded_conv_" : "expanded_conv_" + i + "_";
      if (i > 0) {
        names.conv(block + "expand", "_bn");
      }
      names.depthwise(block + "depthwise", "_bn");
      if (squeezed && size.squeezed.contains(i)) {
        names.convolutions.add(block + "squeeze_excite_conv");
        names.convolutions.add(block + "squeeze_excite_conv_1");
      }
      names.conv(block + "project", "_bn");
    }
    names.conv("conv_1", "_bn");
    if (top) {
      names.convolutions.addAll(List.of("conv_2", "logits"));
    }
    return names;
  }

  /** A unit that begins with all channels is the first of its stage; the others take half. */
  private static CountedLayers shuffleNetV2(List<List<Shape>> kernels) {
    CountedLayers names = new CountedLayers();
    names.convolutions.add("conv1");
    int stage = 1;
    int block = 1;
    int channels = kernels.isEmpty() ? 0 : size(kernels.getFirst(), 3);
    for (int i = 1; i + 1 < kernels.size(); ) {
      boolean first = size(kernels.get(i), 2) == channels;
      stage += first ? 1 : 0;
      block = first ? 1 : block + 1;
      String unit = "stage" + stage + "/block" + block + "/";
      // Keras keeps layers by their distance from the output, the main branch first.
      names.convolutions.addAll(List.of(unit + "1x1conv_1", unit + "1x1conv_2"));
      names.depthwise.add(unit + "3x3dwconv");
      names.norms.addAll(List.of(unit + "bn_1x1conv_1", unit + "bn_3x3dwconv"));
      if (first) {
        names.convolutions.add(unit + "1x1_conv_3");
        names.depthwise.add(unit + "3x3dwconv_2");
        names.norms.addAll(
            List.of(unit + "bn_3x3dwconv_2", unit + "bn_1x1conv_2", unit + "bn_1x1conv_3"));
        channels = i + 2 < kernels.size() ? 2 * size(kernels.get(i + 2), 3) : 0;
      } else {
        names.norms.add(unit + "bn_1x1conv_2");
      }
      i += first ? 3 : 2;
    }
    names.convolutions.add("1x1conv5_out");
    return names;
  }

  private static int size(List<Shape> variables, int axis) {
    return variables.isEmpty() || variables.getFirst().rank() != 4
        ? -1
        : variables.getFirst().size(axis);
  }

  private CountedLayers conv(String name, String norm) {
    convolutions.add(name);
    norms.add(name + norm);
    return this;
  }

  private CountedLayers depthwise(String name, String norm) {
    depthwise.add(name);
    norms.add(name + norm);
    return this;
  }

  private Map<String, List<String>> byClass() {
    return Map.of(
        "conv2d", convolutions, "depthwise_conv2d", depthwise, "batch_normalization", norms);
  }

  private boolean fits(WeightContent content) {
    return byClass().entrySet().stream()
        .allMatch(type -> counted(content, type.getKey()).size() == type.getValue().size());
  }

  private Map<String, List<Shape>> rename(WeightContent content) {
    Map<String, List<Shape>> layers = new LinkedHashMap<>(content.layers());
    byClass()
        .forEach(
            (type, names) -> {
              for (int i = 0; i < names.size(); i++) {
                layers.put(names.get(i), layers.remove(name(type, i)));
              }
            });
    return layers;
  }

  private static List<List<Shape>> counted(WeightContent content, String type) {
    List<List<Shape>> found = new ArrayList<>();
    while (content.layers().containsKey(name(type, found.size()))) {
      found.add(content.layers().get(name(type, found.size())));
    }
    return found;
  }

  private static String name(String type, int index) {
    return index == 0 ? type : type + "_" + index;
  }
}
