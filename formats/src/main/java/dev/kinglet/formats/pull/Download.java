package dev.kinglet.formats.pull;

import dev.kinglet.formats.file.AtomicFile;
import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file on its way here: into {@code NAME.part}, from where it stopped last time, and under its
 * name once its SHA-256 is right.
 */
final class Download {
  private static final int CHUNK = 1 << 16;
  private static final long LARGEST = 8L << 30;
  private static final Pattern RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-[0-9]+/([0-9]{1,18}|\\*)");

  private final URI address;
  private final Path target;
  private final Path part;
  private final Path tag;
  private final Optional<String> sha256;
  private final Network network;
  private final Patience patience;

  Download(URI address, Path target, Optional<String> sha256, Network network, Patience patience) {
    this.address = address;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.tag = target.resolveSibling(target.getFileName() + ".part.etag");
    this.sha256 = sha256;
    this.network = network;
    this.patience = patience;
  }

  void run(Progress progress) {
    try {
      Files.createDirectories(target.getParent());
      try (FileChannel file =
          FileChannel.open(
              part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        lock(file);
        fetch(file, progress);
        check(file);
        file.force(true);
      }
      AtomicFile.move(part, target);
      Files.deleteIfExists(tag);
    } catch (InvalidInputException e) {
      deleteIfEmpty();
      throw e;
    } catch (IOException e) {
      throw new InvalidInputException(
          target + " cannot be written (" + e.getMessage() + "); check space and permissions.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidInputException(
          "Fetching " + address + " was interrupted; pull again to go on where it stopped.", e);
    }
  }

  private void deleteIfEmpty() {
    try {
      if (Files.exists(part) && Files.size(part) == 0) {
        Files.delete(part);
      }
    } catch (IOException e) {
      // An empty file that stays behind is written over the next time.
    }
  }

  private void lock(FileChannel file) throws IOException {
    FileLock lock;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new InvalidInputException(
          "Another process is fetching " + target.getFileName() + " already; wait for it.");
    }
  }

