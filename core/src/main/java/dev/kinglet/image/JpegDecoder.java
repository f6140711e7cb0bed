package dev.kinglet.image;

final class JpegDecoder {
  void decode(Source source, long limit, Raster raster) {
    throw source.unsupported("JPEG is not decoded yet");
  }
}
