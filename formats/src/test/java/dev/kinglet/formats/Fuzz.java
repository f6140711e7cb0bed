package dev.kinglet.formats;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Feeds a parser with damaged copies of good files. It must end in a result or in one sentence, and
 * take no more memory than ten times the file and a little.
 */
public final class Fuzz {
  /** What a reader's own buffers may take, whatever the file. */
  private static final long OVERHEAD = 1 << 19;

  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    0x7F,
    0x80,
    0xFF,
    0xFFFF,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final SplittableRandom random;
  private final Map<byte[], Map<String, byte[]>> unpacked = new IdentityHashMap<>();
  private int read;
  private int refused;

  /** A run with its own random damage. */
  public Fuzz(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** What is tested. */
  @FunctionalInterface
  @SuppressWarnings("exports") // Only these tests see the module from inside.
  public interface Parser {
    /** Reads the bytes of a file. */
    void read(FileBytes file);
  }

  /** How a damaged copy of a good file comes about. */
  @FunctionalInterface
  public interface Damage {
    /** A damaged copy. */
    byte[] of(byte[] good, Fuzz fuzz) throws IOException;
  }

  /** Damage anywhere. */
  public static final Damage RAW = (good, fuzz) -> fuzz.mutate(good);

  /** Damage inside one entry of a zip archive, which is then put together properly again. */
  public static final Damage ZIP_ENTRY =
      (good, fuzz) -> {
        Map<String, byte[]> entries =
            new LinkedHashMap<>(fuzz.unpacked.computeIfAbsent(good, Fuzz::unzip));
        List<String> names = new ArrayList<>(entries.keySet());
        String name = names.get(fuzz.random.nextInt(names.size()));
        for (String candidate : names) {
          // The description is where the traps are.
          if (candidate.endsWith(".pkl") && fuzz.random.nextInt(4) != 0) {
            name = candidate;
          }
        }
        entries.put(name, fuzz.mutate(entries.get(name)));
        return TestFiles.zip(entries);
      };

  /** Damage inside a safetensors header, with the right length in front of it. */
  public static final Damage HEADER =
      (good, fuzz) -> {
        int length = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        byte[] header = fuzz.mutate(Arrays.copyOfRange(good, 8, 8 + length));
        ByteBuffer whole =
            ByteBuffer.allocate(8 + header.length + good.length - 8 - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(header.length).put(header).put(good, 8 + length, good.length - 8 - length);
        return whole.array();
      };

  /** Reads damaged copies of the good files in turn. */
  public void run(List<byte[]> good, int count, Parser parser, Damage... damages)
      throws IOException {
    for (byte[] sound : good) {
      feed(sound, parser);
    }
    assertTrue(refused == 0, "A good file was refused");
    for (int i = 0; i < count; i++) {
      Damage damage = damages[random.nextInt(damages.length)];
      feed(damage.of(good.get(i % good.size()), this), parser);
    }
    assertTrue(refused > count / 10, "Damage went unnoticed: " + refused + " of " + count);
  }

  private void feed(byte[] input, Parser parser) {
    long limit = 10L * input.length + OVERHEAD;
    long taken = read(input, parser);
    // What is done for the first time loads classes, which the parser is not to blame for.
    for (int again = 0; again < 3 && taken > limit; again++) {
      taken = read(input, parser);
    }
    if (taken > limit) {
      fail(taken + " bytes taken for " + input.length + ": " + start(input));
    }
  }

  private long read(byte[] input, Parser parser) {
    FileBytes file = new FileBytes("damaged", MemorySegment.ofArray(input));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      parser.read(file);
      read++;
    } catch (InvalidInputException e) {
      refused++;
      String message = e.getMessage();
      if (!message.endsWith(".") || message.contains("\n")) {
        fail("Not one sentence: " + message);
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      fail("After " + read + " read, " + refused + " refused, " + e + ": " + start(input), e);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static String start(byte[] input) {
    return HexFormat.of().formatHex(input, 0, Math.min(input.length, 4000));
  }

  private byte[] mutate(byte[] good) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(8)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> write(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)], 8);
        case 3 -> write(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)], 4);
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        case 5 -> bytes = splice(bytes, at, Math.min(bytes.length, at + random.nextInt(64)), 0);
        case 6 -> bytes = splice(bytes, at, at, 1 + random.nextInt(64));
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(64), bytes.length - Math.max(from, at));
          System.arraycopy(bytes.clone(), from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static Map<String, byte[]> unzip(byte[] archive) {
    try {
      return TestFiles.unzip(archive);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(byte[] bytes, int at, long value, int width) {
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  /** Replaces a range by random bytes, or by a repetition of what stands before it. */
  private byte[] splice(byte[] bytes, int from, int to, int insert) {
    byte[] result = new byte[bytes.length - (to - from) + insert];
    System.arraycopy(bytes, 0, result, 0, from);
    for (int i = 0; i < insert; i++) {
      result[from + i] =
          from > i && insert % 2 == 0 ? bytes[from - i - 1] : (byte) random.nextInt();
    }
    System.arraycopy(bytes, to, result, from + insert, bytes.length - to);
    return result;
  }
}
