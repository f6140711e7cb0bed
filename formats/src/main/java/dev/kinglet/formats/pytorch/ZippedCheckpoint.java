package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.ZipArchive;
import dev.kinglet.formats.pytorch.Pickled.View;
import dev.kinglet.graph.Weights;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The zip form: {@code NAME/data.pkl} describes the object, {@code NAME/data/KEY} is a storage
 * each.
 */
final class ZippedCheckpoint {
  private static final String PICKLE = "data.pkl";

  private ZippedCheckpoint() {}

  private static boolean isPickle(String name) {
    return name.equals(PICKLE) || name.endsWith("/" + PICKLE);
  }

  static Weights read(ZipArchive archive) {
    FileBytes file = archive.file();
    List<String> pickles = archive.names().stream().filter(ZippedCheckpoint::isPickle).toList();
    if (pickles.size() != 1) {
      throw file.refuse(
          "holds "
              + pickles.size()
              + " entries called data.pkl where a PyTorch checkpoint has one; save the weights with"
              + " torch.save.");
    }
    String pickle = pickles.getFirst();
    String root = pickle.substring(0, pickle.length() - PICKLE.length());
    refuseTorchScript(archive, root);
    refuseBigEndian(archive, root);
    FileBytes content = archive.read(pickle);
    Rebuild rebuild = new Rebuild(file);
    Pickled top = new Unpickler(content, 0, rebuild, PytorchFiles.budget(file)).read();
    Map<String, View> views = StateDict.find(file, top);
    return new Storages(file, key -> archive.read(root + "data/" + key)).tensors(views);
  }

  private static void refuseTorchScript(ZipArchive archive, String root) {
    for (String name : archive.names()) {
      if (name.equals(root + "constants.pkl") || name.startsWith(root + "code/")) {
        throw archive
            .file()
            .refuse(
                "is a TorchScript program, not weights; open it in Python with torch.jit.load and"
                    + " save its state_dict() with torch.save.");
      }
    }
  }

  private static void refuseBigEndian(ZipArchive archive, String root) {
    String name = root + "byteorder";
    if (archive.names().contains(name)) {
      byte[] order = archive.read(name).data().toArray(ValueLayout.JAVA_BYTE);
      if (!new String(order, StandardCharsets.US_ASCII).equals("little")) {
        throw bigEndian(archive.file());
      }
    }
  }

  static RuntimeException bigEndian(FileBytes file) {
    return file.refuse(
        "was saved by a big-endian machine; load and save it again on a little-endian one.");
  }
}
