package dev.kinglet.train;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Small pictures of three classes that a network can learn to tell apart: stripes and noise. */
final class Synthetic {
  private static final String[] CLASSES = {"across", "down", "noise"};

  private Synthetic() {}

  /** Class folders with {@code count} pictures each. */
  static Path pictures(Path root, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    for (int label = 0; label < CLASSES.length; label++) {
      Path folder = Files.createDirectories(root.resolve(CLASSES[label]));
      for (int i = 0; i < count; i++) {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        int period = 2 + random.nextInt(3);
        int shift = random.nextInt(8);
        for (int p = 0; p < 32 * 32; p++) {
          int along = label == 0 ? p / 32 : p % 32;
          boolean bright = label == 2 ? random.nextBoolean() : (along + shift) / period % 2 == 0;
          int grey = (bright ? 150 : 50) + random.nextInt(60);
          image.setRGB(p % 32, p / 32, grey << 16 | grey << 8 | grey);
        }
        ImageIO.write(image, "png", folder.resolve("%03d.png".formatted(i)).toFile());
      }
    }
    return root;
  }

  /** Settings of a short run over such pictures. */
  static Map<String, String> settings(Path data, Path cache) {
    Map<String, String> chosen = new LinkedHashMap<>();
    chosen.put("variant", "mobilenet_v2_050");
    chosen.put("input", "3x32x32");
    chosen.put("data", data.toString());
    chosen.put("cache", cache.toString());
    chosen.put("recipe", "small");
    chosen.put("epochs", "3");
    chosen.put("batch", "8");
    chosen.put("lr", "0.05");
    chosen.put("threads", "1");
    chosen.put("save_every", "2");
    chosen.put("policy", "trivial");
    chosen.put("mixup", "0.2");
    chosen.put("cutmix", "1");
    chosen.put("erasing", "0.25");
    return chosen;
  }
}
