package dev.kinglet.cli;

import dev.kinglet.image.Picture;
import dev.kinglet.image.PictureReader;
import java.nio.file.Path;

/** A picture decoded on a thread of its own while another one opens the model. */
final class EarlyPicture {
  private final Path file;
  private final long pixels;
  private final Thread thread;
  private Picture picture;
  private RuntimeException failure;

  private EarlyPicture(Path file, long pixels) {
    this.file = file;
    this.pixels = pixels;
    thread = new Thread(this::read, "kinglet-picture");
    thread.setDaemon(true);
  }

  /** Begins to decode a file that has at most so many pixels. */
  static EarlyPicture of(Path file, long pixels) {
    EarlyPicture early = new EarlyPicture(file, pixels);
    early.thread.start();
    return early;
  }

  private void read() {
    try {
      picture = new PictureReader(pixels).read(file);
    } catch (RuntimeException e) {
      failure = e;
    } catch (OutOfMemoryError e) {
      // Decoding again, by the thread that asks, says it in that thread.
      picture = null;
    }
  }

  /**
   * The pixels.
   *
   * @throws dev.kinglet.image.PictureException if the file cannot be read
   */
  Picture get() throws InterruptedException {
    thread.join();
    if (failure != null) {
      throw failure;
    }
    return picture == null ? new PictureReader(pixels).read(file) : picture;
  }
}
