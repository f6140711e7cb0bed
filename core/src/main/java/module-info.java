/**
 * Small vision networks as immutable graphs: defined, counted, run and written to ONNX files
 * without any dependency.
 */
module dev.kinglet.core {
  exports dev.kinglet;
  exports dev.kinglet.analysis;
  exports dev.kinglet.engine;
  exports dev.kinglet.graph;
  exports dev.kinglet.image;
  exports dev.kinglet.onnx;
  exports dev.kinglet.zoo;
}
