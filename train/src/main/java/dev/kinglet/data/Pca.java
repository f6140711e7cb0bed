package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Principal components of a cube's spectra, scaled to unit variance (scikit-learn's {@code PCA(n,
 * whiten=True)}, but for the sign of a component).
 *
 * @param mean the mean spectrum
 * @param components one a row, divided by the root of its variance
 * @param explained the share of the variance that each keeps
 */
public record Pca(double[] mean, double[][] components, double[] explained) {
  private static final int SWEEPS = 60;

  /**
   * Fits to every pixel of a cube.
   *
   * @throws InvalidInputException if it has fewer bands than components, or is constant
   */
  public static Pca fit(Cube cube, int count) {
    int bands = cube.bands();
    int pixels = cube.height() * cube.width();
    if (count < 1 || count > Math.min(bands, pixels - 1)) {
      throw new InvalidInputException(
          "The cube has "
              + bands
              + " bands and "
              + pixels
              + " pixels, which cannot give "
              + count
              + " components; choose --set bands=N with a smaller N.");
    }
    double[] mean = new double[bands];
    for (int i = 0; i < pixels * bands; i++) {
      mean[i % bands] += cube.values()[i];
    }
    for (int b = 0; b < bands; b++) {
      mean[b] /= pixels;
    }
    double[][] covariance = new double[bands][bands];
    double[] row = new double[bands];
    for (int p = 0; p < pixels; p++) {
      for (int b = 0; b < bands; b++) {
        row[b] = cube.values()[p * bands + b] - mean[b];
      }
      for (int a = 0; a < bands; a++) {
        double left = row[a];
        double[] sums = covariance[a];
        for (int b = 0; b <= a; b++) {
          sums[b] += left * row[b];
        }
      }
    }
    double trace = 0;
    for (int a = 0; a < bands; a++) {
      for (int b = 0; b <= a; b++) {
        covariance[a][b] /= pixels - 1;
        covariance[b][a] = covariance[a][b];
      }
      trace += covariance[a][a];
    }
    double[][] vectors = diagonalise(covariance);
    Integer[] order =
        IntStream.range(0, bands)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -covariance[i][i]))
            .toArray(Integer[]::new);
    double[][] components = new double[count][bands];
    double[] explained = new double[count];
    for (int c = 0; c < count; c++) {
      double variance = covariance[order[c]][order[c]];
      if (!(variance > 0)) {
        throw new InvalidInputException(
            "The cube varies along " + c + " directions only; choose --set bands=N below that.");
      }
      double largest = 0;
      for (int b = 0; b < bands; b++) {
        components[c][b] = vectors[b][order[c]] / Math.sqrt(variance);
        largest = Math.abs(components[c][b]) > Math.abs(largest) ? components[c][b] : largest;
      }
      if (largest < 0) {
        // The sign is free; one rule makes it the same everywhere.
        Arrays.setAll(components[c], scaled(components[c].clone()));
      }
      explained[c] = variance / trace;
    }
    return new Pca(mean, components, explained);
  }

  private static IntToDoubleFunction scaled(double[] values) {
    return i -> -values[i];
  }

  /** Jacobi's rotations: leaves the eigenvalues on the diagonal, gives the vectors as columns. */
  private static double[][] diagonalise(double[][] a) {
    int n = a.length;
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      v[i][i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double off = 0;
      double diagonal = 0;
      for (int p = 0; p < n; p++) {
        diagonal += a[p][p] * a[p][p];
        for (int q = 0; q < p; q++) {
          off += a[p][q] * a[p][q];
        }
      }
      if (off <= 1e-26 * diagonal) {
        break;
      }
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, v, p, q);
        }
      }
    }
    return v;
  }

  private static void rotate(double[][] a, double[][] v, int p, int q) {
    double value = a[p][q];
    if (value == 0) {
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * value);
    double t = Math.copySign(1 / (Math.abs(theta) + Math.sqrt(theta * theta + 1)), theta);
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    double pp = a[p][p] - t * value;
    double qq = a[q][q] + t * value;
    for (int i = 0; i < a.length; i++) {
      double ip = a[i][p];
      double iq = a[i][q];
      a[i][p] = c * ip - s * iq;
      a[i][q] = s * ip + c * iq;
      a[p][i] = a[i][p];
      a[q][i] = a[i][q];
      double vp = v[i][p];
      double vq = v[i][q];
      v[i][p] = c * vp - s * vq;
      v[i][q] = s * vp + c * vq;
    }
    a[p][p] = pp;
    a[q][q] = qq;
    a[p][q] = 0;
    a[q][p] = 0;
  }

  /** The components of every pixel, in place of its bands. */
  public Cube apply(Cube cube) {
    int pixels = cube.height() * cube.width();
    int count = components.length;
    float[] out = new float[pixels * count];
    for (int p = 0; p < pixels; p++) {
      for (int c = 0; c < count; c++) {
        double sum = 0;
        for (int b = 0; b < cube.bands(); b++) {
          sum += components[c][b] * (cube.values()[p * cube.bands() + b] - mean[b]);
        }
        out[p * count + c] = (float) sum;
      }
    }
    return new Cube(cube.height(), cube.width(), count, out);
  }
}
