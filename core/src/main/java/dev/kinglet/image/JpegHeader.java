package dev.kinglet.image;

final class JpegHeader {
  private JpegHeader() {}

  static PictureHeader header(Source source) {
    throw source.unsupported("JPEG is not decoded yet");
  }
}
