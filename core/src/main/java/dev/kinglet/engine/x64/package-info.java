/**
 * The engine that writes machine code: an encoder, kernels specialised to each layer's shape, and
 * the memory that they run in. Hidden; {@code dev.kinglet.engine} chooses it where it can run.
 */
package dev.kinglet.engine.x64;
