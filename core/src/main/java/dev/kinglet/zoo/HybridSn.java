package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;

/**
 * HybridSN: 3-D convolutions over bands and place, then a 2-D one, for patches of a hyperspectral
 * scene (Roy et al. 2020, arXiv 1902.06701). A sample is {@code (1, bands, window, window)} of
 * principal components around one pixel.
 *
 * <p>Attention between the 2-D convolution and the first dense layer follows the simplest of the
 * published additions; no checkpoint of it exists.
 */
final class HybridSn {
  private HybridSn() {}

  static List<Variant> variants() {
    return List.of(
        variant("indian_pines", 30, 16),
        variant("pavia_university", 15, 9),
        variant("salinas", 15, 16));
  }

  private static Variant variant(String scene, int bands, int classes) {
    return new Variant(
        "hybridsn",
        "hybridsn_" + scene,
        Shape.of(1, bands, 25, 25),
        classes,
        HybridSn::build,
        Setting.whole("bands", "principal components of the cube", bands, 13, 1024),
        Setting.whole("window", "height and width of a patch", 25, 9, 255),
        Setting.words(
            "attention",
            "gates the channels, or channels and places, after the 2-D convolution",
            "none",
            "none",
            "se",
            "cbam"),
        Shared.dropout(0.4));
  }

  private static Graph build(Choice choice) {
    Shape in = choice.input();
    if (in.size(1) < 13 || in.height() < 9 || in.width() < 9) {
      throw new InvalidInputException(
          "it needs at least 13 bands and a window of 9 x 9, but was given " + in + ".");
    }
    Layers layers = new Layers(choice);
    // Table I of the paper, with 30 bands and a window of 25: depth x height x width.
    Node x = unit(layers, "conv1", layers.input(), 8, 7, 3, 3); // 24 x 23 x 23
    x = unit(layers, "conv2", x, 16, 5, 3, 3); // 20 x 21 x 21
    x = unit(layers, "conv3", x, 32, 3, 3, 3); // 18 x 19 x 19
    Shape map = x.shape();
    x =
        layers.add(
            "flatten_bands",
            new Op.Reshape(Shape.of(map.channels() * map.size(1), map.height(), map.width())),
            x);
    x = unit(layers, "conv4", x, 64, 3, 3); // 17 x 17
    x =
        switch (choice.text("attention")) {
          case "se" ->
              layers.gate("attention", new String[] {"fc1", "fc2"}, x, 4, Function.SIGMOID);
          case "cbam" -> Cbam.lay(layers, "attention", x);
          default -> x;
        };
    x = layers.flatten("flatten", x);
    x = layers.dropout("dropout1", layers.relu(layers.linear("fc1", x, 256)));
    x = layers.dropout("dropout2", layers.relu(layers.linear("fc2", x, 128)));
    return layers.finish(layers.linear("fc3", x, choice.classes()));
  }

  private static Node unit(Layers layers, String path, Node in, int channels, Integer... kernel) {
    return layers.relu(layers.conv(path, in, channels, Window.valid(kernel), 1, true));
  }
}
