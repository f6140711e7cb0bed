package dev.kinglet.cli;

import dev.kinglet.image.Picture;
import dev.kinglet.image.PictureException;
import dev.kinglet.image.UnsupportedPictureException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Pictures that {@code core} leaves to other decoders: GIF, WebP, TIFF and rare kinds of JPEG,
 * through ImageIO and its plug-ins.
 *
 * <p>Only this class knows ImageIO, so that none of it is loaded before such a picture turns up.
 */
final class OtherPictures {
  private OtherPictures() {}

  /**
   * Decodes a file's bytes: the first picture in it.
   *
   * @param refused what core said; thrown again where no other decoder knows the bytes either
   * @throws PictureException if it is broken, or claims more pixels than the limit
   */
  static Picture read(byte[] bytes, String name, long limit, UnsupportedPictureException refused) {
    ImageIO.setUseCache(false);
    try (ImageInputStream input = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        throw refused;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(input, true, true);
        checkSize(reader, name, limit);
        return convert(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (PictureException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Plug-ins answer broken files with every kind of exception; the file is at fault.
      throw new PictureException(name + " cannot be read as a picture: " + reason(e) + ".", e);
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? "its decoder gave up (" + e.getClass().getSimpleName() + ")"
        : message.strip().replaceAll("\\.$", "");
  }

  private static void checkSize(ImageReader reader, String name, long limit) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > limit) {
      throw new PictureException(
          name
              + " claims "
              + reader.getWidth(0)
              + " x "
              + reader.getHeight(0)
              + " pixels, more than the limit of "
              + limit
              + "; raise it with --max-pixels if you trust the file.");
    }
  }

  private static Picture convert(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[3 * width * height];
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && image.getSampleModel().getSampleSize(0) == 8;
    if (grey) {
      grey(image.getRaster(), rgb);
    } else {
      int[] row = new int[width];
      for (int y = 0, at = 0; y < height; y++) {
        image.getRGB(0, y, width, 1, row, 0, width);
        for (int pixel : row) {
          rgb[at++] = (byte) (pixel >> 16);
          rgb[at++] = (byte) (pixel >> 8);
          rgb[at++] = (byte) pixel;
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  /** Grey samples as they are: getRGB would bend them, for it takes grey to be linear light. */
  private static void grey(Raster raster, byte[] rgb) {
    int[] row = new int[raster.getWidth()];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
      for (int sample : row) {
        rgb[at++] = (byte) sample;
        rgb[at++] = (byte) sample;
        rgb[at++] = (byte) sample;
      }
    }
  }
}
