package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.graph.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The networks of {@code keras.applications} that the names of their layers give away, with their
 * own head, without one, or below a user's pooling and dense layer.
 *
 * <p>Source: {@code keras/src/applications/mobilenet.py}, {@code mobilenet_v2.py}, {@code
 * mobilenet_v3.py}; for ShuffleNetV2 the names in the Keras tutorials' form of it.
 */
final class KnownNetworks {
  /** MobileNet, table 1: strides of the 13 depthwise convolutions. */
  private static final List<Integer> V1 = List.of(1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1);

  /** MobileNetV2, table 2: the blocks after the first whose stride is 2. */
  private static final Set<Integer> V2 = Set.of(1, 3, 6, 13);

  private static final int V2_BLOCKS = 17;

  /** MobileNetV3, tables 1 and 2: blocks, those of stride 2, the first with hard swish. */
  private record V3(int blocks, Set<Integer> strides, int hardSwishFrom) {}

  private static final V3 LARGE = new V3(15, Set.of(1, 3, 6, 12), 6);
  private static final V3 SMALL = new V3(11, Set.of(0, 1, 3, 8), 3);

  private final FileBytes file;
  private final InvalidInputException unlike;
  private final boolean softmax;

  private KnownNetworks(FileBytes file, InvalidInputException unlike, boolean softmax) {
    this.file = file;
    this.unlike = unlike;
    this.softmax = softmax;
  }

  /** The network of a file of weights alone. */
  static KerasModel recognise(HdfTree tree, KerasVariables variables, boolean softmax) {
    InvalidInputException unlike =
        tree.file()
            .refuse(
                "holds weights without the network, and not those of MobileNet, MobileNetV2,"
                    + " MobileNetV3 or ShuffleNetV2 as keras.applications names them; save the"
                    + " whole model as .keras.");
    KnownNetworks known = new KnownNetworks(tree.file(), unlike, softmax);
    return known.outermost(CountedLayers.named(WeightContent.of(tree, variables)));
  }

  private KerasModel outermost(WeightContent content) {
    if (content.models().size() == 1) {
      WeightContent base = content.models().values().iterator().next();
      ModelSketch sketch = new ModelSketch(content, unlike);
      sketch.add(base(base).build(base.name()));
      return head(sketch, content).build(content.name());
    }
    if (!content.models().isEmpty()) {
      throw unlike;
    }
    ModelSketch sketch = base(content);
    return head(sketch, content).build(content.name());
  }

  private ModelSketch base(WeightContent content) {
    ModelSketch sketch = new ModelSketch(content, unlike);
    boolean v3 = content.has("expanded_conv_10_project");
    if (content.hasStart("rescaling") || (v3 && !content.complete())) {
      sketch.add(
          "Rescaling",
          "rescaling",
          ModelSketch.settings().put("scale", 1 / 127.5).put("offset", -1));
    }
    if (content.has("conv_dw_13")) {
      return mobileNet(sketch, content);
    } else if (content.has("block_16_project")) {
      return mobileNetV2(sketch);
    } else if (content.has("expanded_conv_14_project")) {
      return mobileNetV3(sketch, content, LARGE);
    } else if (content.has("expanded_conv_10_project")) {
      return mobileNetV3(sketch, content, SMALL);
    } else if (content.has("stage2/block1/3x3dwconv")) {
      return shuffleNetV2(sketch, content);
    }
    throw unlike;
  }

  private static ModelSketch mobileNet(ModelSketch sketch, WeightContent content) {
    sketch.conv("conv1", 2).norm("conv1_bn").activation("relu6");
    for (int i = 1; i <= V1.size(); i++) {
      if (V1.get(i - 1) == 2) {
        // One row and column behind, whatever the size: not what "same" means for odd ones.
        sketch.padded("conv_pad_" + i);
      }
      sketch
          .depthwise("conv_dw_" + i, V1.get(i - 1))
          .norm("conv_dw_" + i + "_bn")
          .activation("relu6");
      sketch.conv("conv_pw_" + i, 1).norm("conv_pw_" + i + "_bn").activation("relu6");
    }
    if (content.has("conv_preds")) {
      sketch.globalPool("Average", true).conv("conv_preds", 1);
      sketch.add("Flatten", "flatten", ModelSketch.settings());
    }
    return sketch;
  }

  private static ModelSketch mobileNetV2(ModelSketch sketch) {
    sketch.conv("Conv1", 2).norm("bn_Conv1").activation("relu6");
    int channels = sketch.channels("Conv1");
    for (int i = 0; i < V2_BLOCKS; i++) {
      String block = i == 0 ? "expanded_conv_" : "block_" + i + "_";
      String before = sketch.last();
      if (i > 0) {
        sketch.conv(block + "expand", 1).norm(block + "expand_BN").activation("relu6");
      }
      int stride = V2.contains(i) ? 2 : 1;
      sketch.depthwise(block + "depthwise", stride);
      sketch.norm(block + "depthwise_BN").activation("relu6");
      sketch.conv(block + "project", 1).norm(block + "project_BN");
      int out = sketch.channels(block + "project");
      if (stride == 1 && out == channels) {
        sketch.add("Add", block + "add", ModelSketch.settings(), before, sketch.last());
      }
      channels = out;
    }
    return sketch.conv("Conv_1", 1).norm("Conv_1_bn").activation("relu6");
  }

