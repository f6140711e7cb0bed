package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** The native library behind training: loaded once, on first use, and only for training. */
public final class LibTorch {
  private LibTorch() {}

  /**
   * Loads LibTorch.
   *
   * @throws InvalidInputException in one sentence, if it is not on the class path or has no build
   *     for this system
   */
  public static void load() {
    try {
      // After a product OpenBLAS's threads spin for 2^26 cycles, on the cores which LibTorch's own
      // threads need for the next operator: with two cores, a third of a step. 4 is the least.
      NativeEnvironment.preset("OPENBLAS_THREAD_TIMEOUT", "4");
      Loader.load(torch.class);
    } catch (NoClassDefFoundError e) {
      throw new InvalidInputException(
          "Training needs LibTorch, which is not on the class path; start it by ./kinglet train or"
              + " add org.bytedeco:pytorch and its native jar.",
          e);
    } catch (UnsatisfiedLinkError | NoSuchMethodError e) {
      throw new InvalidInputException(
          "Training needs LibTorch, but there is no build of it on the class path for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + "; train on Linux x86-64 and bring model.onnx here, which every system runs.",
          e);
    }
  }

  /** The threads that one operator of LibTorch, or of OpenBLAS below it, may use. */
  public static void threads(int count) {
    torch.set_num_threads(count);
    openblas_nolapack.blas_set_num_threads(count);
  }

  /** The first line of what LibTorch threw; a long C++ stack follows it. */
  static String message(RuntimeException failure) {
    String text = String.valueOf(failure.getMessage());
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
