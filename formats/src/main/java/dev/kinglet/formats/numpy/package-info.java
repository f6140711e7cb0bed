/** NumPy's arrays ({@code .npy}) and archives of arrays ({@code .npz}). */
package dev.kinglet.formats.numpy;
