package dev.kinglet.zoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Official weights by variant, the first of each the one to take.
 *
 * <p>Addresses are those that the publishers' own code names. Megvii's ShuffleNets, the authors'
 * SENets and CBAM-ResNets lie on cloud drives without plain addresses and are not listed; their
 * files fit the dialects {@code megvii} and {@code legacy}, and CBAM's as it is.
 */
final class Checkpoints {
  private static final String BSD = "BSD-3-Clause";
  private static final String APACHE = "Apache-2.0";
  private static final Map<String, String> PRESET = Map.of();
  private static final Map<String, String> TIMM = Map.of("dialect", "timm");
  private static final Map<String, String> TF = Map.of("dialect", "tf");
  private static final Map<String, String> LEGACY = Map.of("dialect", "legacy");

  /** Hexadecimal digits at the end of a file's name, as torch.hub checks them. */
  private static final Pattern HASH = Pattern.compile("-([0-9a-f]{8,64})\\.");

  private static final Map<String, List<Checkpoint>> BY_VARIANT = new LinkedHashMap<>();

  private Checkpoints() {}

  static List<Checkpoint> of(String variant) {
    return List.copyOf(BY_VARIANT.getOrDefault(variant, List.of()));
  }

  /** Who publishes files, where, and under which licence. */
  private record Host(String name, String folder, String licence) {
    void has(String variant, String file, Map<String, String> options, String recipe, double top1) {
      Matcher hash = HASH.matcher(file);
      add(
          variant,
          new Checkpoint(
              file,
              name,
              Optional.of(folder + file),
              hash.find() ? Optional.of(hash.group(1)) : Optional.empty(),
              options,
              recipe,
              "imagenet",
              licence,
              OptionalDouble.of(top1)));
    }
  }

  private static void add(String variant, Checkpoint checkpoint) {
    BY_VARIANT.computeIfAbsent(variant, _ -> new ArrayList<>()).add(checkpoint);
  }

  static {
    torchvision();
    timm();
    authors();
  }

  private static void torchvision() {
    Host torchvision = new Host("torchvision", "https://download.pytorch.org/models/", BSD);
    torchvision("mobilenet_v2_100", "mobilenet_v2-7ebf99e0", 2, 72.154, torchvision);
    torchvision("mobilenet_v2_100", "mobilenet_v2-b0353104", 1, 71.878, torchvision);
    torchvision("mobilenet_v3_large_100", "mobilenet_v3_large-5c1a4163", 2, 75.274, torchvision);
    torchvision("mobilenet_v3_large_100", "mobilenet_v3_large-8738ca79", 1, 74.042, torchvision);
    torchvision("mobilenet_v3_small_100", "mobilenet_v3_small-047dcff4", 1, 67.668, torchvision);
    torchvision("shufflenet_v2_x0_5", "shufflenetv2_x0.5-f707e7126e", 1, 60.552, torchvision);
    torchvision("shufflenet_v2_x1_0", "shufflenetv2_x1-5666bf0f80", 1, 69.362, torchvision);
    torchvision("shufflenet_v2_x1_5", "shufflenetv2_x1_5-3c479a10", 2, 72.996, torchvision);
    torchvision("shufflenet_v2_x2_0", "shufflenetv2_x2_0-8be3c8ee", 2, 76.230, torchvision);
    torchvision("resnet18", "resnet18-f37072fd", 1, 69.758, torchvision);
    torchvision("resnet34", "resnet34-b627a593", 1, 73.314, torchvision);
    torchvision("resnet50", "resnet50-11ad3fa6", 2, 80.858, torchvision);
    torchvision("resnet50", "resnet50-0676ba61", 1, 76.130, torchvision);
  }

  private static void torchvision(
      String variant, String file, int recipe, double top1, Host torchvision) {
    torchvision.has(variant, file + ".pth", PRESET, "torchvision_v" + recipe, top1);
  }

