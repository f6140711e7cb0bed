package dev.kinglet.engine.x64;

/**
 * What tests change by system properties, read afresh each time. Failures: {@code other-processor},
 * {@code other-system}, {@code no-native-access}, {@code no-memory}, {@code no-executable-memory},
 * {@code no-vectors}, {@code self-test}, {@code no-threads} (after the first).
 */
final class Hooks {
  static final String PROPERTY = "kinglet.engine.fail";

  private Hooks() {}

  /** The bytes from which on a value is made band by band; tests make it small. */
  static long large() {
    return Long.getLong("kinglet.engine.large", 1_000_000);
  }

  /** The bytes that a band's buffers may take; tests make them small. */
  static long band() {
    return Long.getLong("kinglet.engine.band", 400_000);
  }

  /** The bytes of transformed weights that may lie in the second cache beside a band. */
  static long weights() {
    return Long.getLong("kinglet.engine.weights", 700_000);
  }

  /** The tile that every convolution which can be tiled gets, 0 for none; null for an estimate. */
  static Integer tile() {
    return Integer.getInteger("kinglet.engine.tile");
  }

  /**
   * Whether two terms of a product may share a multiplication; null for what pays on this
   * processor. This one is for users too: docs/engine.md says what it is good for.
   */
  static Boolean pairs() {
    String wish = System.getProperty("kinglet.engine.pairs");
    return wish == null ? null : Boolean.valueOf(wish);
  }

  /** Whether products are made by {@link Strassen} where they can be; null for where it pays. */
  static Boolean strassen() {
    String wish = System.getProperty("kinglet.engine.strassen");
    return wish == null ? null : Boolean.valueOf(wish);
  }

  static boolean is(String failure) {
    return failure.equals(System.getProperty(PROPERTY));
  }
}
