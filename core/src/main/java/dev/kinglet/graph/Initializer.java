package dev.kinglet.graph;

/** How a parameter begins before any training. */
public enum Initializer {
  /** All zeros: biases, running means, counters. */
  ZEROS,
  /** All ones: the scale and the running variance of a batch norm. */
  ONES,
  /**
   * Normal with variance {@code 2 / fan_out}, as torchvision's light networks begin (He et al.
   * 2015).
   */
  KAIMING_NORMAL_FAN_OUT,
  /** Normal with standard deviation 0.01, as torchvision's classifiers begin. */
  NORMAL_001,
  /** A quarter everywhere: the slope of a parametric ReLU (He et al. 2015, §2.1). */
  QUARTER
}
