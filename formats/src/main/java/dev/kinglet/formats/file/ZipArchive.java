package dev.kinglet.formats.file;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive in a mapped file. Stored entries are slices of the mapping; deflated ones are
 * inflated when asked for, within a limit.
 *
 * <p>Our own reader, because {@code java.util.zip} copies stored entries to the heap. Source:
 * PKWARE APPNOTE 6.3.10, §4.3 (records) and §4.5.3 (Zip64).
 */
public final class ZipArchive {
  private static final int END_BYTES = 22;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64_BYTES = 56;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final long ABSENT = 0xFFFF_FFFFL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private static final int SCRATCH = 1 << 13;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * What all inflated entries may take together: eight times the file, and never less than this.
   */
  private static final long SMALLEST_LIMIT = 16L << 20;

  private record Entry(
      int flags, int method, long checksum, long packed, long size, long localHeader) {}

  private final FileBytes file;
  private final Map<String, Entry> entries;
  private long inflatable;

  private ZipArchive(FileBytes file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = entries;
    this.inflatable = Math.max(8 * file.size(), SMALLEST_LIMIT);
  }

  /** Whether a file begins as a zip archive does. */
  public static boolean recognises(FileBytes file) {
    return file.hasAt(0, 'P', 'K', 3, 4) || file.hasAt(0, 'P', 'K', 5, 6);
  }

  /** Reads the directory of an archive. */
  public static ZipArchive open(FileBytes file) {
    long end = findEnd(file);
    long count = file.u16(end + 10);
    long length = file.u32(end + 12);
    long start = file.u32(end + 16);
    long locator = end - END64_LOCATOR_BYTES;
    if (file.hasAt(locator, 'P', 'K', 6, 7)) {
      long end64 = file.i64(locator + 8);
      file.require(end64, END64_BYTES, "the end of its Zip64 directory");
      if (!file.hasAt(end64, 'P', 'K', 6, 6)) {
        throw file.refuse("is a damaged zip archive: its Zip64 directory is missing.");
      }
      count = file.i64(end64 + 32);
      length = file.i64(end64 + 40);
      start = file.i64(end64 + 48);
    }
    FileBytes directory = file.part(start, length, "the directory of the zip archive");
    if (count < 0 || count > length / CENTRAL_BYTES) {
      throw file.refuse(
          "is a damaged zip archive: its directory of "
              + length
              + " bytes cannot hold "
              + Long.toUnsignedString(count)
              + " entries.");
    }
    return new ZipArchive(file, readDirectory(directory, count));
  }

