package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartTest {
  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<String> texts(Document svg) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = svg.getElementsByTagName("text");
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void everyLineHasAPointForEachOfItsEpochs() throws Exception {
    List<double[]> all =
        List.of(new double[] {1, 0.5}, new double[] {2, 0.75}, new double[] {3, 1});
    List<double[]> some = List.of(new double[] {3, 0.6});
    Document svg =
        parsed(Chart.svg(List.of(new Chart.Line("a < b", all), new Chart.Line("c", some)), true));
    NodeList lines = svg.getElementsByTagName("polyline");
    assertEquals(2, lines.getLength());
    String points = lines.item(0).getAttributes().getNamedItem("points").getNodeValue();
    assertEquals(3, points.split(" ").length);
    List<String> texts = texts(svg);
    assertTrue(
        texts.containsAll(List.of("a < b", "c", "50 %", "100 %", "1", "2", "3")), "" + texts);
  }

  @Test
  void equalValuesAndNoValuesAreStillAPicture() throws Exception {
    String flat = Chart.svg(List.of(new Chart.Line("x", List.of(new double[] {1, 0.5}))), false);
    String none = Chart.svg(List.of(new Chart.Line("x", List.of())), true);
    parsed(flat);
    parsed(none);
    assertFalse(flat.contains("NaN") || none.contains("NaN") || flat.contains("Infinity"));
  }
}
