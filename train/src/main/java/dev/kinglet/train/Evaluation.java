package dev.kinglet.train;

import dev.kinglet.data.Confusion;
import dev.kinglet.data.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What a network answers to samples that it did not learn.
 *
 * @param loss the mean cross entropy
 * @param confusion of classes
 * @param worst the samples whose true class was given the least probability, worst first
 */
record Evaluation(double loss, Confusion confusion, List<Judged> worst) {
  private static final int WORST = 24;

  /** One sample's answer. */
  record Judged(int index, int truth, int answer, double ofTruth, double ofAnswer) {}

  /** Told each sample's most probable class and all logits of its batch's row. */
  @FunctionalInterface
  interface Answer {
    void accept(int index, int answer, float[] logits);
  }

  static void answers(TorchNetwork network, Samples samples, int batch, Answer told) {
    int elements = samples.shape().elements();
    for (int start = 0; start < samples.size(); start += batch) {
      int size = Math.min(batch, samples.size() - start);
      float[] values = new float[size * elements];
      for (int i = 0; i < size; i++) {
        samples.plain(start + i, values, i * elements);
      }
      float[] logits = network.predict(values, size);
      int classes = logits.length / size;
      for (int i = 0; i < size; i++) {
        float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
        int best = 0;
        for (int c = 1; c < classes; c++) {
          best = row[c] > row[best] ? c : best;
        }
        told.accept(start + i, best, row);
      }
    }
  }

  static Evaluation of(TorchNetwork network, Samples samples, int batch) {
    Confusion confusion = new Confusion(samples.classes());
    double[] loss = new double[1];
    List<Judged> judged = new ArrayList<>();
    answers(
        network,
        samples,
        batch,
        (index, answer, logits) -> {
          int truth = samples.label(index);
          confusion.add(truth, answer);
          double sum = 0;
          for (float logit : logits) {
            sum += Math.exp(logit - logits[answer]);
          }
          double log = logits[truth] - logits[answer] - Math.log(sum);
          loss[0] -= log;
          judged.add(new Judged(index, truth, answer, Math.exp(log), 1 / sum));
        });
    judged.sort(Comparator.comparingDouble(Judged::ofTruth));
    return new Evaluation(
        loss[0] / samples.size(),
        confusion,
        List.copyOf(judged.subList(0, Math.min(WORST, judged.size()))));
  }
}
