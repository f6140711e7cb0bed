package dev.kinglet.engine;

/** What runs a network. */
public enum Backend {
  /** Machine code where this computer takes it, else plain Java with one logged sentence why. */
  AUTO,
  /** The processor's own code, made for each layer's exact shape; x86-64 with AVX2 or AVX-512. */
  X64,
  /** Plain Java: runs everywhere, needs no native access. */
  JAVA
}
