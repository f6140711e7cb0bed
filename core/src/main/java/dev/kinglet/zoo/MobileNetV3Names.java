package dev.kinglet.zoo;

import java.util.List;

/**
 * The paths of one block of MobileNetV3: part 0 widens, part 1 is depthwise, part 2 narrows.
 *
 * <p>torchvision counts what a block has: {@code block.0} is the depthwise convolution of a block
 * that does not widen, and a gate takes a number before the last convolution. timm names the parts.
 *
 * @param path of the block
 * @param torchvision whose names
 * @param expands whether there is a part 0
 * @param gated whether there is a squeeze-excite before part 2
 */
record MobileNetV3Names(String path, boolean torchvision, boolean expands, boolean gated) {
  String conv(int part) {
    if (torchvision) {
      return module(part) + ".0";
    }
    return path + List.of(".conv_pw", ".conv_dw", expands ? ".conv_pwl" : ".conv_pw").get(part);
  }

  String norm(int part) {
    return torchvision ? module(part) + ".1" : path + ".bn" + (part + (expands ? 1 : 0));
  }

  String gate() {
    return torchvision ? path + ".block." + (expands ? 2 : 1) : path + ".se";
  }

  /** The reducing and the expanding convolution of the gate. */
  String[] gateConvs() {
    return torchvision ? new String[] {"fc1", "fc2"} : new String[] {"conv_reduce", "conv_expand"};
  }

  private String module(int part) {
    int number = part - (expands ? 0 : 1) + (part == 2 && gated ? 1 : 0);
    return path + ".block." + number;
  }
}
