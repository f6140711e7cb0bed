package dev.kinglet.image;

import java.nio.file.Path;

/**
 * Reads one picture; its pixels are those that Pillow's {@code Image.open(file).convert("RGB")}
 * gives.
 *
 * <p>Who reads many keeps a {@link PictureReader} for each thread.
 */
public final class Pictures {
  private Pictures() {}

  /**
   * Reads a JPEG, PNG, PNM or BMP file, whatever its name.
   *
   * @throws PictureException when the file cannot be read, is broken, or is not such a picture
   */
  public static Picture read(Path file) {
    return new PictureReader().read(file);
  }

  /**
   * Decodes a file's bytes; {@code name} stands for the file in errors.
   *
   * @throws PictureException when they are broken or not a picture
   */
  public static Picture decode(byte[] bytes, String name) {
    return new PictureReader().decode(bytes, name);
  }
}
