package dev.kinglet.data;

import dev.kinglet.graph.Shape;
import java.util.List;
import java.util.SplittableRandom;

/** Labelled samples of one shape, in a fixed order. Safe for threads. */
public interface Samples {
  /** The shape of one sample. */
  Shape shape();

  /** How many there are. */
  int size();

  /** What the labels stand for. */
  List<String> classes();

  /** The class of one sample. */
  int label(int index);

  /** Where one sample comes from, for people. */
  String name(int index);

  /** Writes one sample as evaluation sees it. */
  void plain(int index, float[] target, int offset);

  /** Writes one sample as training sees it; every choice comes from the random numbers given. */
  void augmented(int index, SplittableRandom random, float[] target, int offset);
}
