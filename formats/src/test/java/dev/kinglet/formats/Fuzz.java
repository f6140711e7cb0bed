package dev.kinglet.formats;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.house.Damages;
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

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final SplittableRandom random;
  private final Damages damages;
  private final Map<byte[], Map<String, byte[]>> unpacked = new IdentityHashMap<>();
  private int read;
  private int refused;

  /** A run with its own random damage. */
  public Fuzz(long seed) {
    this.random = new SplittableRandom(seed);
    this.damages = new Damages(random);
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
  public static final Damage RAW = (good, fuzz) -> fuzz.damages.of(good);

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
        entries.put(name, fuzz.damages.of(entries.get(name)));
        return TestFiles.zip(entries);
      };

  /** Damage inside a safetensors header, with the right length in front of it. */
  public static final Damage HEADER =
      (good, fuzz) -> {
        int length = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        byte[] header = fuzz.damages.of(Arrays.copyOfRange(good, 8, 8 + length));
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

  private static Map<String, byte[]> unzip(byte[] archive) {
    try {
      return TestFiles.unzip(archive);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
