package dev.kinglet.zoo;

import dev.kinglet.zoo.Published.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What papers and publishers state, by variant.
 *
 * <p>The exact counts are those of the variant as preset, counted layer by layer from the published
 * definitions and, where torchvision's or timm's metadata state them too, equal to these. The
 * figures are as printed, also where no counting of the published network yields them:
 * MobileNetV2's 6.9 M at width 1.4, MobileNetV3-Small's 2.9 M and 66 M, EfficientNet-Lite's MACs,
 * slim's MobileNetV1 at 0.75.
 */
final class PublishedFigures {
  private static final double NONE = Double.NaN;
  private static final Map<String, Published> BY_NAME = new LinkedHashMap<>();

  private PublishedFigures() {}

  static Published of(String variant) {
    return BY_NAME.getOrDefault(variant, Published.NOTHING);
  }

  static {
    mobileNets();
    shuffleNets();
    ghostNets();
    efficientNets();
    residualNets();
    others();
  }

  private static void mobileNets() {
    String paper = "Howard et al. 2017, table 6";
    String slim = "TensorFlow slim";
    exact("mobilenet_v1_025", 470_072, 41_030_272)
        .add(paper, 0.5, 41, 50.6)
        .add(slim, 0.47, 41, 49.8);
    exact("mobilenet_v1_050", 1_331_592, 149_497_088)
        .add(paper, 1.3, 149, 63.7)
        .add(slim, 1.34, 150, 63.3);
    exact("mobilenet_v1_075", 2_585_560, 325_400_448)
        .add(paper, 2.6, 325, 68.4)
        .add(slim, 2.59, 317, 68.4);
    exact("mobilenet_v1_100", 4_231_976, 568_740_352)
        .add(paper, 4.2, 569, 70.6)
        .add(slim, 4.24, 569, 70.9)
        .add("timm", 4.23, NONE, 75.388);

    paper = "Sandler et al. 2018, table 4";
    slim = "TensorFlow slim (without batch norm's scale and shift)";
    exact("mobilenet_v2_035", 1_677_128, 59_285_808).add(slim, 1.66, 59, 60.3);
    exact("mobilenet_v2_050", 1_968_680, 97_131_840).add(slim, 1.95, 97, 65.4);
    exact("mobilenet_v2_075", 2_636_424, 209_069_792).add(slim, 2.61, 209, 69.8);
    exact("mobilenet_v2_100", 3_504_872, 300_774_272)
        .add(paper, 3.4, 300, 72.0)
        .add(slim, 3.47, 300, 71.8)
        .add("torchvision", 3.504872, 301, 71.878);
    exact("mobilenet_v2_140", 6_108_776, 582_195_824)
        .add(paper, 6.9, 585, 74.7)
        .add(slim, 6.06, 582, 75.0);

    paper = "Howard et al. 2019, table 3";
    exact("mobilenet_v3_large_075", 3_993_528, 154_560_624)
        .add(paper, 4.0, 155, 73.3)
        .add("d-li14", 3.994, 154.57, 72.842);
    exact("mobilenet_v3_large_100", 5_483_032, 216_589_760)
        .add(paper, 5.4, 219, 75.2)
        .add("torchvision", 5.483032, 217, 74.042);
    exact("mobilenet_v3_large_minimalistic_100", 3_924_288, 209_136_704)
        .add("Keras", 3.9, 209, 72.3);
    exact("mobilenet_v3_small_075", 2_041_872, 43_399_344)
        .add(paper, 2.4, 44, 65.4)
        .add("d-li14", 2.042, 43.40, 64.876);
    exact("mobilenet_v3_small_100", 2_542_856, 56_510_400)
        .add(paper, 2.9, 66, 67.4)
        .add("torchvision", 2.542856, 57, 67.668);
    exact("mobilenet_v3_small_minimalistic_100", 2_044_736, 52_288_448).add("Keras", 2.0, 65, 61.9);
  }

