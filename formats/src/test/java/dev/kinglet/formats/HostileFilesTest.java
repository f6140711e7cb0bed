package dev.kinglet.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that promise, unpack or point to far more than they hold. */
class HostileFilesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  void aHundredByteFileThatClaimsTwoToTheFortyElementsCostsNothing() throws IOException {
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1099511627776],"
            + "\"data_offsets\":[0,4398046511104]}}";
    ByteBuffer file = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    refusedWithin(1 << 16, "claims.safetensors", file.array(), "4398046511104 bytes");
    String huge = header.replace("4398046511104", "0");
    file.putLong(0, huge.length()).position(8).put(huge.getBytes(StandardCharsets.US_ASCII));
    refusedWithin(
        1 << 16,
        "small.safetensors",
        Arrays.copyOf(file.array(), 8 + huge.length()),
        "1099511627776");
  }

  @Test
  void anArchiveThatUnpacksToAThousandTimesItsSizeIsRefusedUnopened() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros.npy"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        zip.write(zeros);
      }
    }
    refusedWithin(1 << 20, "bomb.npz", bytes.toByteArray(), "without compression");
  }

  @Test
  void anArchiveThatLiesAboutItsUnpackedSizeIsRefused() throws IOException {
    byte[] archive = TestFiles.bytes("numpy/arrays.npz");
    ByteBuffer view = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int directory = view.getInt(archive.length - 6);
    view.putInt(directory + 24, view.getInt(directory + 24) + 1_000_000);
    refusedWithin(1 << 20, "lie.npz", archive, "instead of");
  }

  @Test
  void aTensorThatRepeatsOneElementABillionTimesIsRefused() throws IOException {
    refusedWithin(1 << 20, "repeat.pth", checkpoint(1 << 30, 0, 1), "many times");
  }

  @Test
  void aTensorThatLeavesItsStorageIsRefused() throws IOException {
    refusedWithin(1 << 20, "leaves.pth", checkpoint(2, 1, 1), "leaves its storage");
    refusedWithin(1 << 20, "far.pth", checkpoint(2, Integer.MAX_VALUE, 1), "leaves its storage");
    refusedWithin(1 << 20, "claims.pth", checkpoint(1, 1, Integer.MAX_VALUE), "should take");
  }

  @Test
  void aTensorWithinItsStorageIsRead() throws IOException {
    Path file = Files.write(folder.resolve("fine.pth"), checkpoint(3, 0, 1));
    assertEquals(3, WeightFiles.read(file).get("w").shape().elements());
  }

  @Test
  void aPickleThatBuildsAHundredBytesOfOneIsRefused() throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    for (int i = 0; i < 1_000_000; i++) {
      pickle.write('}');
    }
    pickle.write('.');
    byte[] file = TestFiles.zip(Map.of("archive/data.pkl", pickle.toByteArray()));
    refusedWithin(10L * file.length, "containers.pth", file, "many times");
  }

  /** A tensor of one axis over a storage of one element. */
  private static byte[] checkpoint(int size, int stride, int elements) throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2, '}'});
    text(pickle, "w");
    pickle.write("ctorch._utils\n_rebuild_tensor_v2\n((".getBytes(StandardCharsets.US_ASCII));
    text(pickle, "storage");
    pickle.write("ctorch\nFloatStorage\n".getBytes(StandardCharsets.US_ASCII));
    text(pickle, "0");
    text(pickle, "cpu");
    number(pickle, elements);
    pickle.write(new byte[] {'t', 'Q', 'K', 0});
    number(pickle, size);
    pickle.write(0x85);
    number(pickle, stride);
    pickle.write(new byte[] {(byte) 0x85, (byte) 0x89, '}', 't', 'R', 's', '.'});
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle.toByteArray());
    entries.put("archive/data/0", new byte[4]);
    return TestFiles.zip(entries);
  }

  private static void text(ByteArrayOutputStream pickle, String text) {
    pickle.write('X');
    for (byte b : new byte[] {(byte) text.length(), 0, 0, 0}) {
      pickle.write(b);
    }
    pickle.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void number(ByteArrayOutputStream pickle, int number) {
    pickle.write('J');
    pickle.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }

  private void refusedWithin(long limit, String name, byte[] content, String reason)
      throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    // The first time loads classes.
    TestFiles.refusal(() -> WeightFiles.read(file));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    String message = TestFiles.refusal(() -> WeightFiles.read(file));
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(message.contains(reason), message);
    assertTrue(taken <= limit, taken + " bytes were taken for " + name);
  }
}
