package dev.kinglet.engine;

import static dev.kinglet.engine.Conformance.conv;
import static dev.kinglet.engine.Conformance.test;
import static dev.kinglet.engine.Conformance.window;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Convolutions and linear layers at odd sizes, strides, groups, paddings, dilations and ranks, on
 * every engine of this computer, in batches of one and three, against {@link Definition}.
 */
final class ProductConformanceTest {

  @TestFactory
  Stream<DynamicTest> pointwiseConvolutionsEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int in : new int[] {1, 3, 8, 17, 58}) {
      for (int out : new int[] {1, 5, 16, 24, 37}) {
        for (int[] size : new int[][] {{1, 1}, {7, 7}, {1, 13}, {13, 1}, {15, 17}}) {
          tests.add(conv(Shape.of(in, size[0], size[1]), out, 1, in % 2 == 0, Window.square(1, 1)));
        }
      }
    }
    for (int groups : new int[] {2, 3, 6}) {
      tests.add(conv(Shape.of(12, 5, 9), 18, groups, true, Window.square(1, 1)));
      tests.add(conv(Shape.of(36, 14, 13), 60, groups, false, Window.square(1, 1)));
    }
    tests.add(conv(Shape.of(5, 9, 9), 7, 1, true, Window.square(1, 2)));
    tests.add(conv(Shape.of(5, 8, 9), 7, 1, true, Window.square(1, 3, 1)));
    tests.add(conv(Shape.of(300, 4, 4), 270, 1, true, Window.square(1, 1)));
    tests.add(conv(Shape.of(19, 33), 11, 1, true, Window.valid(1)));
    tests.add(conv(Shape.of(19, 3, 4, 5), 21, 1, true, Window.valid(1, 1, 1)));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> denseConvolutionsEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int kernel : new int[] {2, 3, 5, 7}) {
      for (int stride : new int[] {1, 2, 3}) {
        for (int padding : new int[] {0, kernel / 2, kernel}) {
          tests.add(conv(Shape.of(3, 11, 13), 10, 1, true, Window.square(kernel, stride, padding)));
        }
      }
      tests.add(conv(Shape.of(4, 15, 9), 17, 1, false, Window.dilated(kernel, 1, 2 * kernel, 2)));
      tests.add(conv(Shape.of(6, 16, 17), 9, 3, true, Window.dilated(kernel, 2, kernel, 2)));
    }
    tests.add(conv(Shape.of(3, 1, 9), 8, 1, true, Window.square(3, 1)));
    tests.add(conv(Shape.of(3, 9, 1), 8, 1, true, Window.square(3, 2)));
    tests.add(conv(Shape.of(3, 1, 1), 8, 1, true, Window.square(5, 1)));
    tests.add(conv(Shape.of(5, 6, 6), 33, 1, true, Window.valid(6, 6)));
    tests.add(conv(Shape.of(70, 7, 7), 130, 1, true, Window.square(3, 1)));
    tests.add(
        conv(
            Shape.of(3, 14, 11),
            6,
            1,
            true,
            window(List.of(3, 5), List.of(2, 1), List.of(0, 3), List.of(1, 2), List.of(1, 2))));
    tests.add(conv(Shape.of(3, 12, 15), 8, 1, true, Window.square(3, 2).same(Shape.of(3, 12, 15))));
    tests.add(
        conv(
            Shape.of(4, 31),
            6,
            2,
            true,
            window(List.of(5), List.of(2), List.of(3), List.of(1), List.of(2))));
    return tests.stream();
  }

  /**
   * Machine code makes these in tiles: of two outputs an axis where the map is small, else four.
   */
  @TestFactory
  Stream<DynamicTest> largeConvolutionsOfThreeByThreeTapsEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int[] size : new int[][] {{7, 7}, {8, 8}, {14, 13}, {21, 30}, {3, 41}}) {
      for (int padding : new int[] {0, 1, 2}) {
        tests.add(behindAnother(Shape.of(33, size[0], size[1]), 37, padding));
        tests.add(behindAnother(Shape.of(64, size[0], size[1]), 32, padding));
      }
    }
    tests.add(behindAnother(Shape.of(100, 7, 7), 130, 1));
    tests.add(behindAnother(Shape.of(8, 40, 50), 9, 1));
    return tests.stream();
  }

  /** What a network is given lies plane by plane; a layer's result does not. */
  private static DynamicTest behindAnother(Shape input, int channels, int padding) {
    Op.Conv conv = new Op.Conv(channels, Window.square(3, 1, padding), 1, true);
    Op.Activation function = new Op.Activation(Op.Function.LEAKY_RELU, 0.3f, 0);
    return test(
        conv + " behind another layer",
        input,
        b -> b.add("conv", conv, b.add("function", function, b.input())));
  }

  @TestFactory
  Stream<DynamicTest> depthwiseConvolutionsEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int kernel : new int[] {1, 2, 3, 5, 7, 9}) {
      for (int stride : new int[] {1, 2, 3}) {
        for (int[] size : new int[][] {{1, 1}, {1, 8}, {9, 1}, {7, 7}, {12, 15}}) {
          int channels = 1 + (kernel * 7 + stride * 5 + size[0]) % 37;
          tests.add(
              conv(
                  Shape.of(channels, size[0], size[1]),
                  channels,
                  channels,
                  stride == 2,
                  Window.square(kernel, stride, kernel / 2)));
        }
      }
      tests.add(conv(Shape.of(19, 17, 14), 19, 19, true, Window.dilated(kernel, 1, kernel, 2)));
      tests.add(conv(Shape.of(18, 17, 19), 18, 18, true, Window.dilated(kernel, 2, kernel, 3)));
    }
    tests.add(conv(Shape.of(6, 11, 9), 12, 6, true, Window.square(3, 1)));
    tests.add(conv(Shape.of(6, 11, 9), 18, 6, false, Window.square(5, 2)));
    tests.add(conv(Shape.of(20, 30, 31), 20, 20, true, Window.square(3, 1, 0)));
    tests.add(
        conv(
            Shape.of(40, 29),
            40,
            40,
            true,
            Window.of(List.of(3), List.of(2), List.of(1), List.of(1))));
    for (int[] k : new int[][] {{1, 5}, {5, 1}, {3, 7}}) {
      tests.add(
          conv(
              Shape.of(24, 13, 10),
              24,
              24,
              true,
              window(
                  List.of(k[0], k[1]),
                  List.of(1, 2),
                  List.of(k[0] / 2, k[1] / 2),
                  List.of(k[0] / 2, k[1] / 2 + 1),
                  List.of(1, 1))));
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> convolutionsInThreeDimensionsEqualTheDefinition() {
    List<Integer> ones = List.of(1, 1, 1);
    return Stream.of(
        conv(Shape.of(1, 9, 7, 8), 8, 1, true, Window.valid(7, 3, 3)),
        conv(Shape.of(8, 6, 5, 7), 16, 1, true, Window.valid(5, 3, 3)),
        conv(Shape.of(3, 5, 6, 7), 5, 1, false, Window.of(List.of(3, 3, 3), ones, ones, ones)),
        conv(
            Shape.of(4, 7, 6, 9),
            6,
            2,
            true,
            Window.of(List.of(3, 2, 3), List.of(2, 1, 2), List.of(1, 0, 2), List.of(1, 2, 1))),
        conv(Shape.of(17, 4, 5, 6), 17, 17, true, Window.of(List.of(3, 3, 3), ones, ones, ones)),
        conv(
            Shape.of(5, 6, 7, 8),
            5,
            5,
            true,
            Window.of(List.of(3, 1, 5), List.of(1, 2, 2), List.of(1, 0, 2), ones)),
        conv(Shape.of(2, 1, 1, 1), 3, 1, true, Window.of(List.of(3, 3, 3), ones, ones, ones)));
  }

  @TestFactory
  Stream<DynamicTest> transposedConvolutionsEqualTheDefinition() {
    return Stream.of(
        test(
            new Op.ConvTranspose(5, Window.square(3, 2, 1), List.of(1, 1), 1, true),
            Shape.of(4, 5, 7)),
        test(
            new Op.ConvTranspose(6, Window.square(2, 2, 0), List.of(0, 0), 3, false),
            Shape.of(9, 4, 3)),
        test(
            new Op.ConvTranspose(8, Window.dilated(3, 1, 0, 2), List.of(0, 0), 1, true),
            Shape.of(3, 1, 6)),
        test(
            new Op.ConvTranspose(12, Window.square(4, 3, 2), List.of(0, 2), 12, true),
            Shape.of(12, 6, 5)),
        test(
            new Op.ConvTranspose(
                4, Window.of(List.of(5), List.of(2), List.of(2), List.of(1)), List.of(1), 2, true),
            Shape.of(6, 9)),
        test(
            new Op.ConvTranspose(
                3,
                Window.of(List.of(2, 3, 3), List.of(2, 1, 2), List.of(0, 1, 1), List.of(1, 1, 1)),
                List.of(0, 0, 1),
                1,
                true),
            Shape.of(5, 3, 4, 4)),
        test(
            "transposed with batch norm",
            Shape.of(4, 5, 6),
            b ->
                b.add(
                    "norm",
                    new Op.BatchNorm(),
                    b.add(
                        "up",
                        new Op.ConvTranspose(6, Window.square(3, 2, 1), List.of(0, 1), 2, true),
                        b.input()))));
  }

  @TestFactory
  Stream<DynamicTest> linearLayersEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int in : new int[] {1, 2, 7, 16, 33, 130}) {
      for (int out : new int[] {1, 3, 16, 21, 100}) {
        tests.add(test(new Op.Linear(out, in % 2 == 0), Shape.of(in)));
      }
    }
    tests.add(
        test(
            "flattened map",
            Shape.of(5, 3, 4),
            b ->
                b.add(
                    "fc",
                    new Op.Linear(9, true),
                    b.add("flat", new Op.Reshape(Shape.of(60)), b.input()))));
    tests.add(
        test(
            "flattened shuffle",
            Shape.of(6, 3, 5),
            b ->
                b.add(
                    "fc",
                    new Op.Linear(9, true),
                    b.add(
                        "flat",
                        new Op.Reshape(Shape.of(90)),
                        b.add("shuffle", new Op.Shuffle(3), b.input())))));
    return tests.stream();
  }
}