  private static void timm() {
    String releases = "https://github.com/huggingface/pytorch-image-models/releases/download/";
    Host timm = new Host("timm", releases + "v0.1-weights/", APACHE);
    timm.has("mobilenet_v2_050", "mobilenetv2_050-3d30d450.pth", TIMM, "timm_bicubic", 65.928);
    timm.has("mobilenet_v2_100", "mobilenetv2_100_ra-b33bc2c4.pth", TIMM, "timm_bicubic", 72.910);
    timm.has("mobilenet_v2_140", "mobilenetv2_140_ra-21a4e913.pth", TIMM, "timm_bicubic", 76.528);
    String half = "timm_bilinear_half";
    String large = "tf_mobilenetv3_large_";
    timm.has("mobilenet_v3_large_075", large + "075-150ee8b0.pth", TF, half, 73.442);
    timm.has("mobilenet_v3_large_100", large + "100-427764d5.pth", TF, half, 75.510);
    timm.has(
        "mobilenet_v3_large_100",
        "mobilenetv3_large_100_ra-f55367f5.pth",
        TIMM,
        "timm_bicubic",
        75.784);
    timm.has(
        "mobilenet_v3_large_minimalistic_100",
        large + "minimal_100-8596ae28.pth",
        TF,
        half,
        72.270);
    String small = "mobilenetv3_small_";
    timm.has(
        "mobilenet_v3_small_075", small + "075_lambc-384766db.pth", TIMM, "timm_bicubic", 65.284);
    timm.has("mobilenet_v3_small_075", "tf_" + small + "075-da427f52.pth", TF, half, 65.706);
    timm.has(
        "mobilenet_v3_small_100", small + "100_lamb-266a294c.pth", TIMM, "timm_bicubic", 67.636);
    timm.has("mobilenet_v3_small_100", "tf_" + small + "100-37f49e2b.pth", TF, half, 67.922);
    timm.has(
        "mobilenet_v3_small_minimalistic_100",
        "tf_" + small + "minimal_100-922a7843.pth",
        TF,
        half,
        62.892);
    lite(timm, 0, "0aa007d2", 74.846);
    timm.has(
        "efficientnet_lite0", "efficientnet_lite0_ra-37913777.pth", TIMM, "timm_bicubic", 75.488);
    lite(timm, 1, "bde8b488", 76.674);
    lite(timm, 2, "dcccb7df", 77.470);
    lite(timm, 3, "b733e338", 79.808);
    lite(timm, 4, "741542c3", 81.540);
    timm.has("se_resnet18", "seresnet18-4bb0ce65.pth", LEGACY, "timm_bicubic", 71.742);
    timm.has("se_resnet34", "seresnet34-a4004e63.pth", LEGACY, "torchvision_v1", 74.788);
    timm.has("se_resnet50", "seresnet50_ra_224-8efdb4bb.pth", TIMM, "timm_bicubic", 80.260);
    new Host(
            "timm, from Cadene's conversion of the authors' model",
            releases + "v0.1-cadene/",
            APACHE)
        .has("se_resnet50", "se_resnet50-ce0d4300.pth", LEGACY, "torchvision_v1", 77.650);
  }

  private static void lite(Host timm, int number, String hash, double top1) {
    String variant = "efficientnet_lite" + number;
    timm.has(variant, "tf_" + variant + "-" + hash + ".pth", TF, variant, top1);
  }

  private static void authors() {
    String github = "https://github.com/";
    Host huawei =
        new Host(
            "Huawei", github + "huawei-noah/CV-backbones/releases/download/ghostnet_pth/", APACHE);
    huawei.has("ghostnet_100", "ghostnet_1x.pth", PRESET, "torchvision_v1", 73.98);
    Host ghosts =
        new Host(
            "Huawei",
            github + "huawei-noah/Efficient-AI-Backbones/releases/download/GhostNetV2/",
            APACHE);
    ghosts.has("ghostnet_v2_100", "ck_ghostnetv2_10.pth.tar", PRESET, "timm_bicubic", 75.3);
    ghosts.has("ghostnet_v2_130", "ck_ghostnetv2_13.pth.tar", PRESET, "timm_bicubic", 76.746);
    ghosts.has("ghostnet_v2_160", "ck_ghostnetv2_16.pth.tar", PRESET, "timm_bicubic", 77.836);
    Host duo =
        new Host("d-li14", github + "d-li14/mobilenetv2.pytorch/raw/master/pretrained/", APACHE);
    duo.has("mobilenet_v2_100", "mobilenetv2-c5e733a8.pth", PRESET, "torchvision_v1", 72.834);
    duo.has("mobilenet_v2_075", "mobilenetv2_0.75-dace9791.pth", PRESET, "torchvision_v1", 69.952);
    duo.has("mobilenet_v2_050", "mobilenetv2_0.5-eaa6f9ad.pth", PRESET, "torchvision_v1", 64.592);
    duo.has("mobilenet_v2_035", "mobilenetv2_0.35-b2e15951.pth", PRESET, "torchvision_v1", 60.092);
    new Host("moskomule", github + "moskomule/senet.pytorch/releases/download/archive/", "MIT")
        .has(
            "se_resnet50",
            "seresnet50-60a8950a85b2b.pkl",
            Map.of("dialect", "moskomule"),
            "torchvision_v1",
            77.06);
    add(
        "efficientnet_lite0",
        new Checkpoint(
            "efficientnet-lite0-57934424.pth",
            "EfficientNet-Lite-PyTorch, from Google's TensorFlow checkpoint",
            Optional.empty(),
            Optional.of("579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"),
            TF,
            "efficientnet_lite0",
            "imagenet",
            APACHE,
            OptionalDouble.empty()));
  }
}