  /** An attempt that ended early, in a way that another one may mend. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String how) {
      super(how);
    }
  }

  private void fetch(FileChannel file, Progress progress) throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.connect())
            .proxy(network.proxies())
            .build()) {
      Duration pause = patience.pause();
      for (int failures = 0; ; ) {
        long before = file.size();
        try {
          attempt(client, file, progress);
          return;
        } catch (Broken broken) {
          failures = file.size() > before ? 1 : failures + 1;
          if (failures >= patience.attempts()) {
            client.shutdownNow();
            throw new InvalidInputException(
                "Fetching "
                    + address
                    + " failed "
                    + failures
                    + " times in a row (at last: "
                    + broken.getMessage()
                    + "); pull again to go on at byte "
                    + file.size()
                    + ".");
          }
          Thread.sleep(pause);
          pause = pause.multipliedBy(2);
        }
      }
    }
  }

  private void attempt(HttpClient client, FileChannel file, Progress progress)
      throws IOException, InterruptedException, Broken {
    long have = file.size();
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(patience.connect()).GET();
    Optional<String> known = knownTag();
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
      // A server whose file has changed since then gives the whole new one.
      known.ifPresent(etag -> request.header("If-Range", etag));
    }
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new Broken(e.getMessage() == null ? "no connection" : oneLine(e.getMessage()));
    }
    try (InputStream body = answer.body()) {
      OptionalLong total = begin(file, answer, have);
      receive(file, body, total, progress);
    }
  }

  /** Sets the file to where the answer goes on, and tells the length of the whole. */
  private OptionalLong begin(FileChannel file, HttpResponse<InputStream> answer, long have)
      throws IOException, Broken {
    int status = answer.statusCode();
    Optional<String> range = answer.headers().firstValue("Content-Range");
    OptionalLong length = length(answer);
    switch (status) {
      case 200 -> {
        file.truncate(0);
        remember(answer.headers().firstValue("ETag"));
        return limited(length);
      }
      case 206 -> {
        Matcher matcher = RANGE.matcher(range.orElse(""));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) != have) {
          file.truncate(0);
          throw new Broken("the server sent another part than was asked for");
        }
        file.position(have);
        return limited(
            matcher.group(2).equals("*")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(matcher.group(2))));
      }
      case 416 -> {
        // What is here is as long as the file or longer; it may be whole.
        if (range.orElse("").endsWith("/" + have)) {
          file.position(have);
          return OptionalLong.of(have);
        }
        file.truncate(0);
        throw new Broken("the part that is here does not belong to the server's file");
      }
      case 408, 425, 429, 500, 502, 503, 504 ->
          throw new Broken("the server answered with status " + status);
      default ->
          throw new InvalidInputException(
              "The server answered with status "
                  + status
                  + " for "
                  + address
                  + "; check the address, or fetch the file elsewhere and give it with --weights.");
    }
  }

  private static OptionalLong length(HttpResponse<?> answer) {
    try {
      return answer.headers().firstValueAsLong("Content-Length");
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong limited(OptionalLong total) {
    if (total.isPresent() && total.getAsLong() > LARGEST) {
      throw new InvalidInputException(
          "The server offers "
              + total.getAsLong()
              + " bytes for "
              + target.getFileName()
              + ", far more than any of these networks; check the address "
              + address
              + ".");
    }
    return total;
  }

  private void receive(FileChannel file, InputStream body, OptionalLong total, Progress progress)
      throws IOException, Broken {
    byte[] chunk = new byte[CHUNK];
    try (Watch watch = new Watch(body, patience.stall())) {
      progress.report(file.position(), total);
      while (file.position() < LARGEST) {
        int count;
        try {
          count = body.read(chunk);
        } catch (IOException e) {
          throw new Broken(watch.struck() ? "the connection fell silent" : "the connection broke");
        }
        if (count < 0) {
          break;
        }
        watch.alive();
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        progress.report(file.position(), total);
      }
    }
    if (total.isPresent() && file.position() < total.getAsLong()) {
      throw new Broken("only " + file.position() + " of " + total.getAsLong() + " bytes came");
    }
  }

  private void check(FileChannel file) throws IOException {
    if (sha256.isEmpty()) {
      return;
    }
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    file.position(0);
    while (file.read(chunk) >= 0) {
      digest.update(chunk.flip());
      chunk.clear();
    }
    String found = HexFormat.of().formatHex(digest.digest());
    String expected = sha256.get().toLowerCase(Locale.ROOT);
    if (!found.startsWith(expected)) {
      long size = file.size();
      file.truncate(0);
      Files.deleteIfExists(tag);
      throw new InvalidInputException(
          "What "
              + address
              + " gives ("
              + size
              + " bytes, SHA-256 "
              + found
              + ") is not the published file, whose SHA-256 begins with "
              + expected
              + "; nothing was kept.");
    }
  }

  private Optional<String> knownTag() throws IOException {
    return Files.exists(tag)
        ? Optional.of(Files.readString(tag, StandardCharsets.US_ASCII))
        : Optional.empty();
  }

  private void remember(Optional<String> etag) throws IOException {
    // Weak tags are not allowed in If-Range.
    if (etag.isPresent() && etag.get().matches("\"[\\x21-\\x7e&&[^\"]]{1,200}\"")) {
      Files.writeString(tag, etag.get(), StandardCharsets.US_ASCII);
    } else {
      Files.deleteIfExists(tag);
    }
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s+", " ");
  }

  /** Closes a body that has been silent for too long, so that whoever reads it wakes up. */
  private static final class Watch implements AutoCloseable {
    private final Thread thread;
    private volatile long last = System.nanoTime();
    private volatile boolean struck;

    Watch(InputStream body, Duration patience) {
      this.thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      long left = patience.toNanos();
                      while (left > 0) {
                        Thread.sleep(Duration.ofNanos(left));
                        left = patience.toNanos() - (System.nanoTime() - last);
                      }
                      struck = true;
                      body.close();
                    } catch (InterruptedException | IOException e) {
                      // The download is over, or ends by itself.
                    }
                  });
    }

    void alive() {
      last = System.nanoTime();
    }

    boolean struck() {
      return struck;
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
