package dev.kinglet.image;

/** Which part of a picture a recipe shows. */
enum Fit {
  /** The shorter side is resized, the centre is cropped. */
  SHORTER_SIDE,
  /** Both sides are resized to the crop's size; the ratio is not kept. */
  STRETCH,
  /** The central crop / resize of each side is stretched to the crop's size. */
  CENTRAL_PART,
  /** A central square of crop / resize of the shorter side is resized to the crop's size. */
  CENTRAL_SQUARE
}
