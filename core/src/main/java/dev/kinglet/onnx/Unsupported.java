package dev.kinglet.onnx;

/**
 * A node that cannot be read; the reason completes "node X ...". The importer gathers all of them
 * for one answer.
 */
final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unsupported(String reason) {
    super(reason, null, false, false);
  }
}
