package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What other projects call the parameters of networks that compute the same as the zoo's. */
final class ForeignSpellings {
  private static final Pattern TIMM_BLOCK = Pattern.compile("(blocks\\.\\d+\\.\\d+)\\.(\\w+)");
  private static final Pattern FEATURE = Pattern.compile("features\\.(\\d+)\\.(.+)");

  private static final Map<String, String> PROJECT_OF_TIMM =
      Map.of(
          "conv_pw", "_expand_conv",
          "bn1", "_bn0",
          "conv_dw", "_depthwise_conv",
          "bn2", "_bn1",
          "conv_pwl", "_project_conv",
          "bn3", "_bn2");
  private static final Map<String, String> PROJECT_OF_TIMM_WITHOUT_EXPANSION =
      Map.of(
          "conv_dw", "_depthwise_conv",
          "bn1", "_bn1",
          "conv_pw", "_project_conv",
          "bn2", "_bn2");
  private static final Map<String, String> FLAT_OF_TORCHVISION =
      Map.of(
          "conv.0.0", "conv.0",
          "conv.0.1", "conv.1",
          "conv.1.0", "conv.3",
          "conv.1.1", "conv.4",
          "conv.2", "conv.6",
          "conv.3", "conv.7");
  private static final Map<String, String> FLAT_OF_TORCHVISION_WITHOUT_EXPANSION =
      Map.of("conv.0.0", "conv.0", "conv.0.1", "conv.1", "conv.1", "conv.3", "conv.2", "conv.4");

  private ForeignSpellings() {}

  /** From the graph's names to another project's; empty where no project has this network. */
  static List<UnaryOperator<String>> of(Graph graph) {
    Set<String> modules = new LinkedHashSet<>();
    graph.parameters().forEach(parameter -> modules.add(module(parameter.name())));
    List<UnaryOperator<String>> spellings = new ArrayList<>();
    if (modules.contains("conv_stem") && modules.contains("blocks.0.0.conv_dw")) {
      spellings.add(efficientNetPytorch(modules));
      spellings.add(rangiLyu(modules));
    }
    if (modules.contains("features.0.0") && modules.contains("features.1.conv.0.0")) {
      spellings.add(flat(modules, false));
      spellings.add(flat(modules, true));
    }
    return spellings;
  }

  /** lukemelas/EfficientNet-PyTorch and its Lite conversions: blocks counted through. */
  private static UnaryOperator<String> efficientNetPytorch(Set<String> modules) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (String module : modules) {
      Matcher block = TIMM_BLOCK.matcher(module);
      if (block.matches()) {
        int number = numbers.computeIfAbsent(block.group(1), _ -> numbers.size());
        names.put(module, "_blocks." + number + "." + inner(modules, block));
      }
    }
    names.put("conv_stem", "_conv_stem");
    names.put("bn1", "_bn0");
    names.put("conv_head", "_conv_head");
    names.put("bn2", "_bn1");
    names.put("classifier", "_fc");
    return byModule(names);
  }

  /** RangiLyu/EfficientNet-Lite: blocks counted by stage. */
  private static UnaryOperator<String> rangiLyu(Set<String> modules) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String module : modules) {
      Matcher block = TIMM_BLOCK.matcher(module);
      if (block.matches()) {
        names.put(module, block.group(1) + "." + inner(modules, block));
      }
    }
    names.put("conv_stem", "stem.0");
    names.put("bn1", "stem.1");
    names.put("conv_head", "head.0");
    names.put("bn2", "head.1");
    names.put("classifier", "fc");
    return byModule(names);
  }

  private static String inner(Set<String> modules, Matcher block) {
    boolean expands = modules.contains(block.group(1) + ".conv_pwl");
    Map<String, String> names = expands ? PROJECT_OF_TIMM : PROJECT_OF_TIMM_WITHOUT_EXPANSION;
    return names.getOrDefault(block.group(2), block.group(2));
  }

  /**
   * tonylins/pytorch-mobilenet-v2: a block is one flat sequence, activations counted; d-li14 moves
   * the last convolution out of {@code features}.
   */
  private static UnaryOperator<String> flat(Set<String> modules, boolean lastOutside) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String module : modules) {
      Matcher feature = FEATURE.matcher(module);
      if (feature.matches()) {
        String number = feature.group(1);
        String leaf = feature.group(2);
        boolean expands = modules.contains("features." + number + ".conv.1.0");
        Map<String, String> inner =
            expands ? FLAT_OF_TORCHVISION : FLAT_OF_TORCHVISION_WITHOUT_EXPANSION;
        boolean last = !number.equals("0") && !leaf.startsWith("conv.");
        names.put(
            module,
            last && lastOutside
                ? "conv." + leaf
                : "features." + number + "." + inner.getOrDefault(leaf, leaf));
      }
    }
    names.put("classifier.1", "classifier");
    return byModule(names);
  }

  private static UnaryOperator<String> byModule(Map<String, String> names) {
    return name -> {
      String module = module(name);
      return names.getOrDefault(module, module) + name.substring(module.length());
    };
  }

  /** A parameter's name without its last part. */
  private static String module(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }
}
