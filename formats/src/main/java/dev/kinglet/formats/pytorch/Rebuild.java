package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.pytorch.Pickled.Dictionary;
import dev.kinglet.formats.pytorch.Pickled.Global;
import dev.kinglet.formats.pytorch.Pickled.Opaque;
import dev.kinglet.formats.pytorch.Pickled.Plain;
import dev.kinglet.formats.pytorch.Pickled.Sequence;
import dev.kinglet.formats.pytorch.Pickled.Storage;
import dev.kinglet.formats.pytorch.Pickled.Text;
import dev.kinglet.formats.pytorch.Pickled.View;
import dev.kinglet.formats.pytorch.Pickled.Whole;
import dev.kinglet.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The few functions of PyTorch and Python that a checkpoint of tensors calls, by name. Every other
 * function yields an {@link Opaque} value that bears its name.
 *
 * <p>Source: PyTorch's {@code torch/_utils.py}, {@code torch/_tensor.py} and {@code
 * torch/serialization.py}.
 */
final class Rebuild {
  private static final int MOST_AXES = 64;

  private final FileBytes file;
  private final Map<String, Storage> storages = new LinkedHashMap<>();

  Rebuild(FileBytes file) {
    this.file = file;
  }

  /** Every storage that the pickle mentions, by its key. */
  Map<String, Storage> storages() {
    return storages;
  }

  /** What a call, or the making of an object, yields. */
  Pickled call(Pickled maker, Pickled arguments) {
    if (!(maker instanceof Global global)) {
      return maker instanceof Opaque ? maker : new Opaque("an unnamed function");
    }
    List<Pickled> given = arguments instanceof Sequence sequence ? sequence.items() : List.of();
    Optional<Pickled> made =
        switch (global.name()) {
          case "collections.OrderedDict", "builtins.dict", "__builtin__.dict" ->
              Optional.of(dictionary(given));
          case "collections.defaultdict" -> Optional.of(Dictionary.empty());
          case "torch.Size", "builtins.set", "__builtin__.set", "builtins.list", "builtins.tuple" ->
              given.size() == 1 ? Optional.of(given.getFirst()) : Optional.empty();
          case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
              view(given, Optional.empty());
          case "torch._utils._rebuild_tensor_v3" ->
              given.size() < 7 ? Optional.empty() : view(given, Optional.of(given.get(6)));
          case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
              given.isEmpty() ? Optional.empty() : Optional.of(given.getFirst());
          case "torch._tensor._rebuild_from_type_v2", "torch._utils._rebuild_from_type_v2" ->
              ofType(given);
          default -> Optional.empty();
        };
    return made.orElseGet(() -> new Opaque(global.name()));
  }

  private static Dictionary dictionary(List<Pickled> given) {
    Dictionary dictionary = Dictionary.empty();
    if (!given.isEmpty() && given.getFirst() instanceof Sequence pairs) {
      for (Pickled pair : pairs.items()) {
        if (pair instanceof Sequence two
            && two.items().size() == 2
            && two.items().getFirst() instanceof Text key) {
          dictionary.entries().put(key.value(), two.items().getLast());
        }
      }
    }
    return dictionary;
  }

  private Optional<Pickled> view(List<Pickled> given, Optional<Pickled> type) {
    if (!given.isEmpty() && given.getFirst() instanceof Opaque unknownElements) {
      return Optional.of(unknownElements);
    }
    if (given.size() >= 4
        && given.get(0) instanceof Storage storage
        && given.get(1) instanceof Whole offset
        && given.get(2) instanceof Sequence sizes
        && given.get(3) instanceof Sequence strides) {
      Tensor.Type element =
          type.isEmpty() ? storage.type() : type.get() instanceof Global g ? type(g) : null;
      Optional<long[]> size = numbers(sizes);
      Optional<long[]> stride = numbers(strides);
      if (element != null
          && size.isPresent()
          && stride.isPresent()
          && size.get().length == stride.get().length) {
        return Optional.of(new View(storage, element, offset.value(), size.get(), stride.get()));
      }
    }
    return Optional.empty();
  }

