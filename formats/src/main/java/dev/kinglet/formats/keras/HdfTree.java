package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of an HDF5 file matters to Keras: its arrays and its groups' texts, by path. Arrays that lie
 * in one piece stay in the mapped file.
 */
final class HdfTree {
  private static final int DEEPEST = 40;
  private static final int MOST_NODES = 200_000;
  private static final int NESTED_TEXTS = 1000;

  private final FileBytes file;
  private final Map<String, Tensor> arrays = new LinkedHashMap<>();
  private final Map<String, Map<String, List<String>>> texts = new LinkedHashMap<>();
  private final Set<Long> visited = new HashSet<>();
  private int nodes;
  private long unpackable;

  private HdfTree(FileBytes file) {
    this.file = file;
    this.unpackable = Math.max(4 * file.size(), 1 << 20);
  }

  /** Whether a file begins as HDF5 does. */
  static boolean recognises(FileBytes file) {
    return file.hasAt(0, 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n');
  }

  static HdfTree open(FileBytes file) {
    if (!recognises(file)) {
      throw file.refuse("is not an HDF5 file; save the model again with Keras.");
    }
    if (file.size() > Integer.MAX_VALUE) {
      throw file.refuse("is larger than 2 GB; save the weights as .safetensors.");
    }
    HdfTree tree = new HdfTree(file);
    try (HdfFile hdf = HdfFile.fromByteBuffer(file.data().asByteBuffer())) {
      tree.visit(hdf, "", 0);
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // The reader answers damage with whatever it stumbles over.
      throw tree.damaged();
    }
    return tree;
  }

  private RuntimeException damaged() {
    return file.refuse("is a damaged HDF5 file; fetch or save it again.");
  }

  private void visit(Group group, String path, int depth) {
    // A group inside itself would be read for ever.
    if (depth > DEEPEST || nodes++ > MOST_NODES || !visited.add(group.getAddress())) {
      throw damaged();
    }
    readTexts(group, path);
    for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
      // Files written on Windows by early versions separate groups by backslashes.
      String name = child.getKey().replace('\\', '/');
      String below = path.isEmpty() ? name : path + "/" + name;
      switch (child.getValue()) {
        case Group inner -> visit(inner, below, depth + 1);
        case Dataset array -> read(array, below);
        default -> {
          // A committed type or a broken link holds no weights.
        }
      }
    }
  }

  private void readTexts(Group group, String path) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Map.Entry<String, Attribute> attribute : group.getAttributes().entrySet()) {
      texts(attribute.getValue()).ifPresent(t -> found.put(attribute.getKey(), t));
    }
    texts.put(path, found);
  }

  private Optional<List<String>> texts(Attribute attribute) {
    if (attribute.isEmpty() || attribute.getSize() == 0) {
      return Optional.of(List.of());
    }
    if (attribute.getSize() < 0 || attribute.getSize() > file.size()) {
      throw damaged();
    }
    return switch (attribute.getData()) {
      case String text -> Optional.of(List.of(text));
      case String[] list -> Optional.of(List.of(list));
      case null, default -> Optional.empty();
    };
  }

  private void read(Dataset array, String path) {
    Optional<Tensor.Type> type = type(array.getDataType());
    if (type.isEmpty() || array.isEmpty() || nodes++ > MOST_NODES) {
      return;
    }
    String what = FileBytes.quote(path);
    Shape shape = file.shape(what, array.getDimensionsAsLong());
    long bytes = (long) shape.elements() * type.get().bytes();
    if (array instanceof ContiguousDataset contiguous) {
      file.require(contiguous.getDataAddress(), bytes, what);
      MemorySegment data = MemorySegment.ofBuffer(contiguous.getBuffer());
      arrays.put(path, new FileBytes(file.name(), data).tensor(what, shape, type.get()));
      return;
    }
    unpackable -= bytes;
    if (unpackable < 0) {
      throw file.refuse(
          "has compressed arrays of many times its size; save the model without compression.");
    }
    switch (array.getDataFlat()) {
      case float[] values -> arrays.put(path, Tensor.of(shape, values));
      case Float value -> arrays.put(path, Tensor.of(shape, value));
      case null, default -> {
        // Compressed arrays of other types are counters and optimizer states.
      }
    }
  }

  private static Optional<Tensor.Type> type(DataType type) {
    return Optional.ofNullable(
        switch (type) {
          case FloatingPoint real when real.getByteOrder() == ByteOrder.LITTLE_ENDIAN ->
              switch (real.getSize()) {
                case 2 -> Tensor.Type.F16;
                case 4 -> Tensor.Type.F32;
                case 8 -> Tensor.Type.F64;
                default -> null;
              };
          case FixedPoint whole when whole.getByteOrder() == ByteOrder.LITTLE_ENDIAN ->
              switch (whole.getSize()) {
                case 1 -> whole.isSigned() ? Tensor.Type.I8 : Tensor.Type.U8;
                case 4 -> whole.isSigned() ? Tensor.Type.I32 : null;
                case 8 -> whole.isSigned() ? Tensor.Type.I64 : null;
                default -> null;
              };
          default -> null;
        });
  }

  FileBytes file() {
    return file;
  }

  /** The array at a path. */
  Optional<Tensor> array(String path) {
    return Optional.ofNullable(arrays.get(path));
  }

  /** Whether there is a group at a path. */
  boolean hasGroup(String path) {
    return texts.containsKey(path);
  }

  /** The paths of the groups directly below one, in the order of the file. */
  List<String> groupsBelow(String path) {
    String start = path.isEmpty() ? "" : path + "/";
    List<String> below = new ArrayList<>();
    for (String group : texts.keySet()) {
      if (!group.isEmpty()
          && group.startsWith(start)
          && group.indexOf('/', start.length()) < 0
          && group.length() > start.length()) {
        below.add(group);
      }
    }
    return below;
  }

  /** A group's single text. */
  Optional<String> text(String path, String attribute) {
    return texts(path, attribute).filter(found -> found.size() == 1).map(List::getFirst);
  }

  /**
   * A group's list of texts, also where Keras has split a long one into {@code name0}, {@code
   * name1}, ….
   */
  Optional<List<String>> texts(String path, String attribute) {
    Map<String, List<String>> group = texts.getOrDefault(path, Map.of());
    if (group.containsKey(attribute)) {
      return Optional.of(group.get(attribute));
    }
    List<String> joined = new ArrayList<>();
    for (int part = 0; part < NESTED_TEXTS && group.containsKey(attribute + part); part++) {
      joined.addAll(group.get(attribute + part));
    }
    return joined.isEmpty() ? Optional.empty() : Optional.of(joined);
  }
}
