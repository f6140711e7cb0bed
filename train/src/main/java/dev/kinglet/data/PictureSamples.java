package dev.kinglet.data;

import dev.kinglet.graph.Shape;
import dev.kinglet.image.Picture;
import dev.kinglet.image.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Pictures of a cache under a recipe's scaling. */
public final class PictureSamples implements Samples {
  private final PictureCache cache;
  private final List<PictureFolder.Labelled> pictures;
  private final List<Integer> indices;
  private final List<String> classes;
  private final Recipe recipe;
  private final Augmentation augmentation;

  /**
   * Some pictures of a cache.
   *
   * @param pictures all that the cache holds, in its order
   * @param indices which of them are samples here
   * @param recipe of the network's size
   */
  public PictureSamples(
      PictureCache cache,
      List<PictureFolder.Labelled> pictures,
      List<Integer> indices,
      List<String> classes,
      Recipe recipe,
      Augmentation augmentation) {
    this.cache = cache;
    this.pictures = List.copyOf(pictures);
    this.indices = List.copyOf(indices);
    this.classes = List.copyOf(classes);
    this.recipe = recipe;
    this.augmentation = augmentation;
  }

  /** The picture with its shorter side at most {@code side}; a smaller one stays as it is. */
  public static Picture shrunk(Picture picture, int side) {
    return Pixels.shrunk(picture, side);
  }

  @Override
  public Shape shape() {
    return recipe.output();
  }

  @Override
  public int size() {
    return indices.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return pictures.get(indices.get(index)).label();
  }

  @Override
  public String name(int index) {
    Path file = pictures.get(indices.get(index)).file();
    return file.getNameCount() < 2
        ? file.toString()
        : file.subpath(file.getNameCount() - 2, file.getNameCount()).toString();
  }

  /** The pixels of one sample as they are kept. */
  public Picture picture(int index) {
    return cache.picture(indices.get(index));
  }

  @Override
  public void plain(int index, float[] target, int offset) {
    Picture kept = picture(index);
    int side = recipe.output().width();
    boolean cropped = kept.width() == side && kept.height() == side;
    recipe.scale(cropped ? kept : recipe.crop(kept), target, offset);
  }

  @Override
  public void augmented(int index, SplittableRandom random, float[] target, int offset) {
    recipe.scale(
        augmentation.apply(picture(index), recipe.output().width(), random), target, offset);
  }
}
