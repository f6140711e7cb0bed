package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Settings under a name: those that papers and official code published, and four of our own.
 *
 * <p>A learning rate belongs to {@code lr_batch} samples a step and is scaled in proportion to the
 * batch that is used (Goyal et al. 2017). Where a source is silent, the settings of ImageNet
 * training in torchvision stand in: random resized crop and flip.
 *
 * @param name as {@code --recipe} gives it
 * @param source where the numbers come from
 * @param values what it changes
 */
public record TrainingRecipe(String name, String source, Map<String, String> values) {
  /** What holds where neither the user nor a recipe says otherwise. */
  static final Map<String, String> BASE =
      of(
          "epochs=30 batch=64 lr=0.1 lr_batch=256 optimizer=nesterov momentum=0.9 schedule=cosine"
              + " warmup=0 warmup_start=0.1 decay=4e-5 decay_norms=false smoothing=0 ema=0"
              + " norm_momentum=0 clip=0 dropout=-1 drop_path=-1 crop=resized:0.08 flip=true"
              + " jitter=0 policy=none erasing=0 mixup=0 cutmix=0");

  private static final List<TrainingRecipe> ALL =
      List.of(
          new TrainingRecipe(
              "mobilenet_v2",
              "Sandler et al. 2018, §6.1",
              of(
                  "optimizer=rmsprop_tf momentum=0.9 lr=0.045 lr_batch=96"
                      + " schedule=exponential:1:0.98 decay=4e-5 epochs=300 batch=96")),
          new TrainingRecipe(
              "mobilenet_v2_torchvision",
              "torchvision, MobileNet_V2 IMAGENET1K_V1",
              of(
                  "optimizer=sgd lr=0.045 lr_batch=256 schedule=step:1:0.98 decay=4e-5"
                      + " decay_norms=true epochs=300 batch=256")),
          new TrainingRecipe(
              "torchvision_new",
              "torchvision, IMAGENET1K_V2 of the light networks",
              of(
                  "optimizer=sgd lr=0.5 lr_batch=1024 schedule=cosine warmup=5 warmup_start=0.01"
                      + " decay=2e-5 smoothing=0.1 ema=0.9999 policy=trivial erasing=0.1 mixup=0.2"
                      + " cutmix=1 epochs=600 batch=128")),
          new TrainingRecipe(
              "mobilenet_v3_torchvision",
              "torchvision, MobileNet_V3 IMAGENET1K_V1",
              of(
                  "optimizer=rmsprop lr=0.064 lr_batch=1024 schedule=step:2:0.973 decay=1e-5"
                      + " decay_norms=true policy=rand:2:9 erasing=0.2 epochs=600 batch=128")),
          new TrainingRecipe(
              "mobilenet_v3",
              "timm, mobilenetv3 by RandAugment",
              of(
                  "optimizer=rmsprop_tf lr=0.064 lr_batch=1024 schedule=step:2.4:0.973 decay=1e-5"
                      + " ema=0.9999 policy=rand:2:9 erasing=0.2 dropout=0.2 drop_path=0.2"
                      + " epochs=600 batch=128")),
          new TrainingRecipe(
              "shufflenet_v2",
              "Zhang et al. 2018 and Ma et al. 2018; Megvii's code",
              of(
                  "optimizer=sgd lr=0.5 lr_batch=1024 schedule=linear decay=4e-5 smoothing=0.1"
                      + " jitter=0.4 epochs=240 batch=128")),
          new TrainingRecipe(
              "ghostnet",
              "the reproduction by d-li14, 73.636 %",
              of(
                  "optimizer=sgd lr=0.4 lr_batch=1024 schedule=cosine warmup=5 warmup_start=0.25"
                      + " decay=4e-5 smoothing=0.1 dropout=0.2 epochs=240 batch=128")),
          new TrainingRecipe(
              "ghostnet_v2",
              "Tang et al. 2022, official code",
              of(
                  "optimizer=rmsprop_tf lr=0.064 lr_batch=1024 schedule=step:2.4:0.973 decay=1e-5"
                      + " ema=0.9999 policy=rand:2:9 erasing=0.2 dropout=0.2 epochs=450"
                      + " batch=128")),
          new TrainingRecipe(
              "senet",
              "Hu et al. 2018, §6.1",
              of(
                  "optimizer=sgd lr=0.6 lr_batch=1024 schedule=step:30:0.1 decay=1e-4"
                      + " decay_norms=true epochs=100 batch=128")),
          new TrainingRecipe(
              "cbam",
              "Woo et al. 2018, official code",
              of(
                  "optimizer=sgd lr=0.1 lr_batch=256 schedule=step:30:0.1 decay=1e-4"
                      + " decay_norms=true epochs=100 batch=128")),
          new TrainingRecipe(
              "efficientnet_lite",
              "tensorflow/tpu, EfficientNet-Lite",
              of(
                  "optimizer=rmsprop_tf lr=0.016 lr_batch=256 schedule=step:2.4:0.97 warmup=5"
                      + " warmup_start=0.01 decay=1e-5 smoothing=0.1 ema=0.9999 drop_path=0.2"
                      + " epochs=350 batch=128")),
          new TrainingRecipe(
              "hybridsn",
              "Roy et al. 2020",
              of(
                  "optimizer=adam lr=1e-3 lr_batch=0 schedule=constant decay=0 dropout=0.4"
                      + " epochs=100 batch=256")),
          new TrainingRecipe(
              "small",
              "ours, for pictures of some 32 pixels",
              of(
                  "optimizer=nesterov lr=0.1 lr_batch=128 schedule=triangle:0.2 decay=5e-4"
                      + " smoothing=0.1 ema=0.995 norm_momentum=0.1 crop=padded:4 epochs=30"
                      + " batch=128")),
          new TrainingRecipe(
              "finetune",
              "ours, from weights that know pictures already",
              of(
                  "optimizer=nesterov lr=0.01 lr_batch=64 schedule=cosine warmup=1 decay=1e-4"
                      + " smoothing=0.1 norm_momentum=0.1 crop=resized:0.35 epochs=20 batch=32")),
          new TrainingRecipe(
              "scratch",
              "ours, for larger pictures",
              of(
                  "optimizer=nesterov lr=0.1 lr_batch=256 schedule=cosine warmup=3 decay=4e-5"
                      + " smoothing=0.1 norm_momentum=0.1 crop=resized:0.25 epochs=60"
                      + " batch=64")),
          new TrainingRecipe(
              "cube",
              "ours, for hyperspectral cubes",
              of(
                  "optimizer=adam lr=1e-3 lr_batch=0 schedule=onecycle:0.1 decay=0 epochs=40"
                      + " batch=32")));

  private static Map<String, String> of(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : text.split(" ")) {
      String[] parts = pair.split("=", 2);
      values.put(parts[0], parts[1]);
    }
    return Collections.unmodifiableMap(values);
  }

  /** Every recipe. */
  public static List<TrainingRecipe> all() {
    return ALL;
  }

  /**
   * The recipe of this name.
   *
   * @throws InvalidInputException if there is none; lists the names
   */
  public static TrainingRecipe named(String name) {
    return ALL.stream()
        .filter(recipe -> recipe.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "There is no training recipe '"
                        + name
                        + "'; there are "
                        + ALL.stream().map(TrainingRecipe::name).collect(Collectors.joining(", "))
                        + "."));
  }
}
