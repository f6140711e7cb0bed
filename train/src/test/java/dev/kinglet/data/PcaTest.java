package dev.kinglet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import org.junit.jupiter.api.Test;

class PcaTest {
  /** Element i is ((i * 37 + i * i % 11) % 101) / 10, as the reference was made. */
  private static Cube cube() {
    float[] values = new float[6 * 5 * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 + i * i % 11) % 101 / 10f;
    }
    return new Cube(6, 5, 4, values);
  }

  @Test
  void componentsAreThoseOfScikitLearnButForTheSign() {
    Cube found = Pca.fit(cube(), 3).apply(cube());
    for (int row = 0; row < EXPECTED.length; row++) {
      for (int c = 0; c < 3; c++) {
        double value = found.values()[row * 3 + c];
        double sign = Math.signum(EXPECTED[0][c]) * Math.signum(found.values()[c]);
        assertEquals(EXPECTED[row][c], sign * value, 1e-5, "pixel " + row + ", component " + c);
      }
    }
  }

  @Test
  void whitenedComponentsHaveUnitVarianceAndDoNotCorrelate() {
    Cube found = Pca.fit(cube(), 4).apply(cube());
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 4; b++) {
        double sum = 0;
        for (int p = 0; p < 30; p++) {
          sum += (double) found.values()[p * 4 + a] * found.values()[p * 4 + b];
        }
        assertEquals(a == b ? 1 : 0, sum / 29, 1e-5);
      }
    }
  }

  @Test
  void moreComponentsThanBandsAreRefused() {
    String message =
        assertThrows(InvalidInputException.class, () -> Pca.fit(cube(), 5)).getMessage();
    assertTrue(message.contains("4 bands"), message);
    Cube constant = new Cube(2, 2, 3, new float[12]);
    assertThrows(InvalidInputException.class, () -> Pca.fit(constant, 1));
  }

  /** sklearn.decomposition.PCA(3, whiten=True), the first five pixels. */
  private static final double[][] EXPECTED = {
    {-1.5283488, -0.2689442, -0.9531354},
    {0.6163927, 1.0918392, 0.3007812},
    {-1.6390673, -0.1732658, -0.6329185},
    {0.3473010, 1.0928423, -0.0989496},
    {-0.2346609, -1.1087668, 2.7331851}
  };
}
