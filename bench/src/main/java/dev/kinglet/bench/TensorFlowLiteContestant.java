package dev.kinglet.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithXNNPACK;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteIntArray;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/**
 * TensorFlow Lite through bytedeco's bindings, with XNNPACK wherever it knows the operator. It runs
 * the file that {@code bench/convert.py} made of the model for this batch.
 */
final class TensorFlowLiteContestant implements Turns.Runtime {
  private TensorFlowLiteContestant() {}

  public static void main(String[] arguments) throws IOException {
    Turns.serve(new TensorFlowLiteContestant());
  }

  @Override
  public String version() {
    return tensorflowlite.TfLiteVersion().getString();
  }

  @Override
  public Turns.Loaded load(Path file, int threads, int batch, int[] input) throws IOException {
    Path converted = Turns.converted(file, "tflite", "." + batch + ".tflite");
    FlatBufferModel model = FlatBufferModel.BuildFromFile(converted.toString());
    InterpreterBuilder builder =
        new InterpreterBuilder(model, new BuiltinOpResolverWithXNNPACK(false));
    Interpreter interpreter = new Interpreter((Pointer) null);
    builder.SetNumThreads(threads);
    good(builder.apply(interpreter), "build " + converted.getFileName());
    good(interpreter.AllocateTensors(), "allocate");
    float[] values = Turns.values(batch, input);
    TfLiteIntArray dims = interpreter.input_tensor(0).dims();
    boolean last = input.length == 3 && dims.data(dims.size() - 1) == input[0];
    values = last ? Turns.channelsLast(values, input) : values;
    interpreter.typed_input_tensor_float(0).put(values, 0, values.length);
    return new Turns.Loaded(
        () -> good(interpreter.Invoke(), "run"),
        () -> {
          good(interpreter.Invoke(), "run");
          int bytes = (int) interpreter.output_tensor(0).bytes();
          float[] first = new float[bytes / Float.BYTES / batch];
          interpreter.typed_output_tensor_float(0).get(first);
          return first;
        });
  }

  private static void good(int status, String what) throws IOException {
    if (status != tensorflowlite.kTfLiteOk) {
      throw new IOException("TensorFlow Lite cannot " + what + " (status " + status + ")");
    }
  }
}