  private static ModelSketch mobileNetV3(ModelSketch sketch, WeightContent content, V3 v3) {
    boolean minimalistic =
        content.layers().keySet().stream().noneMatch(name -> name.contains("squeeze_excite"));
    String late = minimalistic ? "relu" : "hard_swish";
    sketch.conv("conv", 2).norm("conv_bn").activation(late);
    int channels = sketch.channels("conv");
    for (int i = 0; i < v3.blocks(); i++) {
      String block = i == 0 ? "expanded_conv_" : "expanded_conv_" + i + "_";
      String function = i < v3.hardSwishFrom() ? "relu" : late;
      String before = sketch.last();
      if (i > 0) {
        sketch.conv(block + "expand", 1).norm(block + "expand_bn").activation(function);
      }
      int stride = v3.strides().contains(i) ? 2 : 1;
      sketch.depthwise(block + "depthwise", stride).norm(block + "depthwise_bn");
      sketch.activation(function);
      if (content.has(block + "squeeze_excite_conv")) {
        squeezeExcite(sketch, block + "squeeze_excite_");
      }
      sketch.conv(block + "project", 1).norm(block + "project_bn");
      int out = sketch.channels(block + "project");
      if (stride == 1 && out == channels) {
        sketch.add("Add", block + "add", ModelSketch.settings(), before, sketch.last());
      }
      channels = out;
    }
    sketch.conv("conv_1", 1).norm("conv_1_bn").activation(late);
    if (content.has("conv_2")) {
      sketch.globalPool("Average", true).conv("conv_2", 1).activation(late).conv("logits", 1);
      sketch.add("Flatten", "flatten", ModelSketch.settings());
    }
    return sketch;
  }

  private static void squeezeExcite(ModelSketch sketch, String name) {
    String map = sketch.last();
    sketch.add(
        "GlobalAveragePooling2D", name + "pool", ModelSketch.settings().put("keepdims", true));
    sketch.conv(name + "conv", 1).activation("relu").conv(name + "conv_1", 1);
    // min(max(x + 3, 0), 6) / 6, whichever version saved the file.
    sketch.add("HardSigmoid", name + "gate", ModelSketch.settings());
    sketch.add("Multiply", name + "mul", ModelSketch.settings(), map, sketch.last());
  }

  private static ModelSketch shuffleNetV2(ModelSketch sketch, WeightContent content) {
    sketch.conv("conv1", 2).activation("relu");
    sketch.add(
        "MaxPooling2D",
        "maxpool1",
        ModelSketch.settings().put("pool_size", 3).put("strides", 2).put("padding", "same"));
    for (int stage = 2; content.has("stage" + stage + "/block1/3x3dwconv"); stage++) {
      for (int block = 1; content.has(unit(stage, block) + "3x3dwconv"); block++) {
        shuffleUnit(sketch, unit(stage, block), block == 1);
      }
    }
    sketch.conv("1x1conv5_out", 1).activation("relu");
    if (content.has("fc")) {
      sketch.globalPool(content.has("global_max_pool") ? "Max" : "Average", false).dense("fc");
    }
    return sketch;
  }

  private static String unit(int stage, int block) {
    return "stage" + stage + "/block" + block + "/";
  }

  private static void shuffleUnit(ModelSketch sketch, String unit, boolean down) {
    String input = sketch.last();
    String shortcut = unit + "spl/sp0_slice";
    if (!down) {
      sketch.add("Lambda", shortcut, ModelSketch.settings(), input);
      sketch.add("Lambda", unit + "spl/sp1_slice", ModelSketch.settings(), input);
    }
    sketch.conv(unit + "1x1conv_1", 1).norm(unit + "bn_1x1conv_1").activation("relu");
    sketch.depthwise(unit + "3x3dwconv", down ? 2 : 1).norm(unit + "bn_3x3dwconv");
    sketch.conv(unit + "1x1conv_2", 1).norm(unit + "bn_1x1conv_2").activation("relu");
    String main = sketch.last();
    if (down) {
      sketch.depthwise(unit + "3x3dwconv_2", 2, input).norm(unit + "bn_3x3dwconv_2");
      sketch.conv(unit + "1x1_conv_3", 1).norm(unit + "bn_1x1conv_3").activation("relu");
      shortcut = sketch.last();
    }
    sketch.add("Concatenate", unit + "concat", ModelSketch.settings(), main, shortcut);
    sketch.add("Lambda", unit + "channel_shuffle", ModelSketch.settings());
  }

  /** The user's own dense layer, or MobileNetV2's, behind a base that ends in a map. */
  private ModelSketch head(ModelSketch sketch, WeightContent content) {
    List<String> dense =
        content.layers().entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty() && entry.getValue().getFirst().rank() == 2)
            .map(Map.Entry::getKey)
            .filter(name -> !name.equals("fc"))
            .toList();
    if (dense.size() > 1) {
      throw file.refuse(
          "holds weights without the network, and "
              + dense.size()
              + " dense layers; the functions between them are nowhere in such a file: save the"
              + " whole model as .keras.");
    }
    if (dense.size() == 1) {
      sketch.globalPool(content.hasStart("global_max_pool") ? "Max" : "Average", false);
      sketch.dense(dense.getFirst());
    }
    return softmax ? sketch.activation("softmax") : sketch;
  }
}
