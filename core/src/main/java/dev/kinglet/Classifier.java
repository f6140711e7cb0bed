package dev.kinglet;

import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.Picture;
import dev.kinglet.image.PictureReader;
import dev.kinglet.image.Recipe;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Says what a picture shows: decode, prepare, run, rank.
 *
 * <p>Any number of threads may use one classifier; each picture is worked on by the thread that
 * brings it. Nothing needs closing.
 */
public final class Classifier {
  private static final int USUAL = 5;

  private final Model model;
  private final Recipe recipe;
  private final Plan plan;
  private final Ranking ranking;
  private final long pixels;

  /** Memory that no thread works with at the moment; the last one used is the first one taken. */
  private final ArrayDeque<Lane> idle = new ArrayDeque<>();

  /** What one thread needs while it works on a picture. */
  private record Lane(Session session, float[] answer, PictureReader reader) {}

  private Classifier(Model model, Recipe recipe, Plan plan, long pixels) {
    this.model = model;
    this.recipe = recipe;
    this.plan = plan;
    this.pixels = pixels;
    this.ranking = new Ranking(model.graph(), model.labels());
  }

  /**
   * Opens an ONNX file that says how its pictures are prepared.
   *
   * @throws InvalidInputException if it cannot be opened, or does not say so
   */
  public static Classifier open(Path file) {
    return of(Model.open(file));
  }

  /**
   * The classifier that comes with Kinglet: EfficientNet-Lite0, the 1000 classes of ImageNet.
   *
   * @throws InvalidInputException if the {@code models} jar is not on the class path
   */
  public static Classifier bundled() {
    return of(Model.bundled());
  }

  /** A classifier over a model, on the best engine of this computer. */
  public static Classifier of(Model model) {
    return of(model, Options.defaults());
  }

  /**
   * A classifier over a model, on the engine that the options name.
   *
   * @throws InvalidInputException if the model does not say how its pictures are prepared, or its
   *     recipe makes something else than its network takes
   */
  public static Classifier of(Model model, Options options) {
    if (model.recipe().isEmpty()) {
      throw new InvalidInputException(
          model.graph().name() + " does not say how its pictures are prepared; name a recipe.");
    }
    Recipe recipe = model.recipe().get();
    Shape input = model.graph().input().shape();
    if (!recipe.output().equals(input)) {
      throw new InvalidInputException(
          "The recipe "
              + recipe.name()
              + " makes "
              + recipe.output()
              + ", but "
              + model.graph().name()
              + " takes "
              + input
              + "; name a recipe that fits.");
    }
    return new Classifier(model, recipe, model.compile(options), PictureReader.DEFAULT_LIMIT);
  }

  /**
   * This classifier with another limit of pixels (width times height); it refuses larger pictures
   * by their header. Without a choice, {@link PictureReader#DEFAULT_LIMIT}.
   */
  public Classifier withPixelLimit(long limit) {
    return new Classifier(model, recipe, plan, limit);
  }

  /** What it classifies with. */
  public Model model() {
    return model;
  }

  /** How it runs. */
  public Plan plan() {
    return plan;
  }

  /**
   * The five likeliest classes of a JPEG, PNG, PNM or BMP file, the likeliest first.
   *
   * @throws dev.kinglet.image.PictureException if the file cannot be read as such a picture
   */
  public List<Prediction> classify(Path picture) {
    return classify(picture, USUAL);
  }

  /** The {@code top} likeliest classes of a file. */
  public List<Prediction> classify(Path picture, int top) {
    Lane lane = take();
    try {
      lane.reader().prepare(picture, recipe, lane.session().input(), 0);
      return answer(lane, top);
    } finally {
      giveBack(lane);
    }
  }

  /** The five likeliest classes of a file's bytes; errors call it {@code the picture}. */
  public List<Prediction> classify(byte[] picture) {
    return classify(picture, "the picture", USUAL);
  }

  /** The {@code top} likeliest classes of a file's bytes; errors give it this name. */
  public List<Prediction> classify(byte[] picture, String name, int top) {
    Lane lane = take();
    try {
      lane.reader().prepare(picture, name, recipe, lane.session().input(), 0);
      return answer(lane, top);
    } finally {
      giveBack(lane);
    }
  }

  /** The five likeliest classes of pixels. */
  public List<Prediction> classify(Picture picture) {
    return classify(picture, USUAL);
  }

  /** The {@code top} likeliest classes of pixels. */
  public List<Prediction> classify(Picture picture, int top) {
    Lane lane = take();
    try {
      lane.reader().prepare(picture, recipe, lane.session().input(), 0);
      return answer(lane, top);
    } finally {
      giveBack(lane);
    }
  }

  private List<Prediction> answer(Lane lane, int top) {
    lane.session().run(1);
    // As a segment: a segment's first access by index, or copy to an array, costs a new process
    // a millisecond or more.
    float[] answer = lane.answer();
    MemorySegment all = MemorySegment.ofArray(answer);
    MemorySegment.copy(lane.session().output(), 0, all, 0, all.byteSize());
    return ranking.best(answer, top);
  }

  private Lane take() {
    Lane free;
    synchronized (idle) {
      free = idle.poll();
    }
    if (free != null) {
      return free;
    }
    float[] answer = new float[model.graph().output().shape().elements()];
    return new Lane(plan.session(), answer, new PictureReader(pixels));
  }

  private void giveBack(Lane lane) {
    synchronized (idle) {
      idle.push(lane);
    }
  }
}
