package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.image.Picture;
import dev.kinglet.image.Pictures;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * Pictures decoded once into one file, which is mapped: later epochs and runs read pixels straight
 * from the system's page cache.
 *
 * <p>The file's name is a hash of every picture's path, size and time and of what is kept of it, so
 * a changed folder makes a new file.
 */
public final class PictureCache {
  private static final int AHEAD = 64;

  private final MemorySegment pixels;
  private final int[] widths;
  private final int[] heights;
  private final long[] offsets;
  private final Map<Integer, String> broken = new LinkedHashMap<>();

  private PictureCache(MemorySegment pixels, int count) {
    this.pixels = pixels;
    widths = new int[count];
    heights = new int[count];
    offsets = new long[count];
  }

  /**
   * Opens the cache of these pictures, making it first if there is none.
   *
   * @param folder where caches live
   * @param kept what is kept of a picture, in words that name {@code keep}
   * @param keep what is kept of a picture
   * @param threads that decode
   * @param progress told how many pictures are done
   */
  public static PictureCache open(
      Path folder,
      List<Path> files,
      String kept,
      UnaryOperator<Picture> keep,
      int threads,
      IntConsumer progress) {
    String key = Long.toHexString(key(files, kept));
    Path data = folder.resolve(key + ".pixels");
    Path index = folder.resolve(key + ".index");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(index)) {
        make(data, index, files, keep, threads, progress);
      }
      return map(data, index, files.size());
    } catch (IOException e) {
      throw new InvalidInputException(
          "The decoded pictures cannot be kept in "
              + folder
              + " ("
              + e.getMessage()
              + "); free space or choose another folder with --cache.",
          e);
    }
  }

  private static long key(List<Path> files, String kept) {
    long key = Seeds.mix(kept.hashCode(), files.size());
    for (Path file : files) {
      try {
        key =
            Seeds.mix(
                key,
                file.toUri().toString().hashCode(),
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
      } catch (IOException e) {
        key = Seeds.mix(key, file.toString().hashCode());
      }
    }
    return key;
  }

  /** A picture, or the sentence that says why there is none. */
  private record Decoded(Picture picture, String failure) {}

  private static Decoded decode(Path file, UnaryOperator<Picture> keep) {
    try {
      return new Decoded(
          keep.apply(Pictures.decode(Files.readAllBytes(file), file.toString())), null);
    } catch (InvalidInputException e) {
      return new Decoded(null, e.getMessage());
    } catch (IOException e) {
      return new Decoded(null, file + " cannot be read: " + e.getMessage());
    }
  }

  private static void make(
      Path data,
      Path index,
      List<Path> files,
      UnaryOperator<Picture> keep,
      int threads,
      IntConsumer progress)
      throws IOException {
    Path dataPart = data.resolveSibling(data.getFileName() + "." + ProcessHandle.current().pid());
    Path indexPart =
        index.resolveSibling(index.getFileName() + "." + ProcessHandle.current().pid());
    Deque<Future<Decoded>> ahead = new ArrayDeque<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(threads, daemon());
        OutputStream pixels = new BufferedOutputStream(Files.newOutputStream(dataPart), 1 << 20);
        DataOutputStream entries =
            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(indexPart)))) {
      int submitted = 0;
      for (int i = 0; i < files.size(); i++) {
        while (submitted < files.size() && submitted < i + AHEAD) {
          Path file = files.get(submitted++);
          ahead.add(workers.submit(() -> decode(file, keep)));
        }
        Decoded decoded = await(ahead.remove());
        Picture picture = decoded.picture();
        entries.writeInt(picture == null ? 0 : picture.width());
        entries.writeInt(picture == null ? 0 : picture.height());
        if (picture == null) {
          String failure = decoded.failure();
          entries.writeUTF(failure.substring(0, Math.min(failure.length(), 2000)));
        } else {
          pixels.write(picture.rgb());
        }
        progress.accept(i + 1);
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(dataPart);
      Files.deleteIfExists(indexPart);
      throw e;
    }
    Files.move(dataPart, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // The index comes last: where it is, the pixels are whole.
    Files.move(
        indexPart, index, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static ThreadFactory daemon() {
    return Thread.ofPlatform().daemon().name("loader-", 0).factory();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while loading samples.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static PictureCache map(Path data, Path index, int count) throws IOException {
    try (FileChannel channel = FileChannel.open(data);
        DataInputStream entries =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(index)))) {
      MemorySegment pixels =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      PictureCache cache = new PictureCache(pixels, count);
      long offset = 0;
      for (int i = 0; i < count; i++) {
        cache.widths[i] = entries.readInt();
        cache.heights[i] = entries.readInt();
        cache.offsets[i] = offset;
        if (cache.widths[i] == 0) {
          cache.broken.put(i, entries.readUTF());
        }
        offset += 3L * cache.widths[i] * cache.heights[i];
      }
      if (offset != channel.size()) {
        throw new IOException(data + " has another length than its index says; delete it");
      }
      return cache;
    }
  }

  /** The pictures that cannot be decoded, by index, each with its sentence. */
  public Map<Integer, String> broken() {
    return Collections.unmodifiableMap(broken);
  }

  /** The indices of the pictures that can be decoded. */
  public List<Integer> whole() {
    List<Integer> whole = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      if (widths[i] > 0) {
        whole.add(i);
      }
    }
    return whole;
  }

  /** A copy of one picture. */
  public Picture picture(int index) {
    byte[] rgb = new byte[3 * widths[index] * heights[index]];
    MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, offsets[index], rgb, 0, rgb.length);
    return new Picture(widths[index], heights[index], rgb);
  }
}
