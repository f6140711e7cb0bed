/**
 * Pictures: decoders that agree with Pillow bit for bit, Pillow's resize, and the named recipes
 * that turn a picture into a network's input.
 *
 * <p>Nothing here loads AWT or ImageIO. Every decoder ends in a picture or in a {@link
 * dev.kinglet.image.PictureException}, whatever bytes it is given, and takes no more memory than
 * the size in the picture's header justifies.
 */
package dev.kinglet.image;
