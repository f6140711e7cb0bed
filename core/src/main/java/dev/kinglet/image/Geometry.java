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
        float[] values = memory.values(3 * crop * crop);
        resizeToFloats(rgb.array, width, height, values);
        for (int i = 0; i < 3 * crop * crop; i++) {
          out[i] = (byte) Math.rint(values[i]);
        }
      }
    }
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
  void resizeToFloats(byte[] rgb, int width, int height, float[] out) {
    int left = 0;
    int top = 0;
    int w = width;
    int h = height;
    if (fit == Fit.CENTRAL_PART) {
      double share = (double) crop / resize;
      left = (int) ((width - width * share) / 2);
      top = (int) ((height - height * share) / 2);
      w = width - 2 * left;
      h = height - 2 * top;
    } else if (fit == Fit.CENTRAL_SQUARE) {
      int side = (int) ((float) ((double) crop / resize) * Math.min(width, height));
      w = Math.max(1, side);
      h = w;
      left = (width - w + 1) / 2;
      top = (height - h + 1) / 2;
    }
    OtherResizes.tensorFlow(rgb, width, left, top, w, h, crop, out);
  }
}
