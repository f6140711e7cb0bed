package dev.kinglet.engine;

/** The vector instructions that machine code is made of. */
public enum Isa {
  /** 16 registers of 8 floats, with FMA. */
  AVX2,
  /** 32 registers of 16 floats. */
  AVX512
}
