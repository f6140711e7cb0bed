/** Training with LibTorch: pictures and hyperspectral cubes in, a run folder and a model out. */
@SuppressWarnings("requires-automatic")
module dev.kinglet.train {
  requires transitive dev.kinglet.core;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.pytorch;

  exports dev.kinglet.train;
}