  private static void shuffleNets() {
    // With the classifier's bias the paper's networks have 1000 parameters more.
    String paper = "Zhang et al. 2017, table 2";
    String megvii = "Megvii";
    exact("shufflenet_v1_g1_x0_5", 533_484, 38_517_408).add(paper, NONE, 38, 54.9);
    exact("shufflenet_v1_g1_x1_0", 1_530_936, 143_078_976).add(paper, NONE, 143, 66.4);
    exact("shufflenet_v1_g1_x2_0", 4_917_744, 550_334_592);
    uncounted("shufflenet_v1_g2_x0_5").add(paper, NONE, 38, 55.6);
    exact("shufflenet_v1_g2_x1_0", 1_732_848, 140_836_512).add(paper, NONE, 140, 67.3);
    exact("shufflenet_v1_g2_x2_0", 5_256_896, 539_138_624);
    exact("shufflenet_v1_g3_x0_5", 717_324, 37_589_856)
        .add(paper, NONE, 38, 56.8)
        .add(megvii, 0.7, 38, 57.3);
    exact("shufflenet_v1_g3_x1_0", 1_864_728, 137_460_672)
        .add(paper, NONE, 137, 67.4)
        .add(megvii, 1.9, 138, 67.8);
    exact("shufflenet_v1_g3_x1_5", 3_441_168, 292_443_552)
        .add("Zhang et al. 2017, table 5", NONE, 292, 71.5)
        .add(megvii, 3.4, 292, 71.6);
    exact("shufflenet_v1_g3_x2_0", 5_449_776, 524_045_184)
        .add("Zhang et al. 2017, table 5", NONE, 524, 73.7)
        .add(megvii, 5.4, 524, 74.1);
    uncounted("shufflenet_v1_g4_x0_5").add(paper, NONE, 38, 58.4);
    exact("shufflenet_v1_g4_x1_0", 1_967_344, 134_339_776).add(paper, NONE, 133, 67.2);
    exact("shufflenet_v1_g4_x2_0", 5_592_528, 510_289_536);
    exact("shufflenet_v1_g8_x0_5", 1_010_448, 40_469_760)
        .add(paper, NONE, 38, 57.7)
        .add(megvii, 1.0, 40, 58.8);
    exact("shufflenet_v1_g8_x1_0", 2_433_768, 138_365_952)
        .add(paper, NONE, 137, 67.6)
        .add(megvii, 2.4, 138, 68.0);
    exact("shufflenet_v1_g8_x1_5", 4_268_952, 290_188_800).add(megvii, 4.3, 290, 71.0);
    exact("shufflenet_v1_g8_x2_0", 6_521_232, 521_942_016).add(megvii, 6.5, 522, 72.9);

    // The paper's MACs are those of --set dialect=megvii.
    paper = "Ma et al. 2018, table 8";
    exact("shufflenet_v2_x0_5", 1_366_792, 40_476_448)
        .add(paper, NONE, 41, 60.3)
        .add("torchvision", 1.366792, 40, 60.552)
        .add(megvii, 1.4, 41, 61.1);
    exact("shufflenet_v2_x1_0", 2_278_604, 144_907_992)
        .add(paper, NONE, 146, 69.4)
        .add("torchvision", 2.278604, 145, 69.362)
        .add(megvii, 2.3, 146, 69.4);
    exact("shufflenet_v2_x1_5", 3_503_624, 295_759_392)
        .add(paper, NONE, 299, 72.6)
        .add("torchvision", 3.503624, 296, 72.996)
        .add(megvii, 3.5, 299, 72.6);
    exact("shufflenet_v2_x2_0", 7_393_996, 583_253_464)
        .add(paper, NONE, 591, 74.9)
        .add("torchvision", 7.393996, 583, 76.230)
        .add(megvii, 7.4, 591, 75.0);
  }

  private static void ghostNets() {
    String paper = "Han et al. 2019, table 7";
    exact("ghostnet_050", 2_587_292, 42_328_152).add(paper, 2.6, 42, 66.2);
    exact("ghostnet_100", 5_182_508, 141_150_512)
        .add(paper, 5.2, 141, 73.9)
        .add("Huawei", NONE, 142, 73.98);
    exact("ghostnet_130", 7_358_820, 227_003_256).add(paper, 7.3, 226, 75.7);
    exact("ghostnet_v2_100", 6_156_908, 167_048_288)
        .add("Tang et al. 2022", NONE, 167, 75.3)
        .add("timm", NONE, NONE, 75.186);
    exact("ghostnet_v2_130", 8_960_404, 269_322_976).add("timm", NONE, NONE, 76.746);
    exact("ghostnet_v2_160", 12_392_698, 398_607_224).add("timm", NONE, NONE, 77.836);
  }

