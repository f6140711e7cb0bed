package dev.kinglet.train;

import tools.jackson.databind.node.ObjectNode;

/** How far a run is, and the sums of the epoch that it is in. */
final class Progress {
  /** Whole epochs done. */
  int epoch;

  /** Steps done in this epoch. */
  int place;

  /** Steps done in all. */
  long step;

  /** The sum of this epoch's losses, one a step. */
  double loss;

  /** Samples of this epoch whose most probable class was right. */
  long right;

  /** Samples of this epoch. */
  long seen;

  /** The best accuracy on held-out samples, -1 before the first. */
  double best = -1;

  /** The time of all steps. */
  double seconds;

  /** Where a saved run was. */
  static Progress of(ObjectNode state) {
    Progress progress = new Progress();
    progress.epoch = state.get("epoch").asInt();
    progress.place = state.get("place").asInt();
    progress.step = state.get("step").asLong();
    progress.loss = state.get("loss").asDouble();
    progress.right = state.get("right").asLong();
    progress.seen = state.get("seen").asLong();
    progress.best = state.get("best").asDouble();
    progress.seconds = state.get("seconds").asDouble();
    return progress;
  }

  void write(ObjectNode state) {
    state.put("epoch", epoch).put("place", place).put("step", step);
    state.put("loss", loss).put("right", right).put("seen", seen);
    state.put("best", best).put("seconds", seconds);
  }

  void count(double stepLoss, long rightSamples, int samples) {
    loss += stepLoss;
    right += rightSamples;
    seen += samples;
    step++;
    place++;
  }

  void endEpoch() {
    epoch++;
    place = 0;
    loss = 0;
    right = 0;
    seen = 0;
  }
}
