package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.engine.Session;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs a network on an array. */
final class RunCommand implements Command {
  private static final Option WEIGHTS =
      Option.value("--weights", "FILE", "the variant's weights; an .onnx file has its own");
  private static final Option INPUT =
      Option.value("--input", "IN.npy", "samples, the batch first: N x C x H x W").needed();
  private static final Option OUTPUT =
      Option.value("--output", "OUT.npy", "where the answers go: N x classes").needed();
  private static final int SAMPLES_AT_ONCE = 16;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "run",
        "Runs a network on a NumPy array.",
        Operands.one("MODEL"),
        List.of(
            WEIGHTS,
            INPUT,
            OUTPUT,
            VariantOptions.CLASSES,
            VariantOptions.SET,
            EngineOptions.ENGINE,
            EngineOptions.ISA,
            EngineOptions.THREADS),
        List.of(
            "MODEL is a name of kinglet list, or an .onnx file. A variant is built for the array's"
                + " shape; the answers are float32."),
        List.of(
            "kinglet run mobilenet_v2_100 --weights mobilenet_v2.pth --input x.npy --output y.npy",
            "kinglet run my-network.onnx --input x.npy --output y.npy --engine java"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    Path in = arguments.neededPath(INPUT);
    Path out = arguments.neededPath(OUTPUT);
    Models.requireFile(in);
    Models.requireWritable(out);
    Tensor samples = NumpyFiles.read(in);
    Shape sample = sample(samples.shape(), in);
    Model model = model(arguments, sample);
    float[] answers = answers(model, arguments, samples.toFloats(), samples.shape().size(0));
    Shape answer = model.graph().output().shape().prepend(samples.shape().size(0));
    NumpyFiles.write(out, Tensor.of(answer, answers));
    return 0;
  }

  /** The shape of one sample of a batch. */
  private static Shape sample(Shape batch, Path in) {
    if (batch.rank() < 2 || batch.elements() == 0) {
      throw new InvalidInputException(
          "'"
              + in
              + "' holds "
              + batch
              + ", which is no batch of samples; its shape is to be N x C x H x W.");
    }
    int[] sizes = batch.toArray();
    return Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  private static Model model(Arguments arguments, Shape sample) {
    String word = arguments.operand();
    if (!Models.isFile(word)) {
      if (!arguments.has(WEIGHTS)) {
        throw new UsageException("a variant needs --weights FILE", "run");
      }
      return Models.variant(
          word,
          VariantOptions.settings(arguments, Optional.of(sample)),
          arguments.neededPath(WEIGHTS));
    }
    if (arguments.has(WEIGHTS)) {
      throw new UsageException("--weights belong to a variant; " + word + " has its own", "run");
    }
    VariantOptions.refuse(arguments, word, "run");
    return Models.open(word, Optional.of(sample));
  }

  private static float[] answers(Model model, Arguments arguments, float[] samples, int count) {
    Session session =
        model.compile(EngineOptions.engine(arguments)).session(Math.min(count, SAMPLES_AT_ONCE));
    int each = model.graph().input().shape().elements();
    int answer = model.graph().output().shape().elements();
    float[] answers = new float[Math.multiplyExact(count, answer)];
    for (int done = 0; done < count; done += session.maxBatch()) {
      int batch = Math.min(session.maxBatch(), count - done);
      MemorySegment.copy(
          samples, done * each, session.input(), ValueLayout.JAVA_FLOAT, 0, batch * each);
      session.run(batch);
      MemorySegment.copy(
          session.output(), ValueLayout.JAVA_FLOAT, 0, answers, done * answer, batch * answer);
    }
    return answers;
  }
}
