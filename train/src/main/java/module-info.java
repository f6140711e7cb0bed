/** Training with LibTorch: pictures and hyperspectral cubes in, a run folder and a model out. */
@SuppressWarnings("requires-automatic")
module dev.kinglet.train {
  requires transitive dev.kinglet.core;
  requires transitive dev.kinglet.formats;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;
  requires org.bytedeco.pytorch;
  requires tools.jackson.databind;
  requires java.desktop;

  exports dev.kinglet.data;
  exports dev.kinglet.train;

  provides java.util.spi.ToolProvider with
      dev.kinglet.train.TrainingProgram;
}
