package dev.kinglet.bench;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * DJL with its PyTorch engine on the whole road, as its examples put it together: its own picture
 * factory and transforms, a predictor a thread.
 */
final class DjlRoadContestant {
  private DjlRoadContestant() {}

  /** {@code MODEL.pt THREADS FILE...}, see {@link RoadTurns}; the model is TorchScript. */
  public static void main(String[] arguments) throws Exception {
    boolean halves = arguments[0].contains("lite0");
    float[] mean = halves ? new float[] {.5f, .5f, .5f} : new float[] {.485f, .456f, .406f};
    float[] deviation = halves ? new float[] {.5f, .5f, .5f} : new float[] {.229f, .224f, .225f};
    List<String> classes = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
    ImageClassificationTranslator translator =
        ImageClassificationTranslator.builder()
            .addTransform(
                new Resize(
                    256, 256, halves ? Image.Interpolation.BICUBIC : Image.Interpolation.BILINEAR))
            .addTransform(new CenterCrop(224, 224))
            .addTransform(new ToTensor())
            .addTransform(new Normalize(mean, deviation))
            .optSynset(classes)
            .optTopK(5)
            .optApplySoftmax(true)
            .build();
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optModelPath(Path.of(arguments[0]))
            .optEngine("PyTorch")
            .optTranslator(translator)
            .build();
    ZooModel<Image, Classifications> model = criteria.loadModel();
    RoadTurns.serve(
        arguments,
        thread -> {
          Predictor<Image, Classifications> predictor = model.newPredictor();
          return picture -> {
            Image image = ImageFactory.getInstance().fromFile(picture);
            return Integer.parseInt(predictor.predict(image).topK(5).getFirst().getClassName());
          };
        });
  }
}