  private static void efficientNets() {
    String google = "Google (tensorflow/tpu)";
    exact("efficientnet_lite0", 4_652_008, 385_187_552).add(google, 4.7, 407, 75.1);
    exact("efficientnet_lite1", 5_416_680, 600_185_232).add(google, 5.4, 631, 76.7);
    exact("efficientnet_lite2", 6_092_072, 859_736_272).add(google, 6.1, 899, 77.6);
    exact("efficientnet_lite3", 8_197_096, 1_383_321_872).add(google, 8.2, 1440, 79.8);
    exact("efficientnet_lite4", 13_006_568, 2_553_034_336L).add(google, 13.0, 2640, 81.5);
  }

  private static void residualNets() {
    String senet = "Hu et al. 2017, table 2 (stride in the first convolution)";
    exact("resnet18", 11_689_512, 1_814_073_344);
    exact("resnet34", 21_797_672, 3_663_761_408L);
    exact("resnet50", 25_557_032, 4_089_184_256L)
        .add("torchvision", 25.557032, 4089, NONE)
        .add(senet, NONE, 3860, 75.20);
    exact("se_resnet18", 11_779_624, 1_814_161_408);
    exact("se_resnet34", 21_960_416, 3_663_920_128L);
    exact("se_resnet50", 28_088_024, 4_091_699_200L).add(senet, 28.1, 3870, 76.71);
    // BN-Inception's count, and per module twice the width times its sixteenth for the gates.
    exact("se_inception", 11_931_622, 2_032_600_064 + 639_360)
        .add("Hu et al. 2017, the released model", NONE, NONE, 76.38);
    exact("cbam_resnet18", 11_779_392, 1_815_063_764);
    exact("cbam_resnet34", 21_960_468, 3_665_434_742L);
    exact("cbam_resnet50", 28_089_624, 4_095_573_110L)
        .add("Jongchan/attention-module", NONE, NONE, 77.622);
    exact("cbam_resnet101", 49_330_172, 7_812_577_278L);
  }

  private static void others() {
    String paper = "Roy et al. 2020, table II (overall accuracy, 30 % for training)";
    exact("hybridsn_indian_pines", 5_122_176, 247_683_392).add(paper, 5.122176, NONE, 99.75);
    exact("hybridsn_pavia_university", 4_844_793, 50_821_176).add(paper, NONE, NONE, 99.98);
    exact("hybridsn_salinas", 4_845_696, 50_822_072).add(paper, NONE, NONE, 100);
    exact("tutorial_mobilenet_v2", 2_251_932, 427_857_536);
    exact("tutorial_shufflenet_v2_x0_5", 1_368_648, 40_476_448);
    exact("tutorial_shufflenet_v2_x1_0", 2_284_574, 144_907_992);
    exact("tutorial_shufflenet_v2_x1_5", 3_513_224, 295_759_392);
    exact("tutorial_shufflenet_v2_x2_0", 7_406_686, 583_253_464);
  }

  private static Row exact(String variant, long parameters, long macs) {
    return row(
        variant, new Published(OptionalLong.of(parameters), OptionalLong.of(macs), List.of()));
  }

  private static Row uncounted(String variant) {
    return row(variant, Published.NOTHING);
  }

  private static Row row(String variant, Published start) {
    BY_NAME.put(variant, start);
    return new Row(variant);
  }

  /** One variant's row of the table, to which sources add what they state. */
  private record Row(String variant) {
    Row add(String source, double parameters, double macs, double top1) {
      Figure figure = new Figure(source, given(parameters), given(macs), given(top1));
      BY_NAME.compute(
          variant,
          (_, old) -> {
            List<Figure> figures = new ArrayList<>(old.figures());
            figures.add(figure);
            return new Published(old.parameters(), old.macs(), figures);
          });
      return this;
    }

    private static OptionalDouble given(double value) {
      return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
  }
}