  private static long findEnd(FileBytes file) {
    long last = file.size() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - 0xFFFF; at--) {
      if (file.hasAt(at, 'P', 'K', 5, 6) && at + END_BYTES + file.u16(at + 20) == file.size()) {
        return at;
      }
    }
    throw file.refuse(
        "is cut off or damaged: the directory that ends every zip archive is missing; fetch or save"
            + " it again.");
  }

  private static Map<String, Entry> readDirectory(FileBytes directory, long count) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    long at = 0;
    for (long i = 0; i < count; i++) {
      if (!directory.hasAt(at, 'P', 'K', 1, 2)) {
        throw directory.refuse(
            "is a damaged zip archive: entry " + i + " of its directory is broken.");
      }
      directory.require(at, CENTRAL_BYTES, "an entry of the zip archive");
      int nameLength = directory.u16(at + 28);
      int extraLength = directory.u16(at + 30);
      int commentLength = directory.u16(at + 32);
      String name =
          new String(
              directory.copy(at + CENTRAL_BYTES, nameLength, "the name of an entry"),
              StandardCharsets.UTF_8);
      Entry entry =
          zip64(
              directory.part(at + CENTRAL_BYTES + nameLength, extraLength, "an extra field"),
              new Entry(
                  directory.u16(at + 8),
                  directory.u16(at + 10),
                  directory.u32(at + 16),
                  directory.u32(at + 20),
                  directory.u32(at + 24),
                  directory.u32(at + 42)));
      if (!name.endsWith("/") && entries.put(name, entry) != null) {
        throw directory.refuse("holds two entries called " + FileBytes.quote(name) + ".");
      }
      at += CENTRAL_BYTES + nameLength + extraLength + commentLength;
    }
    return entries;
  }

  private static Entry zip64(FileBytes extra, Entry entry) {
    for (long at = 0; at + 4 <= extra.size(); ) {
      int length = extra.u16(at + 2);
      if (extra.u16(at) == 1) {
        FileBytes field = extra.part(at + 4, length, "a Zip64 field");
        long offset = 0;
        long size = entry.size();
        if (size == ABSENT) {
          size = field.i64(offset);
          offset += 8;
        }
        long packed = entry.packed();
        if (packed == ABSENT) {
          packed = field.i64(offset);
          offset += 8;
        }
        long header = entry.localHeader() == ABSENT ? field.i64(offset) : entry.localHeader();
        return new Entry(entry.flags(), entry.method(), entry.checksum(), packed, size, header);
      }
      at += 4 + length;
    }
    return entry;
  }

  /** The names of the files inside, in the order of the directory. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** The file that this archive is. */
  public FileBytes file() {
    return file;
  }

  /**
   * The content of an entry; messages about it name the archive and the entry.
   *
   * @throws dev.kinglet.graph.InvalidInputException if there is none, or it is damaged, encrypted,
   *     packed by an unknown method or too large
   */
  public FileBytes read(String name) {
    Entry entry = entries.get(name);
    String what = FileBytes.quote(name);
    if (entry == null) {
      throw file.refuse("has no entry " + what + "; fetch or save it again.");
    }
    if ((entry.flags() & 1) != 0) {
      throw file.refuse("has an encrypted entry " + what + "; save it without a password.");
    }
    if (!file.hasAt(entry.localHeader(), 'P', 'K', 3, 4)) {
      throw file.refuse("is cut off or damaged: entry " + what + " is not where it should be.");
    }
    file.require(entry.localHeader(), LOCAL_BYTES, "the header of " + what);
    long start =
        entry.localHeader()
            + LOCAL_BYTES
            + file.u16(entry.localHeader() + 26)
            + file.u16(entry.localHeader() + 28);
    MemorySegment packed = file.part(start, entry.packed(), "entry " + what).data();
    MemorySegment data =
        switch (entry.method()) {
          case STORED -> packed;
          case DEFLATED -> inflate(what, packed, entry.size());
          default ->
              throw file.refuse(
                  "has entry "
                      + what
                      + " packed by method "
                      + entry.method()
                      + "; pack it as deflate, or not at all.");
        };
    if (checksum(data) != entry.checksum()) {
      throw damaged(what, "does not have the checksum that it was saved with");
    }
    return new FileBytes(file.name() + " (entry " + what + ")", data);
  }

  private MemorySegment inflate(String what, MemorySegment packed, long size) {
    if (size < 0
        || size > Math.min(inflatable, LARGEST_ARRAY)
        || packed.byteSize() > LARGEST_ARRAY) {
      throw file.refuse(
          "has entry "
              + what
              + " of "
              + Long.toUnsignedString(size)
              + " bytes packed into "
              + packed.byteSize()
              + ", more than a file of "
              + file.size()
              + " bytes may unpack to; save it without compression.");
    }
    // Once to learn the true size, so that a false claim costs no memory, and once to keep it.
    long found = inflate(what, packed, new byte[SCRATCH], true);
    if (found != size) {
      throw damaged(what, "unpacks to " + found + " bytes instead of " + size);
    }
    inflatable -= size;
    byte[] bytes = new byte[(int) size];
    inflate(what, packed, bytes, false);
    return MemorySegment.ofArray(bytes);
  }

  /** Unpacks into {@code target}, over and over again if only {@code counting}. */
  private long inflate(String what, MemorySegment packed, byte[] target, boolean counting) {
    long filled = 0;
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed.asByteBuffer());
      while (!inflater.finished() && (counting || filled < target.length)) {
        int from = counting ? 0 : (int) filled;
        int now = inflater.inflate(target, from, target.length - from);
        filled += now;
        if (now == 0 && !inflater.finished()) {
          throw damaged(what, "ends too early");
        }
      }
    } catch (DataFormatException e) {
      throw damaged(what, "cannot be unpacked");
    }
    return filled;
  }

  private RuntimeException damaged(String what, String how) {
    return file.refuse("is damaged: entry " + what + " " + how + "; fetch or save it again.");
  }

  private static long checksum(MemorySegment data) {
    CRC32 checksum = new CRC32();
    for (long at = 0; at < data.byteSize(); at += LARGEST_ARRAY) {
      checksum.update(
          data.asSlice(at, Math.min(LARGEST_ARRAY, data.byteSize() - at)).asByteBuffer());
    }
    return checksum.getValue();
  }
}
