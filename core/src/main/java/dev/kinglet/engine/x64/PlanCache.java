package dev.kinglet.engine.x64;

import dev.kinglet.engine.Isa;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.graph.Graph;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Compiled plans in a folder, one file each, for processes to come.
 *
 * <p>A file is read into memory of this process and checked there, so that nothing that happens to
 * it later can change code or tables that run. What it claims is believed only if it is this user's
 * own and nobody else may write it. It may be missing, foreign, broken or cut off at any time: then
 * there is no plan, and the network is compiled.
 */
final class PlanCache {
  private static final long MAGIC = 0x4B494E474C455431L;
  private static final String ENDING = ".plan";
  private static final String UNFINISHED = ".plan-part";
  private static final int HEADER = 64;
  private static final int OTHERS_MAY_WRITE = 022;
  private static final long DAY = 86_400_000L;

  /** What all plans together may take. */
  private static final long MOST = 1L << 30;

  private final Path folder;

  PlanCache(Path folder) {
    this.folder = folder;
  }

  /** The plan of this name, if there is a sound one. */
  Optional<MachinePlan> load(
      String name, Native machine, Graph graph, Supplier<Program> program, Isa isa, int threads) {
    Path file = folder.resolve(name + ENDING);
    try {
      if (!own(file)) {
        return Optional.empty();
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return Optional.ofNullable(read(channel, machine, graph, program))
            .filter(plan -> fits(plan, graph, isa, threads));
      }
    } catch (IOException
        | UnsupportedOperationException
        | SecurityException
        | Unavailable
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | BufferUnderflowException
        | NegativeArraySizeException e) {
      return Optional.empty();
    }
  }

  private static boolean fits(MachinePlan plan, Graph graph, Isa isa, int threads) {
    return plan.outline.isa() == isa
        && plan.outline.threads() == threads
        && plan.outline.inputs() == graph.input().shape().elements()
        && plan.outline.outputs() == graph.output().shape().elements();
  }

  /** Whether the file and its folder are this user's, and nobody else may write them. */
  private boolean own(Path file) throws IOException {
    File plain = file.toFile();
    if (!plain.isFile()) {
      return false;
    }
    Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    for (Path path : new Path[] {folder, file}) {
      Map<String, Object> found = Files.readAttributes(path, "unix:uid,mode");
      if (!user.equals(found.get("uid")) || ((int) found.get("mode") & OTHERS_MAY_WRITE) != 0) {
        return false;
      }
    }
    long now = System.currentTimeMillis();
    if (now - plain.lastModified() > DAY) {
      // Says that it is in use still; whether that can be written does not matter.
      boolean _ = plain.setLastModified(now);
    }
    return true;
  }

  private static MachinePlan read(
      FileChannel channel, Native machine, Graph graph, Supplier<Program> program)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    fill(channel, header);
    long magic = header.getLong();
    int outlineBytes = header.getInt();
    int codeBytes = header.getInt();
    long dataBytes = header.getLong();
    long headSum = header.getLong();
    long dataSum = header.getLong();
    if (magic != MAGIC
        || outlineBytes < 0
        || codeBytes < 0
        || dataBytes < 0
        || channel.size() != HEADER + (long) outlineBytes + codeBytes + dataBytes) {
      return null;
    }
    ByteBuffer head = ByteBuffer.allocate(Math.addExact(outlineBytes, codeBytes));
    fill(channel, head);
    if (new Fingerprint().put(head.duplicate()).value() != headSum) {
      return null;
    }
    Outline outline = Outline.read(head.slice(0, outlineBytes));
    MemorySegment data = machine.buffer(dataBytes);
    for (long at = 0; at < dataBytes; at += Integer.MAX_VALUE & -64) {
      fill(channel, data.asSlice(at, Math.min(dataBytes - at, Integer.MAX_VALUE & -64)));
    }
    if (new Fingerprint().put(data.asSlice(0, dataBytes)).value() != dataSum) {
      return null;
    }
    machine.freeze(data);
    byte[] code = Arrays.copyOfRange(head.array(), outlineBytes, head.capacity());
    return new MachinePlan(machine, graph, program, outline, machine.executable(code), data);
  }

  private static void fill(FileChannel channel, MemorySegment to) throws IOException {
    fill(channel, to.asByteBuffer());
  }

  private static void fill(FileChannel channel, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (channel.read(to) < 0) {
        throw new IOException("cut off");
      }
    }
    to.flip();
  }

  /** Keeps a plan if that is possible. The file appears as a whole or not at all. */
  void store(String name, MachinePlan plan) {
    Path part = null;
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      String writer = "." + ProcessHandle.current().pid() + "." + System.nanoTime();
      part = folder.resolve(name + writer + UNFINISHED);
      try (FileChannel channel =
          FileChannel.open(
              part,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        write(channel, plan);
      }
      Files.move(part, folder.resolve(name + ENDING), StandardCopyOption.ATOMIC_MOVE);
      prune(name + ENDING);
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      // No room, no rights, no such system: the next process compiles again.
      if (part != null) {
        boolean _ = part.toFile().delete();
      }
    }
  }

  private static void write(FileChannel channel, MachinePlan plan) throws IOException {
    byte[] outline = plan.outline.write();
    long codeBytes = plan.code.byteSize();
    ByteBuffer head = ByteBuffer.allocate(Math.toIntExact(outline.length + codeBytes));
    head.put(outline).put(plan.code.asByteBuffer()).flip();
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.putLong(MAGIC).putInt(outline.length).putInt((int) codeBytes);
    header.putLong(plan.data.byteSize());
    header.putLong(new Fingerprint().put(head.duplicate()).value());
    header.putLong(new Fingerprint().put(plan.data).value());
    put(channel, header.position(HEADER).flip());
    put(channel, head);
    long size = plan.data.byteSize();
    for (long at = 0; at < size; at += Integer.MAX_VALUE & -64) {
      put(
          channel,
          plan.data.asSlice(at, Math.min(size - at, Integer.MAX_VALUE & -64)).asByteBuffer());
    }
  }

  private static void put(FileChannel channel, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  /** Deletes what nobody has used for longest until the rest fits, and parts left behind. */
  private void prune(String newest) {
    File[] files = folder.toFile().listFiles();
    if (files == null) {
      return;
    }
    // Of its own: the library's comparators are made at run time, which costs two milliseconds.
    Arrays.sort(files, (a, b) -> Long.compare(b.lastModified(), a.lastModified()));
    long sum = 0;
    for (File file : files) {
      String name = file.getName();
      boolean left = System.currentTimeMillis() - file.lastModified() > DAY;
      boolean whole = name.endsWith(ENDING);
      sum += whole ? file.length() : 0;
      if (whole && sum > MOST && !name.equals(newest) || name.endsWith(UNFINISHED) && left) {
        boolean _ = file.delete();
      }
    }
  }
}
