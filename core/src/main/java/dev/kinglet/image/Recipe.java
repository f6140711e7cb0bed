package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How a checkpoint wants its pictures: resized, cropped, channels in order, scaled.
 *
 * <p>A recipe is immutable. The value of a sample v (0 to 255) of a channel is {@code (v / divisor
 * - mean) / std} in float32, each step rounded as PyTorch rounds it. The named recipes are those
 * under which the published checkpoints were evaluated.
 */
public final class Recipe {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());

  private final String name;
  private final Geometry geometry;
  private final Scaling scaling;

  /** For each channel of the output, the value of each of the 256 samples. */
  private final float[] table;

  /** The scaling as machine code takes it: divisor, means, deviations. */
  private final MemorySegment constants;

  Recipe(String name, Geometry geometry, Scaling scaling) {
    this.name = name;
    this.geometry = geometry;
    this.scaling = scaling;
    table = scaling.table();
    constants = MemorySegment.ofArray(scaling.constants());
  }

  /**
   * The recipe of that name.
   *
   * @throws InvalidInputException when there is none; it lists the names
   */
  public static Recipe named(String name) {
    for (Recipe recipe : NamedRecipes.ALL) {
      if (recipe.name.equals(name)) {
        return recipe;
      }
    }
    StringBuilder names = new StringBuilder();
    for (Recipe recipe : NamedRecipes.ALL) {
      names.append(names.isEmpty() ? "" : ", ").append(recipe.name);
    }
    throw new InvalidInputException(
        "There is no recipe \"" + name + "\"; the recipes are " + names + ".");
  }

  /** Every named recipe. */
  public static List<Recipe> all() {
    return NamedRecipes.ALL;
  }

  /** The name, under which {@link #named} finds it (with the size that it had first). */
  public String name() {
    return name;
  }

  /** The network's input without batch: 3 × crop × crop. */
  public Shape output() {
    return Shape.of(3, geometry.crop(), geometry.crop());
  }

  /** What is done before the scaling, in words. */
  public String description() {
    return geometry.describe() + ", " + scaling.describe();
  }

  /**
   * The picture resized and cropped, before channels are reordered and scaled.
   *
   * <p>Recipes that resize in floating point (TensorFlow's) round here to the nearest sample.
   */
  public Picture crop(Picture picture) {
    Preparation memory = new Preparation(PixelCode.orNull());
    int size = geometry.crop();
    geometry.crop(new Bytes(picture.rgb()), picture.width(), picture.height(), memory);
    return new Picture(size, size, Arrays.copyOf(memory.crop.array, 3 * size * size));
  }

  /**
   * Writes the network's input, {@code 3 * crop * crop} float32 values by channel, row and column,
   * at {@code byteOffset} of {@code target}.
   */
  public void prepare(Picture picture, MemorySegment target, long byteOffset) {
    Preparation memory = new Preparation(PixelCode.orNull());
    prepare(
        new Bytes(picture.rgb()), picture.width(), picture.height(), memory, target, byteOffset);
  }

  /** The network's input as a new array. */
  public float[] prepare(Picture picture) {
    int size = geometry.crop();
    float[] out = new float[3 * size * size];
    prepare(picture, MemorySegment.ofArray(out), 0);
    return out;
  }

  void prepare(
      Bytes rgb, int width, int height, Preparation memory, MemorySegment target, long offset) {
    int size = geometry.crop();
    int plane = size * size;
    if (geometry.resampling() == Resampling.TENSORFLOW_BILINEAR) {
      float[] values = geometry.resizeToFloats(rgb, width, height, memory);
      for (int c = 0; c < 3; c++) {
        int channel = scaling.bgr() ? 2 - c : c;
        for (int i = 0; i < plane; i++) {
          float value = scaling.apply(values[3 * i + channel], c);
          target.set(FLOAT, offset + 4L * (c * plane + i), value);
        }
      }
      return;
    }
    geometry.crop(rgb, width, height, memory);
    byte[] crop = memory.crop.array;
    int done = 0;
    if (memory.code != null && plane >= 8) {
      done = plane & ~7;
      memory.code.scale(
          memory.crop.segment, scaling.bgr(), constants, plane / 8, target, offset, 4L * plane);
    }
    for (int c = 0; c < 3; c++) {
      int in = 3 * done + (scaling.bgr() ? 2 - c : c);
      long to = offset + 4L * c * plane;
      for (int i = done; i < plane; i++, in += 3) {
        target.set(FLOAT, to + 4L * i, table[c << 8 | crop[in] & 0xFF]);
      }
    }
  }

  /** Where pictures are cut out and resized. */
  Geometry geometry() {
    return geometry;
  }

  /**
   * Writes the values of a picture that is the network's square already: channels in order and
   * scaled, by channel, row and column.
   *
   * @throws InvalidInputException when the picture is not {@code crop x crop}
   */
  public void scale(Picture square, float[] target, int offset) {
    int size = geometry.crop();
    if (square.width() != size || square.height() != size) {
      throw new InvalidInputException(
          "The recipe "
              + name
              + " scales pictures of "
              + size
              + " x "
              + size
              + ", not of "
              + square.width()
              + " x "
              + square.height()
              + ".");
    }
    byte[] rgb = square.rgb();
    int plane = size * size;
    for (int c = 0; c < 3; c++) {
      int in = scaling.bgr() ? 2 - c : c;
      for (int i = 0; i < plane; i++, in += 3) {
        target[offset + c * plane + i] = table[c << 8 | rgb[in] & 0xFF];
      }
    }
  }

  /**
   * The same recipe for a network of another input size; the resize keeps its ratio to the crop
   * (truncated, as timm does).
   *
   * @throws InvalidInputException when the size is not between 1 and 4096
   */
  public Recipe withSize(int size) {
    return size == geometry.crop() ? this : new Recipe(name, geometry.withCrop(size), scaling);
  }

  /** The recipe as entries for a model file; {@link #fromMetadata} reads them back. */
  public Map<String, String> toMetadata() {
    return RecipeMetadata.write(name, geometry, scaling);
  }

  /**
   * The recipe that {@link #toMetadata} wrote; other entries are passed over.
   *
   * @throws InvalidInputException when an entry is missing or has a value that is not understood
   */
  public static Recipe fromMetadata(Map<String, String> metadata) {
    return RecipeMetadata.read(metadata);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Recipe r
        && name.equals(r.name)
        && geometry.equals(r.geometry)
        && scaling.equals(r.scaling);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + geometry.hashCode()) + scaling.hashCode();
  }

  @Override
  public String toString() {
    return name + ": " + description();
  }
}
