package dev.kinglet.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime's Java API with its default optimisations. */
final class OnnxRuntimeContestant implements Turns.Runtime {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  private OnnxRuntimeContestant() {}

  public static void main(String[] arguments) throws IOException {
    Turns.serve(new OnnxRuntimeContestant());
  }

  @Override
  public String version() {
    return environment.getVersion();
  }

  @Override
  public Turns.Loaded load(Path model, int threads, int batch, int[] input) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    OrtSession session = environment.createSession(model.toString(), options);
    long[] shape = new long[input.length + 1];
    shape[0] = batch;
    for (int axis = 0; axis < input.length; axis++) {
      shape[axis + 1] = input[axis];
    }
    float[] pictures = Turns.values(batch, input);
    FloatBuffer values =
        ByteBuffer.allocateDirect(pictures.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(pictures)
            .flip();
    OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
    Map<String, OnnxTensor> inputs = Map.of(session.getInputNames().iterator().next(), tensor);
    return new Turns.Loaded(
        () -> session.run(inputs).close(),
        () -> {
          try (OrtSession.Result result = session.run(inputs)) {
            FloatBuffer numbers = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] first = new float[numbers.remaining() / batch];
            numbers.get(first);
            return first;
          }
        });
  }
}
