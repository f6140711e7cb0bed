package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.pytorch.Pickled.Dictionary;
import dev.kinglet.formats.pytorch.Pickled.Plain;
import dev.kinglet.formats.pytorch.Pickled.Sequence;
import dev.kinglet.formats.pytorch.Pickled.Storage;
import dev.kinglet.formats.pytorch.Pickled.Text;
import dev.kinglet.formats.pytorch.Pickled.View;
import dev.kinglet.formats.pytorch.Pickled.Whole;
import dev.kinglet.graph.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The form before PyTorch 1.6: five pickles (magic number, version, system, object, storage keys),
 * then each storage as a count of eight bytes and its elements.
 */
final class LegacyCheckpoint {
  /** LONG1 of ten bytes, 0x1950a86a20f9469cfc6c, between the pickle's protocol and its end. */
  private static final int[] MAGIC = {
    0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'
  };

  private static final long VERSION = 1001;

  private final FileBytes file;
  private final Rebuild rebuild;
  private final long budget;
  private long at;

  private LegacyCheckpoint(FileBytes file) {
    this.file = file;
    this.rebuild = new Rebuild(file);
    this.budget = PytorchFiles.budget(file);
  }

  /** Whether a file begins with PyTorch's magic number, pickled by protocol 2 or later. */
  static boolean recognises(FileBytes file) {
    return file.hasAt(0, 0x80) && (file.hasAt(2, MAGIC) || file.hasAt(11, MAGIC));
  }

  static Weights read(FileBytes file) {
    if (!recognises(file)) {
      throw file.refuse(
          "is not a PyTorch checkpoint; save it with torch.save(model.state_dict(), file).");
    }
    return new LegacyCheckpoint(file).read();
  }

  private Weights read() {
    pickle();
    if (!(pickle() instanceof Whole(long version)) || version != VERSION) {
      throw file.refuse("has a version of PyTorch's old format other than 1001; save it again.");
    }
    if (!(pickle() instanceof Dictionary system)
        || system.entries().get("little_endian") != Plain.TRUE) {
      throw ZippedCheckpoint.bigEndian(file);
    }
    Map<String, View> views = StateDict.find(file, pickle());
    Pickled keys = pickle();
    return new Storages(file, storages(keys)::get).tensors(views);
  }

  private Pickled pickle() {
    Unpickler unpickler = new Unpickler(file, at, rebuild, budget);
    Pickled value = unpickler.read();
    at = unpickler.end();
    return value;
  }

  private Map<String, FileBytes> storages(Pickled keys) {
    Map<String, FileBytes> storages = new HashMap<>();
    List<Pickled> listed = keys instanceof Sequence sequence ? sequence.items() : List.of();
    for (Pickled key : listed) {
      Storage storage = key instanceof Text(String text) ? rebuild.storages().get(text) : null;
      if (storage == null || storage.type() == null) {
        throw file.refuse("lists a storage that no tensor names; fetch or save it again.");
      }
      if (file.i64(at) != storage.elements()) {
        throw file.refuse(
            "has another length for storage "
                + FileBytes.quote(storage.key())
                + " than its tensors say; fetch or save it again.");
      }
      file.require(at, 8, "a storage");
      if (storage.elements() < 0 || storage.elements() > file.size()) {
        throw file.refuse(
            "is cut off or damaged: a storage is longer than the file; save it again.");
      }
      long length = storage.elements() * storage.type().bytes();
      storages.put(
          storage.key(), file.part(at + 8, length, "storage " + FileBytes.quote(storage.key())));
      at += 8 + length;
    }
    for (String key : rebuild.storages().keySet()) {
      if (!storages.containsKey(key)) {
        throw file.refuse(
            "lacks the storage " + FileBytes.quote(key) + "; fetch or save it again.");
      }
    }
    return storages;
  }
}
