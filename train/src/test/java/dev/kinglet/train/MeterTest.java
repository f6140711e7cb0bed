package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MeterTest {
  private final StringWriter text = new StringWriter();
  private final Progress progress = new Progress();

  private Meter meter(boolean terminal) {
    PrintWriter writer = new PrintWriter(text);
    return new Meter(new Console(writer, writer, terminal), progress, 3, 10, 32);
  }

  @Test
  void theLineSaysWhereSpeedWaitingAndWhatIsLeft() {
    Meter meter = meter(true);
    for (int i = 0; i < 4; i++) {
      progress.count(0.5, 24, 32);
    }
    // Four of thirty steps took two seconds: 64 samples a second, and 13 seconds are left.
    assertEquals(
        "epoch 1 of 3, step 4 of 10: loss 0.5000, accuracy 75.0 %, 64 samples/s, 1.5 ms waiting a"
            + " step, 0:00:13 left",
        meter.line(2, 6_000_000));
    meter.show(0);
    assertTrue(text.toString().contains("step 4 of 10"));
  }

  @Test
  void nothingIsShownWhereNobodyLooks() {
    Meter meter = meter(false);
    progress.count(0.5, 24, 32);
    meter.show(0);
    assertEquals("", text.toString());
  }
}
