/**
 * PyTorch's checkpoints, read by a machine for pickles that can build tensors and plain containers
 * and nothing else.
 */
package dev.kinglet.formats.pytorch;
