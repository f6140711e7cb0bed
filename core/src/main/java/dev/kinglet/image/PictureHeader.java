package dev.kinglet.image;

import java.nio.file.Path;

/**
 * What a picture's first bytes say about it; reading it costs nothing that depends on the size.
 *
 * @param format the file format
 * @param width columns
 * @param height rows
 * @param orientation the EXIF orientation, 1 to 8; 1 (upright) when the file states none
 */
public record PictureHeader(PictureFormat format, int width, int height, int orientation) {

  /**
   * Reads the header of a file.
   *
   * @throws PictureException when the file cannot be read or is not a picture
   */
  public static PictureHeader read(Path file) {
    return new PictureReader().header(file);
  }

  /**
   * Reads the header of a file's bytes; {@code name} stands for the file in errors.
   *
   * @throws PictureException when they are not a picture
   */
  public static PictureHeader of(byte[] bytes, String name) {
    return of(new Source(bytes, bytes.length, name));
  }

  static PictureHeader of(Source source) {
    return switch (PictureFormat.of(source)) {
      case JPEG -> JpegHeader.header(source);
      case PNG -> PngDecoder.header(source);
      case PNM -> PnmDecoder.header(source);
      case BMP -> BmpDecoder.header(source);
    };
  }
}
