package dev.kinglet.onnx;

/**
 * The memory that computing ahead may use, so that a short file cannot ask for a long constant: a
 * few times the file's own size.
 */
final class Budget {
  private long left;

  Budget(long file) {
    this.left = 64 * 1024 + 4 * file;
  }

  /** Takes bytes, or refuses the node that asks for them. */
  void take(long bytes) {
    if (bytes < 0 || bytes > left) {
      throw new Unsupported("makes a constant that is larger than the file explains");
    }
    left -= bytes;
  }
}
