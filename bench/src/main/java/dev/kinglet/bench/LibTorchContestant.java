package dev.kinglet.bench;

import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import dev.kinglet.train.LibTorch;
import dev.kinglet.train.TorchNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * LibTorch through bytedeco's bindings, in the fastest of its forms for this network: operator by
 * operator with channels last, or the frozen scripts that {@code bench/convert.py} made, in either
 * layout.
 */
final class LibTorchContestant implements Turns.Runtime {
  /** One arena that keeps its memory, as for training: LibTorch is faster so. */
  static final List<String> MALLOC =
      List.of(
          "MALLOC_ARENA_MAX=1",
          "MALLOC_MMAP_THRESHOLD_=4000000000",
          "MALLOC_TRIM_THRESHOLD_=16000000000",
          "MALLOC_TOP_PAD_=268435456");

  private String version = "";

  private LibTorchContestant() {}

  public static void main(String[] arguments) throws IOException {
    Turns.serve(new LibTorchContestant());
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Turns.Loaded load(Path file, int threads, int batch, int[] input) throws Exception {
    LibTorch.load();
    LibTorch.threads(threads);
    Map<String, Turns.Loaded> forms = new LinkedHashMap<>();
    OnnxModel model = OnnxReader.read(file);
    float[] values = Turns.values(batch, input);
    TorchNetwork network = new TorchNetwork(model.graph(), model.weights());
    Runnable operators = network.repeatedly(values, batch);
    Turns.Answer answer = () -> Turns.first(network.predict(values, batch), batch);
    forms.put("operators", new Turns.Loaded(operators::run, answer));
    for (boolean last : new boolean[] {false, true}) {
      Path script = Turns.beside(file, last ? ".last.pt" : ".pt");
      if (Files.exists(script)) {
        forms.put(last ? "script channels last" : "script", script(script, values, batch, input));
      }
    }
    String best = "operators";
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<String, Turns.Loaded> entry : forms.entrySet()) {
      Turns.measure(entry.getValue().call(), 0.2);
      double time = Turns.measure(entry.getValue().call(), 0.2);
      if (time < least) {
        least = time;
        best = entry.getKey();
      }
    }
    version = Loader.getVersion("org.bytedeco", "pytorch") + " " + best;
    return forms.get(best);
  }

  private static Turns.Loaded script(Path file, float[] values, int batch, int[] input) {
    JitModule module = torch.load(file.toString());
    module.eval();
    long[] sizes = new long[input.length + 1];
    sizes[0] = batch;
    for (int axis = 0; axis < input.length; axis++) {
      sizes[axis + 1] = input[axis];
    }
    Tensor data =
        torch.empty(sizes, new TensorOptions(ScalarType.Float), new MemoryFormatOptional());
    data.data_ptr_float().put(values, 0, values.length);
    if (file.toString().endsWith(".last.pt")) {
      data = data.contiguous(MemoryFormat.ChannelsLast);
    }
    IValueVector arguments = new IValueVector(new IValue(data));
    return new Turns.Loaded(
        () -> {
          try (PointerScope _ = new PointerScope();
              InferenceMode _ = new InferenceMode()) {
            module.forward(arguments).toTensor();
          }
        },
        () -> {
          try (PointerScope _ = new PointerScope();
              InferenceMode _ = new InferenceMode()) {
            Tensor numbers = module.forward(arguments).toTensor().contiguous();
            float[] all = new float[(int) numbers.numel()];
            numbers.data_ptr_float().get(all);
            return Turns.first(all, batch);
          }
        });
  }
}
