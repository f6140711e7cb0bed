package dev.kinglet.engine.x64;

/**
 * Failures that tests ask for by a system property, read afresh each time: {@code other-processor},
 * {@code other-system}, {@code no-native-access}, {@code no-memory}, {@code no-executable-memory},
 * {@code no-vectors}, {@code self-test}.
 */
final class Hooks {
  static final String PROPERTY = "kinglet.engine.fail";

  private Hooks() {}

  static boolean is(String failure) {
    return failure.equals(System.getProperty(PROPERTY));
  }
}
