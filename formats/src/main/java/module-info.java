/**
 * Weight files of other tools: safetensors, PyTorch checkpoints and NumPy arrays, read without
 * running any of the code that they may carry.
 */
// jHDF has no module descriptor yet, and training is built after this module.
@SuppressWarnings({"requires-automatic", "module"})
module dev.kinglet.formats {
  requires transitive dev.kinglet.core;
  requires io.jhdf;
  requires java.net.http;
  requires tools.jackson.databind;

  exports dev.kinglet.formats;
  exports dev.kinglet.formats.file to
      dev.kinglet.train;
  exports dev.kinglet.formats.keras;
  exports dev.kinglet.formats.numpy;
  exports dev.kinglet.formats.pull;
  exports dev.kinglet.formats.pytorch;
  exports dev.kinglet.formats.safetensors;
}
