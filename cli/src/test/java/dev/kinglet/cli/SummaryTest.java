package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.golden.Goldens;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The zoo and its networks as the command line shows them. */
class SummaryTest {
  @Test
  void theListHoldsEveryGoldenNetworkWithPyTorchsParameters() {
    JsonNode list = kinglet("list", "--json").done().json();
    for (Goldens.Golden golden : Goldens.all()) {
      if (!golden.command().contains(" ")) {
        JsonNode row = row(list, golden.command());
        assertEquals(golden.parameters(), row.get("parameters").asLong(), golden.id());
        assertEquals(golden.classes(), row.get("classes").asInt(), golden.id());
        assertTrue(row.get("macs").asLong() > 0);
        assertEquals(
            golden.batch().toString(), golden.samples() + "x" + row.get("input").asString());
      }
    }
  }

  private static JsonNode row(JsonNode list, String name) {
    for (JsonNode row : list) {
      if (row.get("name").asString().equals(name)) {
        return row;
      }
    }
    throw new AssertionError(name + " is not listed");
  }

  @Test
  void theListForPeopleHasALineANetwork() {
    String text = kinglet("list").done().out();
    assertEquals(
        kinglet("list", "--json").json().size() + 1, text.lines().count(), "lines and a header");
    assertTrue(text.contains("mobilenet_v2_100"));
  }

  @Test
  void layersAddUpToTheWholeNetwork() {
    JsonNode summary = kinglet("summary", "mobilenet_v2_100", "--json").done().json();
    // The counts of facts on MobileNetV2: 3,504,872 parameters, 300,774,272 MACs.
    assertEquals(3_504_872, summary.get("parameters").asLong());
    assertEquals(300_774_272, summary.get("macs").asLong());
    for (String count : new String[] {"parameters", "macs", "memory_access_bytes"}) {
      long sum = 0;
      for (JsonNode layer : summary.get("layers")) {
        sum += layer.get(count).asLong();
      }
      assertEquals(summary.get(count).asLong(), sum, count);
    }
    assertEquals("3x224x224", summary.get("input").asString());
    assertEquals("1000", summary.get("output").asString());
  }

  @Test
  void theFirstConvolutionReadsAndWritesWhatItMust() {
    JsonNode first =
        kinglet("summary", "mobilenet_v1_100", "--json").done().json().get("layers").get(1);
    // 3x224x224 read, 32x112x112 written, 32x3x3x3 weights, four bytes each.
    assertEquals(
        4 * (3 * 224 * 224 + 32 * 112 * 112 + 864), first.get("memory_access_bytes").asInt());
    assertEquals("conv 3x3 /2", first.get("op").asString());
    assertEquals("32x112x112", first.get("output").asString());
  }

  @Test
  void optionsMakeAnotherNetwork() {
    JsonNode summary =
        kinglet(
                "summary",
                "mobilenet_v1_100",
                "--classes",
                "10",
                "--set",
                "width=0.6",
                "--input",
                "3x96x128",
                "--json")
            .done()
            .json();
    assertEquals("3x96x128", summary.get("input").asString());
    assertEquals("10", summary.get("output").asString());
  }

  @Test
  void theTableEndsWithTheTotals() {
    assertTrue(
        kinglet("summary", "mobilenet_v2_100")
            .done()
            .out()
            .contains("3,504,872 parameters, 300,774,272 MACs"));
  }

  @Test
  void whatNoNetworkCanBeIsRefused() {
    kinglet("summary", "mobilenet_v9_100").refused("'mobilenet_v9_100'");
    kinglet("summary", "mobilenet_v1_100", "--input", "3x").refused("3x224x224");
    kinglet("summary", "mobilenet_v1_100", "--input", "3x-1x5").refused("not a shape");
    kinglet("summary", "mobilenet_v1_100", "--input", "3x99999999x5").refused();
    kinglet("summary", "mobilenet_v1_100", "--classes", "0").refused("--classes", "'0'");
    kinglet("summary", "mobilenet_v1_100", "--classes", "many").refused("'many'");
    kinglet("summary", "mobilenet_v1_100", "--set", "colour=red").refused("'colour'", "width");
    kinglet("summary", "mobilenet_v1_100", "--set", "width=wide").refused("'wide'");
    kinglet("summary", "mobilenet_v1_100", "--set", "width=1", "--set", "width=1")
        .refused("'width' twice");
  }
}
