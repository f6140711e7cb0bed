package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Steps as one line each, for {@code kinglet summary --lowered}. */
final class Describe {
  private Describe() {}

  static String step(Step step) {
    String what =
        switch (step) {
          case Step.Convolution s ->
              (s.depthwise() ? "depthwise " : "convolution ")
                  + window(s.window())
                  + (s.groups() > 1 && !s.depthwise() ? " groups " + s.groups() : "")
                  + " "
                  + s.input();
          case Step.Transposed s ->
              "transposed "
                  + window(s.window())
                  + (s.groups() > 1 ? " groups " + s.groups() : "")
                  + " "
                  + s.input();
          case Step.Linear s -> "linear " + s.input();
          case Step.Affine s -> "affine " + s.input();
          case Step.Binary s -> lower(s.kind()) + " " + s.left() + ", " + s.right();
          case Step.Activate s -> activation(s.activation()) + " " + s.input();
          case Step.PRelu s -> "prelu " + s.input();
          case Step.Pool s -> lower(s.kind()) + " pool " + window(s.window()) + " " + s.input();
          case Step.GlobalPool s -> "global " + lower(s.kind()) + " pool " + s.input();
          case Step.SqueezeExcite s ->
              "squeeze-excite "
                  + s.squeeze().outputs()
                  + s.inner().map(f -> " | " + activation(f)).orElse("")
                  + ", "
                  + s.expand().outputs()
                  + s.outer().map(f -> " | " + activation(f)).orElse("")
                  + " of "
                  + s.input();
          case Step.Reduce s -> lower(s.kind()) + " over axes " + s.axes() + " of " + s.input();
          case Step.Normalise s -> "local response norm " + s.norm().size() + " " + s.input();
          case Step.Softmax s -> "softmax along " + s.axis() + " of " + s.input();
          case Step.Copy s -> "copy " + s.input();
          case Step.Concat s -> "concat along " + s.axis() + " of " + s.parts();
          case Step.Slice s ->
              "slice along "
                  + s.axis()
                  + " from "
                  + s.start()
                  + " by "
                  + s.step()
                  + " of "
                  + s.input();
          case Step.Transpose s -> "transpose " + s.order() + " " + s.input();
          case Step.Pad s ->
              "pad "
                  + lower(s.pad().mode())
                  + " "
                  + s.pad().before()
                  + " "
                  + s.pad().after()
                  + " "
                  + s.input();
          case Step.Resize s -> "resize " + lower(s.resize().interpolation()) + " " + s.input();
        };
    return step.output()
        + " "
        + step.output().shape()
        + " = "
        + what
        + step.tail()
        + "   "
        + step.name();
  }

  static String activation(Op.Activation activation) {
    boolean usual = activation.equals(new Op.Activation(activation.function()));
    return lower(activation.function())
        + (usual ? "" : "(" + activation.alpha() + ", " + activation.beta() + ")");
  }

  private static String window(Window window) {
    StringBuilder text = new StringBuilder(joined(window.kernel()));
    if (window.stride().stream().anyMatch(s -> s != 1)) {
      text.append('/').append(joined(window.stride()));
    }
    if (window.before().stream().anyMatch(p -> p != 0)
        || window.after().stream().anyMatch(p -> p != 0)) {
      text.append(" pad ").append(joined(window.before()));
      if (!window.before().equals(window.after())) {
        text.append("..").append(joined(window.after()));
      }
    }
    if (window.dilation().stream().anyMatch(d -> d != 1)) {
      text.append(" dilated ").append(joined(window.dilation()));
    }
    return text.toString();
  }

  private static String joined(List<Integer> sizes) {
    return sizes.stream().distinct().count() == 1
        ? sizes.getFirst().toString()
        : sizes.stream().map(Object::toString).collect(Collectors.joining("x"));
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
