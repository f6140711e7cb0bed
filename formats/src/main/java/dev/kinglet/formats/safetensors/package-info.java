/** Hugging Face's {@code .safetensors}: a JSON header and raw tensors behind it. */
package dev.kinglet.formats.safetensors;
