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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds, in whatever a training script saved, the one dictionary of names and tensors. */
final class StateDict {
  private static final int DEEPEST = 8;

  /**
   * Under which keys training scripts keep the weights, the likeliest first: the trained weights
   * come before their moving average, as PyTorch's own references load them.
   */
  private static final List<String> KEYS =
      List.of(
          "state_dict",
          "model_state_dict",
          "model_state",
          "model",
          "net",
          "network",
          "weights",
          "params",
          "state_dict_ema",
          "model_ema",
          "ema_state_dict",
          "params_ema",
          "ema",
          "module");

  /** Put in front of every name by data parallelism, averaging and compilation. */
  private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");

  /** The count of averages that {@code torch.optim.swa_utils.AveragedModel} adds. */
  private static final String AVERAGES = "n_averaged";

  private final FileBytes file;

  private StateDict(FileBytes file) {
    this.file = file;
  }

  static Map<String, View> find(FileBytes file, Pickled top) {
    return new StateDict(file).find(top);
  }

  private Map<String, View> find(Pickled top) {
    return switch (top) {
      case Dictionary dictionary -> unwrapped(tensors(innermost(dictionary)));
      case Opaque(String maker) -> throw wholeModule(maker);
      case View _ -> throw noWeights("a single tensor");
      case Sequence _ -> throw noWeights("a list");
      case Plain _, Text _, Whole _, Global _, Storage _ -> throw noWeights("no tensors");
    };
  }

  private Dictionary innermost(Dictionary outer) {
    Dictionary at = outer;
    for (int depth = 0; depth < DEEPEST; depth++) {
      Dictionary next = inside(at);
      if (next == null) {
        return at;
      }
      at = next;
    }
    throw file.refuse(
        "nests its weights more than " + DEEPEST + " dictionaries deep; save the innermost alone.");
  }

  /** The dictionary inside that holds the weights, or null if this one does. */
  private Dictionary inside(Dictionary outer) {
    for (String key : KEYS) {
      if (outer.entries().get(key) instanceof Dictionary inner && holdsTensors(inner, 0)) {
        return inner;
      }
    }
    if (outer.entries().values().stream().anyMatch(View.class::isInstance)) {
      return null;
    }
    for (String key : KEYS) {
      if (outer.entries().get(key) instanceof Opaque(String maker)) {
        throw wholeModule(maker);
      }
    }
    List<String> candidates = new ArrayList<>();
    outer
        .entries()
        .forEach(
            (key, value) -> {
              if (value instanceof Dictionary inner && holdsTensors(inner, 0)) {
                candidates.add(key);
              }
            });
    if (candidates.size() > 1) {
      throw file.refuse(
          "holds several sets of weights ("
              + String.join(", ", candidates.stream().limit(5).map(FileBytes::quote).toList())
              + "); save the one you want by itself.");
    }
    return candidates.isEmpty() ? null : (Dictionary) outer.entries().get(candidates.getFirst());
  }

  private static boolean holdsTensors(Dictionary dictionary, int depth) {
    for (Pickled value : dictionary.entries().values()) {
      if (value instanceof View
          || (depth < DEEPEST
              && value instanceof Dictionary inner
              && holdsTensors(inner, depth + 1))) {
        return true;
      }
    }
    return false;
  }

  private Map<String, View> tensors(Dictionary dictionary) {
    Map<String, View> tensors = new LinkedHashMap<>();
    Map<String, String> opaque = new LinkedHashMap<>();
    dictionary
        .entries()
        .forEach(
            (name, value) -> {
              switch (value) {
                case View view -> tensors.put(name, view);
                case Opaque(String maker) -> opaque.put(name, maker);
                case Dictionary _, Plain _, Text _, Whole _, Sequence _, Global _, Storage _ -> {}
              }
            });
    opaque.forEach(
        (name, maker) -> {
          // A name with a dot is a parameter's; others beside tensors are notes such as "args".
          if (tensors.isEmpty() || name.contains(".")) {
            throw file.refuse(
                "would have to run "
                    + printable(maker)
                    + " to make "
                    + FileBytes.quote(name)
                    + ", which Kinglet never does; save plain tensors (a state_dict) instead.");
          }
        });
    if (tensors.isEmpty()) {
      throw noWeights("no tensors");
    }
    return tensors;
  }

  private static Map<String, View> unwrapped(Map<String, View> tensors) {
    Map<String, View> current = tensors;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (String wrapper : WRAPPERS) {
        Map<String, View> shorter = new LinkedHashMap<>();
        boolean all = true;
        for (Map.Entry<String, View> entry : current.entrySet()) {
          if (entry.getKey().startsWith(wrapper)) {
            shorter.put(entry.getKey().substring(wrapper.length()), entry.getValue());
          } else {
            all &= entry.getKey().equals(AVERAGES);
          }
        }
        if (all && !shorter.isEmpty()) {
          current = shorter;
          changed = true;
        }
      }
    }
    return current;
  }

  private RuntimeException wholeModule(String maker) {
    return file.refuse(
        "is a whole pickled object ("
            + printable(maker)
            + "), which only its own Python code can rebuild; save its weights with"
            + " torch.save(model.state_dict(), file) instead.");
  }

  private RuntimeException noWeights(String found) {
    return file.refuse(
        "holds "
            + found
            + " where a dictionary of named tensors is expected; save model.state_dict().");
  }

  private static String printable(String maker) {
    String quoted = FileBytes.quote(maker);
    return quoted.substring(1, quoted.length() - 1);
  }
}
