package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kinglet.golden.Goldens;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parameters and multiply-accumulates, exact to the last digit, against counts made layer by layer
 * from the published definitions by other means. "paper", "torchvision", "timm", "slim", "Keras",
 * "Megvii", "d-li14" beside a row state the same figure rounded; "-" stands for a count that was
 * not made.
 */
class ExactCountsTest {
  @ParameterizedTest(name = "{0}: {1} parameters, {2} MACs ({3})")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mobilenet_v1_100 | 4,231,976 | 568,740,352 | paper table 6: 4.2 M, 569 M; slim; timm 4.23 M
          mobilenet_v1_100 --input 3x192x192 | 4,231,976 | 418,121,728 | paper table 7: 418 M
          mobilenet_v1_100 --input 3x160x160 | 4,231,976 | 290,675,200 | paper table 7: 290 M
          mobilenet_v1_100 --input 3x128x128 | 4,231,976 | 186,400,768 | paper table 7: 186 M
          mobilenet_v1_075 | 2,585,560 | 325,400,448 | paper table 6: 2.6 M, 325 M
          mobilenet_v1_075 --input 3x192x192 | 2,585,560 | 239,273,472 | counted
          mobilenet_v1_075 --input 3x160x160 | 2,585,560 | 166,396,800 | counted
          mobilenet_v1_075 --input 3x128x128 | 2,585,560 | 106,770,432 | counted
          mobilenet_v1_050 | 1,331,592 | 149,497,088 | paper table 6: 1.3 M, 149 M
          mobilenet_v1_050 --input 3x192x192 | 1,331,592 | 109,970,432 | slim: 110 M
          mobilenet_v1_050 --input 3x160x160 | 1,331,592 | 76,524,800 | paper table 9: 1.32 M, 76 M
          mobilenet_v1_050 --input 3x128x128 | 1,331,592 | 49,160,192 | slim: 49 M
          mobilenet_v1_025 | 470,072 | 41,030,272 | paper table 6: 0.5 M, 41 M
          mobilenet_v1_025 --input 3x192x192 | 470,072 | 30,212,608 | counted (slim prints 34 M)
          mobilenet_v1_025 --input 3x160x160 | 470,072 | 21,059,200 | slim: 21 M
          mobilenet_v1_025 --input 3x128x128 | 470,072 | 13,570,048 | slim: 14 M
          mobilenet_v1_100 --classes 1001 | 4,233,001 | 568,741,376 | slim, with its background class
          mobilenet_v1_100 --set width=1.25 | 6,270,840 | 879,516,800 | timm mobilenetv1_125: 6.27 M
          mobilenet_v2_100 | 3,504,872 | 300,774,272 | torchvision 3,504,872, 0.301 G; paper 3.4 M, 300 M
          mobilenet_v2_100 --input 3x192x192 | 3,504,872 | 221,316,608 | slim: 221 M
          mobilenet_v2_100 --input 3x160x160 | 3,504,872 | 154,083,200 | slim: 154 M
          mobilenet_v2_100 --input 3x128x128 | 3,504,872 | 99,074,048 | slim: 99 M
          mobilenet_v2_100 --input 3x96x96 | 3,504,872 | 56,289,152 | slim: 56 M
          mobilenet_v2_140 | 6,108,776 | 582,195,824 | slim: 582 M (the paper prints 6.9 M and 585 M)
          mobilenet_v2_100 --set width=1.3 | 5,386,792 | 509,374,560 | slim: 509 M
          mobilenet_v2_075 | 2,636,424 | 209,069,792 | slim: 209 M
          mobilenet_v2_050 | 1,968,680 | 97,131,840 | slim: 97 M
          mobilenet_v2_035 | 1,677,128 | 59,285,808 | slim: 59 M
          mobilenet_v2_100 --set width=0.25 | 1,519,112 | 37,201,312 | counted
          mobilenet_v2_100 --set width=0.1 | 1,367,080 | 26,659,648 | counted, divisor 8
          mobilenet_v2_100 --set dialect=timm | 3,504,872 | 300,774,272 | torchvision's network under other names
          mobilenet_v3_large_100 | 5,483,032 | 216,589,760 | torchvision 5,483,032, 0.217 G; Keras 217 M
          mobilenet_v3_large_100 --set dialect=timm | 5,483,032 | 216,589,760 | timm
          mobilenet_v3_large_075 | 3,993,528 | 154,560,624 | d-li14 3.994 M, 154.57 M; paper 4.0 M, 155 M
          mobilenet_v3_large_075 --set dialect=torchvision | 3,377,576 | 140,033,816 | counted
          mobilenet_v3_large_minimalistic_100 | 3,924,288 | 209,136,704 | Keras: 3.9 M, 209 M
          mobilenet_v3_small_100 | 2,542,856 | 56,510,400 | torchvision 2,542,856, 0.057 G; d-li14 56.52 M (paper prints 2.9 M and 66 M)
          mobilenet_v3_small_075 | 2,041,872 | 43,399,344 | d-li14 2.042 M, 43.40 M; paper 44 M
          mobilenet_v3_small_075 --set dialect=torchvision | 1,653,920 | 39,115,576 | counted
          mobilenet_v3_small_minimalistic_100 | 2,044,736 | 52,288,448 | Keras 2.0 M (it prints 65 M)
          mobilenet_v3_large_100 --set width=0.5 | 1,734,576 | 64,962,192 | counted, torchvision's rule
          mobilenet_v3_large_100 --set width=0.5 --set dialect=timm | 2,689,904 | 73,663,088 | counted, ratio rule
          mobilenet_v3_large_100 --set width=0.35 | 997,064 | 35,278,408 | counted, torchvision's rule
          mobilenet_v3_large_100 --set width=0.35 --set dialect=timm | 2,132,216 | 43,887,824 | counted, ratio rule
          mobilenet_v3_large_100 --set width=1.25 | 8,164,744 | 343,461,000 | counted, torchvision's rule
          mobilenet_v3_large_100 --set width=1.25 --set dialect=tf | 8,256,296 | 355,925,920 | counted, slim's rule
          mobilenet_v3_large_100 --set width=1.25 --set dialect=timm | 7,551,976 | 355,221,920 | head of 1280 instead of 1600; paper 7.5 M
          mobilenet_v3_large_100 --set width=1.25 --set dialect=keras | 8,255,784 | 349,904,800 | counted, Keras's rule
          mobilenet_v3_small_100 --set width=0.5 | 917,264 | 18,970,736 | counted, torchvision's rule
          mobilenet_v3_small_100 --set width=0.5 --set dialect=timm | 1,593,224 | 24,188,688 | counted, ratio rule
          mobilenet_v3_small_100 --set width=0.35 | 558,744 | 11,238,936 | counted, torchvision's rule
          mobilenet_v3_small_100 --set width=0.35 --set dialect=timm | 1,358,808 | 15,951,968 | counted, timm's rule
          mobilenet_v3_small_100 --set width=0.35 --set dialect=keras | 1,350,344 | 15,931,232 | counted, Keras's rule
          mobilenet_v3_small_100 --set width=1.25 | 3,644,912 | 88,155,944 | counted, torchvision's rule
          mobilenet_v3_small_100 --set width=1.25 --set dialect=tf | 3,645,960 | 91,241,184 | counted, slim's rule
          mobilenet_v3_small_100 --set width=1.25 --set dialect=timm | 3,205,384 | 90,800,864 | head of 1024 instead of 1280
          mobilenet_v3_small_100 --set width=1.25 --set dialect=keras | 3,645,312 | 87,703,648 | counted, Keras's rule
          mobilenet_v3_large_100 --set reduced_tail=true | 2,569,352 | 182,302,720 | counted, torchvision's option
          mobilenet_v3_small_100 --set reduced_tail=true | 1,099,672 | 43,763,584 | counted, torchvision's option
          shufflenet_v1_g3_x0_5 | 717,324 | 37,589,856 | Megvii 0.7 M, 38 M
          shufflenet_v1_g3_x1_0 | 1,864,728 | 137,460,672 | Megvii 1.9 M, 138 M
          shufflenet_v1_g3_x1_5 | 3,441,168 | 292,443,552 | Megvii 3.4 M, 292 M
          shufflenet_v1_g3_x2_0 | 5,449,776 | 524,045,184 | Megvii 5.4 M, 524 M
          shufflenet_v1_g8_x0_5 | 1,010,448 | 40,469,760 | Megvii 1.0 M, 40 M
          shufflenet_v1_g8_x1_0 | 2,433,768 | 138,365,952 | Megvii 2.4 M, 138 M
          shufflenet_v1_g8_x1_5 | 4,268,952 | 290,188,800 | Megvii 4.3 M, 290 M
          shufflenet_v1_g8_x2_0 | 6,521,232 | 521,942,016 | Megvii 6.5 M, 522 M
          shufflenet_v1_g1_x1_0 --set dialect=paper | 1,531,936 | 143,078,976 | paper 143 M
          shufflenet_v1_g2_x1_0 --set dialect=paper | 1,733,848 | 140,836,512 | paper 140 M
          shufflenet_v1_g3_x1_0 --set dialect=paper | 1,865,728 | 137,460,672 | paper 137 M
          shufflenet_v1_g4_x1_0 --set dialect=paper | 1,968,344 | 134,339,776 | paper 133 M
          shufflenet_v1_g8_x1_0 --set dialect=paper | 2,434,768 | 138,365,952 | paper 137 M
          shufflenet_v1_g1_x2_0 --set dialect=paper | 4,918,744 | 550,334,592 | counted
          shufflenet_v1_g2_x2_0 --set dialect=paper | 5,257,896 | 539,138,624 | counted
          shufflenet_v1_g3_x2_0 --set dialect=paper | 5,450,776 | 524,045,184 | paper table 5: 524 M
          shufflenet_v1_g4_x2_0 --set dialect=paper | 5,593,528 | 510,289,536 | counted
          shufflenet_v1_g8_x2_0 --set dialect=paper | 6,522,232 | 521,942,016 | counted
          shufflenet_v1_g1_x0_5 --set dialect=paper | 534,484 | 38,517,408 | paper 38 M
          shufflenet_v1_g3_x1_0 --set dialect=paper --set width=0.25 | 305,902 | 11,009,808 | counted, stem 6
          shufflenet_v1_g3_x1_0 --set width=0.25 | 305,124 | 13,300,656 | paper 13 M; stem 12; 1,000 fewer without the bias
          shufflenet_v2_x0_5 | 1,366,792 | 40,476,448 | torchvision 1,366,792, 0.04 G; paper 41 M
          shufflenet_v2_x1_0 | 2,278,604 | 144,907,992 | torchvision 2,278,604, 0.145 G
          shufflenet_v2_x1_5 | 3,503,624 | 295,759,392 | torchvision 3,503,624, 0.296 G
          shufflenet_v2_x2_0 | 7,393,996 | 583,253,464 | torchvision 7,393,996, 0.583 G
          shufflenet_v2_x0_5 --set dialect=megvii | 1,365,792 | 40,476,448 | paper and Megvii 41 M
          shufflenet_v2_x1_0 --set dialect=megvii | 2,278,760 | 145,814,296 | paper and Megvii 146 M
          shufflenet_v2_x1_5 --set dialect=megvii | 3,506,720 | 298,970,656 | paper and Megvii 299 M
          shufflenet_v2_x2_0 --set dialect=megvii | 7,402,600 | 590,783,000 | paper and Megvii 591 M
          ghostnet_050 | 2,587,292 | 42,328,152 | paper 2.6 M, 42 M
          ghostnet_100 | 5,182,508 | 141,150,512 | paper 5.2 M, 141 M
          ghostnet_130 | 7,358,820 | 227,003,256 | paper 7.3 M (it prints 226 M)
          ghostnet_v2_100 | 6,156,908 | 167,048,288 | paper 167 M
          ghostnet_v2_130 | 8,960,404 | 269,322,976 | paper 269 M
          ghostnet_v2_160 | 12,392,698 | 398,607,224 | paper 399 M
          efficientnet_lite0 | 4,652,008 | 385,187,552 | Google 4.7 M (it prints 407 M)
          efficientnet_lite1 | 5,416,680 | 600,185,232 | Google 5.4 M (it prints 631 M)
          efficientnet_lite2 | 6,092,072 | 859,736,272 | Google 6.1 M (it prints 899 M)
          efficientnet_lite3 | 8,197,096 | 1,383,321,872 | Google 8.2 M (it prints 1.44 G)
          efficientnet_lite3 --input 3x300x300 | 8,197,096 | 1,607,554,544 | counted, timm's size
          efficientnet_lite4 | 13,006,568 | 2,553,034,336 | Google 13.0 M (it prints 2.64 G)
          efficientnet_lite4 --input 3x380x380 | 13,006,568 | 3,943,564,112 | counted, timm's size
          resnet18 | 11,689,512 | 1,814,073,344 | counted
          resnet34 | 21,797,672 | 3,663,761,408 | counted
          resnet50 | 25,557,032 | 4,089,184,256 | torchvision 25,557,032, 4.089 G
          resnet50 --set dialect=paper | 25,557,032 | 3,857,973,248 | SENet paper 3.86 G
          se_resnet18 | 11,779,624 | 1,814,161,408 | timm
          se_resnet34 | 21,960,416 | 3,663,920,128 | timm
          se_resnet50 | 28,088,024 | 4,091,699,200 | timm; SENet paper 28.1 M
          se_resnet18 --set dialect=legacy | 11,778,592 | 1,814,160,384 | counted, with biases
          se_resnet34 --set dialect=legacy | 21,958,868 | 3,663,918,592 | counted, with biases
          se_resnet50 --set dialect=legacy | 28,088,024 | 3,860,488,192 | SENet paper 28.1 M, 3.87 G
          se_resnet18 --set dialect=moskomule | 11,776,552 | 1,814,160,384 | counted, without biases
          se_resnet34 --set dialect=moskomule | 21,954,856 | 3,663,918,592 | counted, without biases
          se_resnet50 --set dialect=moskomule | 28,071,976 | 4,091,699,200 | counted, without biases
          se_inception | 11,931,622 | 2,033,239,424 | BN-Inception 2,032,600,064 and 639,360 in the gates
          cbam_resnet18 | 11,779,392 | 1,815,063,764 | counted
          cbam_resnet34 | 21,960,468 | 3,665,434,742 | counted
          cbam_resnet50 | 28,089,624 | 4,095,573,110 | paper 28.09 M
          cbam_resnet101 | 49,330,172 | 7,812,577,278 | paper 49.33 M
          hybridsn_indian_pines | 5,122,176 | 247,683,392 | paper 5,122,176
          hybridsn_pavia_university | 4,844,793 | 50,821,176 | counted
          hybridsn_salinas | 4,845,696 | 50,822,072 | counted
          tutorial_mobilenet_v2 | 2,251,932 | 427,857,536 | counted
          tutorial_shufflenet_v2_x0_5 | 1,368,648 | 40,476,448 | Keras, trainable
          tutorial_shufflenet_v2_x1_0 | 2,284,574 | 144,907,992 | Keras, trainable
          tutorial_shufflenet_v2_x1_5 | 3,513,224 | 295,759,392 | Keras, trainable
          tutorial_shufflenet_v2_x2_0 | 7,406,686 | 583,253,464 | Keras, trainable
          shufflenet_v2_x0_5 --classes 10 | 352,042 | - | PyTorch
          mobilenet_v3_small_100 --classes 10 | 1,528,106 | - | PyTorch
          ghostnet_050 --classes 10 | 1,319,102 | - | PyTorch
          hybridsn_indian_pines --set bands=15 --set window=13 --classes 6 | 519,030 | - | PyTorch
          """)
  void parametersAndMacsAreExact(String command, String parameters, String macs, String source) {
    Graph graph = Goldens.build(command);
    if (!parameters.equals("-")) {
      assertEquals(number(parameters), graph.parameterCount(), "parameters, " + source);
    }
    if (!macs.equals("-")) {
      assertEquals(number(macs), graph.macs(), "MACs, " + source);
    }
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  @ParameterizedTest(name = "{0}: {1} with moving statistics, {2} without scale and shift")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mobilenet_v1_100 | 4,253,864 | -
          mobilenet_v2_035 | 1,691,208 | 1,663,048
          mobilenet_v2_050 | 1,987,224 | 1,950,136
          mobilenet_v2_075 | 2,663,064 | 2,609,784
          mobilenet_v2_100 | 3,538,984 | 3,470,760
          mobilenet_v2_100 --set width=1.3 | 5,431,048 | 5,342,536
          mobilenet_v2_140 | 6,156,712 | 6,060,840
          tutorial_shufflenet_v2_x0_5 | 1,374,504 | -
          tutorial_shufflenet_v2_x1_0 | 2,298,658 | -
          tutorial_shufflenet_v2_x1_5 | 3,534,568 | -
          tutorial_shufflenet_v2_x2_0 | 7,436,258 | -
          """)
  void kerasCountsStatisticsTooAndSlimNoBatchNorms(String command, String keras, String slim) {
    Graph graph = Goldens.build(command);
    long statistics =
        graph.parameters().stream()
            .filter(parameter -> parameter.role() == Parameter.Role.STATISTIC)
            .mapToLong(parameter -> parameter.shape().elements())
            .sum();
    assertEquals(number(keras), graph.parameterCount() + statistics);
    if (!slim.equals("-")) {
      assertEquals(number(slim), graph.parameterCount() - statistics);
    }
  }

  @ParameterizedTest(name = "{0} has {1} entries")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mobilenet_v1_100 | 164
          mobilenet_v2_100 | 314
          mobilenet_v3_large_100 | 312
          mobilenet_v3_small_100 | 244
          shufflenet_v2_x0_5 | 338
          shufflenet_v2_x2_0 | 338
          ghostnet_050 | 512
          ghostnet_130 | 512
          efficientnet_lite0 | 296
          se_resnet50 | 384
          se_resnet50 --set dialect=moskomule | 352
          cbam_resnet50 | 480
          hybridsn_indian_pines | 14
          """)
  void theStateDictHasAsManyEntriesAsTheOfficialOne(String command, int entries) {
    assertEquals(entries, Goldens.build(command).parameters().size());
  }
}
