package dev.kinglet.cli;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.Locale;

/** Operators in a few words: {@code conv 3x3 /2, groups 32}. */
final class OpWords {
  private OpWords() {}

  static String of(Op op) {
    return switch (op) {
      case Op.Input _ -> "input";
      case Op.Constant _ -> "constant";
      case Op.Conv conv -> "conv " + window(conv.window()) + groups(conv.groups());
      case Op.ConvTranspose conv ->
          "conv transpose " + window(conv.window()) + groups(conv.groups());
      case Op.Linear _ -> "linear";
      case Op.BatchNorm _ -> "batch norm";
      case Op.Activation activation -> lower(activation.function());
      case Op.PRelu _ -> "prelu";
      case Op.Arithmetic arithmetic -> lower(arithmetic.kind());
      case Op.Pool pool -> lower(pool.kind()) + " pool " + window(pool.window());
      case Op.GlobalPool pool -> "global " + lower(pool.kind()) + " pool";
      case Op.Reduce reduce -> "reduce " + lower(reduce.kind());
      case Op.LocalResponseNorm _ -> "local response norm";
      case Op.Softmax _ -> "softmax";
      case Op.Concat _ -> "concat";
      case Op.Slice slice -> "slice " + slice.start() + " to " + slice.end();
      case Op.Shuffle shuffle -> "shuffle, groups " + shuffle.groups();
      case Op.Reshape _ -> "reshape";
      case Op.Transpose _ -> "transpose";
      case Op.Pad _ -> "pad";
      case Op.Resize _ -> "resize";
      case Op.Dropout _ -> "dropout";
      case Op.DropPath _ -> "drop path";
    };
  }

  private static String window(Window window) {
    StringBuilder text = new StringBuilder(joined(window.kernel()));
    if (!ones(window.stride())) {
      text.append(" /").append(same(window.stride()));
    }
    if (!ones(window.dilation())) {
      text.append(", dilation ").append(same(window.dilation()));
    }
    return text.toString();
  }

  private static String groups(int groups) {
    return groups == 1 ? "" : ", groups " + groups;
  }

  private static boolean ones(List<Integer> sizes) {
    return sizes.stream().allMatch(size -> size == 1);
  }

  private static String same(List<Integer> sizes) {
    return sizes.stream().distinct().count() == 1 ? sizes.getFirst().toString() : joined(sizes);
  }

  private static String joined(List<Integer> sizes) {
    return String.join("x", sizes.stream().map(String::valueOf).toList());
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