  /** {@code (function, class, arguments, state)}: a tensor with attributes, which do not matter. */
  private Optional<Pickled> ofType(List<Pickled> given) {
    if (given.size() >= 3 && given.get(1) instanceof Global type) {
      return switch (type.name()) {
        case "torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer" ->
            Optional.of(call(given.get(0), given.get(2)));
        default -> Optional.of(new Opaque(type.name()));
      };
    }
    return Optional.empty();
  }

  private static Optional<long[]> numbers(Sequence sequence) {
    if (sequence.items().size() > MOST_AXES) {
      return Optional.empty();
    }
    long[] numbers = new long[sequence.items().size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(sequence.items().get(i) instanceof Whole whole)) {
        return Optional.empty();
      }
      numbers[i] = whole.value();
    }
    return Optional.of(numbers);
  }

  /**
   * What a persistent id stands for: {@code ("storage", type, key, device, elements)}, in legacy
   * files with a view {@code (key, offset, elements)} behind it, or {@code ("module", class, ...)}.
   */
  Pickled persistent(Pickled id) {
    if (id instanceof Sequence sequence && sequence.items().size() >= 2) {
      List<Pickled> parts = sequence.items();
      if (parts.get(0) instanceof Text(String kind) && kind.equals("module")) {
        return parts.get(1);
      }
      if (parts.size() >= 5
          && parts.get(0) instanceof Text(String kind)
          && kind.equals("storage")
          && parts.get(1) instanceof Global type
          && parts.get(2) instanceof Text(String key)
          && parts.get(4) instanceof Whole(long elements)) {
        return storage(type, key, elements, parts.size() > 5 ? parts.get(5) : Plain.NONE);
      }
    }
    throw file.refuse(
        "holds a damaged pickle (a storage without type or place); fetch or save it again.");
  }

  private Pickled storage(Global type, String key, long elements, Pickled view) {
    boolean untyped = type.name().endsWith(".UntypedStorage");
    Tensor.Type element = untyped ? null : type(type);
    if (element == null && !untyped) {
      return new Opaque(type.name());
    }
    Storage root = new Storage(key, element, elements, 0);
    Storage known = storages.putIfAbsent(key, root);
    if (known != null && (known.elements() != elements || known.type() != element)) {
      throw file.refuse(
          "describes its storage "
              + FileBytes.quote(key)
              + " in two ways; fetch or save it again.");
    }
    if (view instanceof Sequence(List<Pickled> parts)
        && parts.size() == 3
        && parts.get(1) instanceof Whole(long start)
        && parts.get(2) instanceof Whole(long length)) {
      if (start < 0 || length < 0 || start > elements || length > elements - start) {
        throw file.refuse(
            "has a view that leaves its storage " + FileBytes.quote(key) + "; save it again.");
      }
      return new Storage(key, element, length, start);
    }
    return root;
  }

  private static Tensor.Type type(Global global) {
    return switch (global.name().replaceFirst("^torch\\.(cuda\\.|storage\\.)?", "")) {
      case "FloatStorage", "float32" -> Tensor.Type.F32;
      case "HalfStorage", "float16" -> Tensor.Type.F16;
      case "BFloat16Storage", "bfloat16" -> Tensor.Type.BF16;
      case "DoubleStorage", "float64" -> Tensor.Type.F64;
      case "CharStorage", "int8" -> Tensor.Type.I8;
      case "ByteStorage", "uint8" -> Tensor.Type.U8;
      case "BoolStorage", "bool" -> Tensor.Type.BOOL;
      case "ShortStorage", "int16" -> Tensor.Type.I16;
      case "uint16" -> Tensor.Type.U16;
      case "IntStorage", "int32" -> Tensor.Type.I32;
      case "LongStorage", "int64" -> Tensor.Type.I64;
      default -> null;
    };
  }
}
