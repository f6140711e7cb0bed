package dev.kinglet.cli;

import dev.kinglet.Classifier;
import dev.kinglet.Prediction;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.image.UnsupportedPictureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Pictures answered in the order given, however many there are, in the memory of a few.
 *
 * <p>Two threads read files ahead; each of the workers decodes, prepares and runs one picture at a
 * time; the caller's thread takes the answers. At most a window of pictures is under way.
 */
final class PictureStream {
  /** Larger files are read by their worker, so that the window stays small in bytes too. */
  private static final long READ_AHEAD = 64L << 20;

  private final Classifier classifier;
  private final int top;
  private final long pixels;
  private final EarlyPicture early;

  /** With a picture that is being decoded already, if it is the only one; else null. */
  PictureStream(Classifier classifier, int top, long pixels, EarlyPicture early) {
    this.early = early;
    this.classifier = classifier;
    this.top = top;
    this.pixels = pixels;
  }

  /** The answer for one picture: its likeliest classes, or why there are none. */
  record Answer(Path file, List<Prediction> predictions, String error) {
    boolean failed() {
      return error != null;
    }
  }

  /** Takes the answers one by one. */
  interface Sink {
    void accept(Answer answer) throws IOException;
  }

  /**
   * Answers all files, or those that were done when the user interrupted.
   *
   * @param workers pictures worked on at the same time
   */
  void run(List<Path> files, int workers, Console console, Sink sink)
      throws IOException, InterruptedException {
    if (files.size() == 1) {
      sink.accept(answer(files.getFirst()));
      return;
    }
    console.endGently();
    ExecutorService readers = Executors.newFixedThreadPool(2, daemon("kinglet-read"));
    ExecutorService pool = Executors.newFixedThreadPool(workers, daemon("kinglet-picture"));
    try {
      stream(files, 4 * workers, readers, pool, console, sink);
    } finally {
      readers.shutdownNow();
      pool.shutdownNow();
    }
  }

  private void stream(
      List<Path> files,
      int window,
      ExecutorService readers,
      ExecutorService pool,
      Console console,
      Sink sink)
      throws IOException, InterruptedException {
    Queue<Future<Answer>> underWay = new ArrayDeque<>();
    int next = 0;
    while (next < files.size() || !underWay.isEmpty()) {
      while (next < files.size() && underWay.size() < window && !console.interrupted()) {
        Path file = files.get(next++);
        Future<byte[]> bytes = readers.submit(() -> load(file));
        underWay.add(pool.submit(() -> answer(file, bytes)));
      }
      if (console.interrupted() && (underWay.isEmpty() || !underWay.peek().isDone())) {
        return;
      }
      sink.accept(taken(underWay.remove()));
    }
  }

  private static ThreadFactory daemon(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** A file's bytes; none if it is large, or cannot be read, which its worker will say. */
  private static byte[] load(Path file) {
    try {
      return Files.size(file) > READ_AHEAD ? null : Files.readAllBytes(file);
    } catch (IOException e) {
      return null;
    }
  }

  private static <T> T taken(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private Answer answer(Path file, Future<byte[]> reading) throws InterruptedException {
    byte[] bytes = taken(reading);
    return bytes == null ? answer(file) : answer(file, bytes);
  }

  private Answer answer(Path file, byte[] bytes) {
    try {
      try {
        return new Answer(file, classifier.classify(bytes, file.toString(), top), null);
      } catch (UnsupportedPictureException e) {
        return new Answer(file, other(file, bytes, e), null);
      }
    } catch (InvalidInputException e) {
      return new Answer(file, List.of(), e.getMessage());
    }
  }

  private Answer answer(Path file) throws InterruptedException {
    try {
      try {
        List<Prediction> best =
            early == null ? classifier.classify(file, top) : classifier.classify(early.get(), top);
        return new Answer(file, best, null);
      } catch (UnsupportedPictureException e) {
        return new Answer(file, other(file, Files.readAllBytes(file), e), null);
      }
    } catch (InvalidInputException e) {
      return new Answer(file, List.of(), e.getMessage());
    } catch (NoSuchFileException e) {
      return new Answer(file, List.of(), file + " does not exist.");
    } catch (IOException e) {
      return new Answer(file, List.of(), Failures.sentence(e));
    }
  }

  private List<Prediction> other(Path file, byte[] bytes, UnsupportedPictureException refused) {
    return classifier.classify(OtherPictures.read(bytes, file.toString(), pixels, refused), top);
  }
}
