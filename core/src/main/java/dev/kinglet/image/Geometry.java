package dev.kinglet.image;

import dev.kinglet.graph.InvalidInputException;

/**
 * How a picture becomes a square of a network's input size.
 *
 * @param fit which part is shown
 * @param resize the shorter side before the crop; for the central fits, the crop's share is {@code
 *     crop / resize}; for a stretch, the same as the crop
 * @param crop columns and rows of the result
 * @param resampling whose resize
 */
record Geometry(Fit fit, int resize, int crop, Resampling resampling) {
  private static final int LARGEST = 4096;

  Geometry {
    if (crop < 1 || crop > LARGEST || resize < 1 || resize > LARGEST) {
      throw new InvalidInputException(
          "A recipe resizes and crops to between 1 and "
              + LARGEST
              + " pixels, not to "
              + resize
              + " and "
              + crop
              + ".");
    }
    boolean floats = resampling == Resampling.TENSORFLOW_BILINEAR;
    if (floats ? fit == Fit.SHORTER_SIDE : fit == Fit.CENTRAL_PART || fit == Fit.CENTRAL_SQUARE) {
      throw new InvalidInputException(
          "No recipe joins the fit " + fit + " with the resize " + resampling + ".");
    }
  }

  Geometry withCrop(int size) {
    long scaled = fit == Fit.STRETCH ? size : (long) size * resize / crop;
    return new Geometry(fit, (int) Math.min(scaled, Integer.MAX_VALUE), size, resampling);
  }

  String describe() {
    return switch (fit) {
      case SHORTER_SIDE -> "shorter side " + resize + " " + resampling + ", centre crop " + crop;
      case STRETCH -> "stretched to " + crop + " " + resampling;
      case CENTRAL_PART ->
          "central " + crop + "/" + resize + " of each side to " + crop + " " + resampling;
      case CENTRAL_SQUARE ->
          "central square of " + crop + "/" + resize + " to " + crop + " " + resampling;
    };
  }

  /** The resized and cropped picture, left in the memory's crop. */
  void crop(Bytes rgb, int width, int height, Preparation memory) {
    byte[] out = memory.crop.room(3 * crop * crop + Preparation.SLACK);
    CropWindow window = memory.window;
    switch (resampling) {
      case BILINEAR ->
          PillowResize.crop(
              rgb, width, height, Taps.Filter.BILINEAR, place(width, height, window), memory);
      case BICUBIC ->
          PillowResize.crop(
              rgb, width, height, Taps.Filter.BICUBIC, place(width, height, window), memory);
      case NEAREST ->
          OtherResizes.nearest(rgb.array, width, height, place(width, height, window), out);
      case OPENCV_BILINEAR ->
          OtherResizes.openCv(rgb.array, width, height, placeRounded(width, height, window), out);
      case TENSORFLOW_BILINEAR -> {
        float[] values = resizeToFloats(rgb, width, height, memory);
        for (int i = 0; i < 3 * crop * crop; i++) {
          out[i] = (byte) Math.rint(values[i]);
        }
      }
    }
  }

  /**
   * Sets what {@link #crop} and {@link #resizeToFloats} read of a picture: at least this, and
   * nothing else counts.
   */
  Part part(int width, int height, Part part) {
    CropWindow window = part.window;
    return switch (resampling) {
      case BILINEAR ->
          PillowResize.part(
              width, height, Taps.Filter.BILINEAR, place(width, height, window), part);
      case BICUBIC ->
          PillowResize.part(width, height, Taps.Filter.BICUBIC, place(width, height, window), part);
      case NEAREST -> OtherResizes.nearestPart(width, height, place(width, height, window), part);
      case OPENCV_BILINEAR ->
          OtherResizes.openCvPart(width, height, placeRounded(width, height, window), part);
      case TENSORFLOW_BILINEAR -> central(width, height, part);
    };
  }

  private CropWindow place(int width, int height, CropWindow window) {
    return fit == Fit.STRETCH
        ? window.ofStretch(crop)
        : window.ofShorterSide(width, height, resize, crop);
  }

  /** The longer side is rounded to nearest, as Megvii's evaluation does. */
  private CropWindow placeRounded(int width, int height, CropWindow window) {
    return fit == Fit.STRETCH
        ? window.ofStretch(crop)
        : window.ofShorterSideRounded(width, height, resize, crop);
  }

  /** TensorFlow's central crop and resize, interleaved, not yet scaled. */
  float[] resizeToFloats(Bytes rgb, int width, int height, Preparation memory) {
    float[] out = memory.values(3 * crop * crop);
    OtherResizes.tensorFlow(rgb.array, width, central(width, height, memory.part), crop, out);
    return out;
  }

  private Part central(int width, int height, Part part) {
    if (fit == Fit.CENTRAL_PART) {
      double share = (double) crop / resize;
      int left = (int) ((width - width * share) / 2);
      int top = (int) ((height - height * share) / 2);
      return part.set(left, top, width - left, height - top);
    }
    if (fit == Fit.CENTRAL_SQUARE) {
      int side = (int) ((float) ((double) crop / resize) * Math.min(width, height));
      side = Math.max(1, side);
      int left = (width - side + 1) / 2;
      int top = (height - side + 1) / 2;
      return part.set(left, top, left + side, top + side);
    }
    return part.all(width, height);
  }
}
