/**
 * Small vision networks as immutable graphs: defined, counted, run and written to ONNX files
 * without any dependency.
 */
@SuppressWarnings("module") // training is built after the core
module dev.kinglet.core {
  exports dev.kinglet;
  exports dev.kinglet.analysis;
  exports dev.kinglet.engine;
  exports dev.kinglet.engine.x64 to
      dev.kinglet.train;
  exports dev.kinglet.graph;
  exports dev.kinglet.image;
  exports dev.kinglet.onnx;
  exports dev.kinglet.zoo;
}
