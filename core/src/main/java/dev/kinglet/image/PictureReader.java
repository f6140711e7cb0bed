package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads picture after picture with the same memory: one thread's, nothing to close.
 *
 * <p>The memory grows to what the largest picture needed. {@link #prepare(Path, Recipe,
 * MemorySegment, long)} goes from file to network input without a new array once it has grown.
 */
public final class PictureReader {
  /** The pixels that a picture may claim unless the limit is raised: one hundred million. */
  public static final long DEFAULT_LIMIT = 100_000_000L;

  private final long limit;
  private final Source source = new Source();
  private final Source given = new Source();
  private final Raster reused = new Raster();
  private final Preparation preparation;
  private final PixelCode code;
  private byte[] file = new byte[0];
  private JpegDecoder jpeg;
  private PngDecoder png;

  /** With the default limit of pixels. */
  public PictureReader() {
    this(DEFAULT_LIMIT);
  }

  /** With a limit of pixels (width times height); larger pictures are refused by their header. */
  public PictureReader(long limit) {
    this(limit, PixelCode.orNull());
  }

  /** Without machine code (null), everything is done in plain Java, with the same results. */
  PictureReader(long limit, PixelCode code) {
    this.limit = limit;
    this.code = code;
    preparation = new Preparation(code);
  }

  /**
   * Reads a file into a picture of its own.
   *
   * @throws PictureException when it cannot be read
   */
  public Picture read(Path path) {
    return picture(load(path));
  }

  /**
   * Decodes a file's bytes into a picture of its own; {@code name} stands for it in errors.
   *
   * @throws PictureException when they cannot be read
   */
  public Picture decode(byte[] bytes, String name) {
    return picture(new Source(bytes, bytes.length, name));
  }

  /** Reads a file's header only. */
  PictureHeader header(Path path) {
    return PictureHeader.of(load(path));
  }

  /**
   * Reads a file and writes the recipe's float32 values (channel, row, column) at {@code
   * byteOffset} of {@code target}.
   *
   * @throws PictureException when it cannot be read
   */
  public void prepare(Path path, Recipe recipe, MemorySegment target, long byteOffset) {
    prepare(load(path), recipe, target, byteOffset);
  }

  /**
   * Decodes a file's bytes and writes the recipe's float32 values at {@code byteOffset} of {@code
   * target}.
   *
   * @throws PictureException when they cannot be read
   */
  public void prepare(
      byte[] bytes, String name, Recipe recipe, MemorySegment target, long byteOffset) {
    try {
      prepare(given.set(bytes, bytes.length, name), recipe, target, byteOffset);
    } finally {
      given.release();
    }
  }

  /** Writes a picture's float32 values by the recipe with this reader's memory. */
  public void prepare(Picture picture, Recipe recipe, MemorySegment target, long byteOffset) {
    Bytes rgb = new Bytes(picture.rgb());
    recipe.prepare(rgb, picture.width(), picture.height(), preparation, target, byteOffset);
  }

  private void prepare(Source source, Recipe recipe, MemorySegment target, long byteOffset) {
    decode(source, recipe.geometry(), reused);
    recipe.prepare(reused.rgb, reused.width, reused.height, preparation, target, byteOffset);
  }

  private Picture picture(Source source) {
    Raster raster = new Raster();
    decode(source, null, raster);
    return new Picture(raster.width, raster.height, raster.rgb.array);
  }

  /** Decodes all that a geometry reads of a picture, or everything where that is null. */
  void decode(Source source, Geometry reader, Raster raster) {
    switch (PictureFormat.of(source)) {
      case JPEG -> {
        if (jpeg == null) {
          jpeg = new JpegDecoder(code);
        }
        jpeg.decode(source, limit, reader, raster);
      }
      case PNG -> {
        if (png == null) {
          png = new PngDecoder();
        }
        png.decode(source, limit, raster);
      }
      case PNM -> PnmDecoder.decode(source, limit, raster);
      case BMP -> BmpDecoder.decode(source, limit, raster);
    }
  }

  private Source load(Path path) {
    String name = path.toString();
    try (InputStream in = open(path)) {
      int n = 0;
      while (true) {
        if (n == file.length) {
          // One byte more than the file has, so that the read after the last finds the end.
          long size = n == 0 ? Files.size(path) + 1 : 2L * n;
          if (size > Integer.MAX_VALUE - 64) {
            throw new PictureException(name + " has more than 2 GB, too much for a picture.");
          }
          byte[] larger = new byte[(int) Math.max(size, 4096)];
          System.arraycopy(file, 0, larger, 0, n);
          file = larger;
        }
        int got = in.read(file, n, file.length - n);
        if (got < 0) {
          return source.set(file, n, name);
        }
        n += got;
      }
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new PictureException(missing(path), e);
    } catch (IOException e) {
      throw new PictureException(name + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** A file stream costs less at start-up than a channel, but exists on the default system only. */
  private static InputStream open(Path path) throws IOException {
    try {
      return new FileInputStream(path.toFile());
    } catch (UnsupportedOperationException e) {
      return Files.newInputStream(path);
    }
  }

  private static String missing(Path path) {
    if (Files.isDirectory(path)) {
      return path + " is a folder, not a picture.";
    }
    if (Files.exists(path)) {
      return path + " cannot be opened: no permission to read it.";
    }
    return path + " does not exist.";
  }
}
