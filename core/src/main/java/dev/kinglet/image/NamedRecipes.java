package dev.kinglet.image;

import java.util.List;

/**
 * The recipes under which published checkpoints were evaluated: torchvision's weight enums, timm's
 * configurations, TensorFlow's slim and TPU models, Keras applications, Megvii's and SENet's code.
 */
final class NamedRecipes {
  private static final Scaling IMAGENET = Scaling.imagenet();

  /** To between -1 and 1. */
  private static final Scaling HALVES = Scaling.of(255, 0.5, 0.5);

  private static final Scaling BYTES = Scaling.of(1, 0, 1);

  static final List<Recipe> ALL =
      List.of(
          sides("torchvision_v1", 256, 224, Resampling.BILINEAR, IMAGENET),
          sides("torchvision_v2", 232, 224, Resampling.BILINEAR, IMAGENET),
          sides("timm_bicubic", 256, 224, Resampling.BICUBIC, IMAGENET),
          sides("timm_bicubic_half", 256, 224, Resampling.BICUBIC, HALVES),
          sides("timm_bilinear_half", 256, 224, Resampling.BILINEAR, HALVES),
          sides("timm_miil", 256, 224, Resampling.BILINEAR, Scaling.of(255, 0, 1)),
          sides("timm_mobilenet_v1_125", 248, 224, Resampling.BICUBIC, HALVES),
          sides("timm_mobilenet_v3_ra4", 235, 224, Resampling.BICUBIC, HALVES),
          sides("timm_bicubic_half_256_095", 269, 256, Resampling.BICUBIC, HALVES),
          sides("timm_bicubic_half_256", 256, 256, Resampling.BICUBIC, HALVES),
          sides("efficientnet_lite0", 256, 224, Resampling.BICUBIC, HALVES),
          sides("efficientnet_lite1", 272, 240, Resampling.BICUBIC, HALVES),
          sides("efficientnet_lite2", 292, 260, Resampling.BICUBIC, HALVES),
          sides("efficientnet_lite3", 331, 300, Resampling.BILINEAR, HALVES),
          sides("efficientnet_lite4", 413, 380, Resampling.BILINEAR, HALVES),
          recipe("tpu_efficientnet_lite", Fit.CENTRAL_SQUARE, 256, 224, Scaling.of(1, 127, 128)),
          recipe("tf_inception", Fit.CENTRAL_PART, 256, 224, HALVES),
          stretched("keras_tf", Scaling.of(127.5, 1, 1)),
          stretched("keras_v3", BYTES),
          sides("megvii", 256, 224, Resampling.OPENCV_BILINEAR, bgr(BYTES)),
          sides("senet_caffe", 256, 224, Resampling.OPENCV_BILINEAR, caffe()));

  private NamedRecipes() {}

  private static Recipe sides(
      String name, int resize, int crop, Resampling resampling, Scaling scaling) {
    return new Recipe(name, new Geometry(Fit.SHORTER_SIDE, resize, crop, resampling), scaling);
  }

  private static Recipe recipe(String name, Fit fit, int resize, int crop, Scaling scaling) {
    return new Recipe(
        name, new Geometry(fit, resize, crop, Resampling.TENSORFLOW_BILINEAR), scaling);
  }

  /** {@code keras.utils.load_img(path, target_size=(224, 224))} takes the nearest samples. */
  private static Recipe stretched(String name, Scaling scaling) {
    return new Recipe(name, new Geometry(Fit.STRETCH, 224, 224, Resampling.NEAREST), scaling);
  }

  private static Scaling bgr(Scaling s) {
    return new Scaling(true, s.divisor(), s.mean(), s.std());
  }

  private static Scaling caffe() {
    return new Scaling(true, 1, List.of(104f, 117f, 123f), BYTES.std());
  }
}
