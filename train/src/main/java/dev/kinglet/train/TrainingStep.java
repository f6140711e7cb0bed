package dev.kinglet.train;

import dev.kinglet.data.Batch;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One step of training: a batch forward and back, then the optimiser.
 *
 * <p>Everything that a step makes is freed at its end. Not safe for threads.
 */
public final class TrainingStep {
  private final TorchNetwork network;
  private final Optimizer optimizer;
  private final Precision precision;
  private final double smoothing;
  private final double clip;
  private final Shape sample;

  /**
   * What a step found.
   *
   * @param loss the mean over the batch
   * @param right the samples whose most probable class was theirs
   */
  public record Outcome(double loss, long right) {}

  TrainingStep(
      TorchNetwork network,
      Optimizer optimizer,
      Precision precision,
      double smoothing,
      double clip) {
    this.network = network;
    this.optimizer = optimizer;
    this.precision = precision;
    this.smoothing = smoothing;
    this.clip = clip;
    sample = network.graph().input().shape();
  }

  /** Steps by Nesterov's momentum of 0.9 with a decay of 5e-4 but for norms, in float32. */
  public static TrainingStep nesterov(Graph graph, Weights weights) {
    TorchNetwork network = new TorchNetwork(graph, weights);
    Optimizer optimizer =
        new Optimizer(
            network.learned(),
            Rule.named("nesterov"),
            5e-4,
            name -> network.tensors().get(name).dim() > 1);
    return new TrainingStep(network, optimizer, Precision.FLOAT32, 0, 0);
  }

  /**
   * Learns from a batch.
   *
   * @param rate the learning rate
   * @param seed of dropout
   * @throws InvalidInputException if the loss is no finite number
   */
  public Outcome run(Batch batch, double rate, long seed) {
    torch.manual_seed(seed);
    try (PointerScope _ = new PointerScope()) {
      Tensor input = TorchTensors.of(batch.values(), TorchTensors.batch(batch.size(), sample));
      Tape tape = network.tape();
      Tensor logits = precision.forward(network, input, tape);
      Tensor loss =
          Losses.blended(logits, batch.labels(), batch.others(), batch.share(), smoothing);
      tape.backward(loss);
      if (clip > 0) {
        Optimizer.clip(network.learned(), clip);
      }
      optimizer.step(rate);
      double value = loss.item_double();
      if (!Double.isFinite(value)) {
        throw new InvalidInputException(
            "The loss is no number (learning rate "
                + rate
                + "); choose a lower --lr, a warm-up, or --clip 1.");
      }
      long right =
          logits
              .argmax(new LongOptional(1), false)
              .eq(TorchTensors.of(batch.labels()))
              .sum()
              .item_long();
      return new Outcome(value, right);
    }
  }
}
