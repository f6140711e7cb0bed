package dev.kinglet.image;

/** Whose resize a recipe uses; the same word means another computation in each library. */
enum Resampling {
  /** Pillow's nearest sample. */
  NEAREST,
  /** Pillow's triangle with antialias, in fixed point. */
  BILINEAR,
  /** Pillow's cubic (a = -0.5) with antialias, in fixed point. */
  BICUBIC,
  /** OpenCV's bilinear for 8-bit pictures: half-pixel centres, no antialias, 11-bit weights. */
  OPENCV_BILINEAR,
  /** TensorFlow 1's bilinear in float32: corners at the origin, no antialias. */
  TENSORFLOW_BILINEAR
}
