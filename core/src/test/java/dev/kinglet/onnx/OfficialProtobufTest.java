package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.RandomGraph;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.zoo.Zoo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Our files through protobuf's own classes and the descriptor of {@code onnx.proto} that ONNX
 * ships: what every other reader of the format sees.
 */
class OfficialProtobufTest {
  private static final Descriptor MODEL = descriptor();

  @Test
  void everyFieldThatWeWriteIsKnown() throws IOException {
    for (String name :
        List.of("mobilenet_v3_small_075", "shufflenet_v2_x0_5", "hybridsn_salinas")) {
      Graph graph = Zoo.variant(name).build();
      OnnxModel model =
          new OnnxModel(graph, InitialWeights.of(graph, 1), Map.of("labels", "gr\u00fcn\nrot"));
      check(model, OnnxWriter.Options.defaults().withHalf(name.startsWith("mobile")));
    }
    for (int seed = 0; seed < 100; seed++) {
      Graph graph = RandomGraph.of(seed);
      OnnxModel model = new OnnxModel(graph, Engines.weights(graph, new Random(seed)), Map.of());
      check(model, new OnnxWriter.Options(19 + seed % 10, seed % 2 == 0));
    }
  }

  private static void check(OnnxModel model, OnnxWriter.Options options) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.encode(model, options).writeTo(Channels.newChannel(bytes));
    DynamicMessage official = DynamicMessage.parseFrom(MODEL, bytes.toByteArray());
    assertNothingUnknown(official);
    assertEquals("Kinglet", official.getField(MODEL.findFieldByName("producer_name")));
    Message graph = (Message) official.getField(MODEL.findFieldByName("graph"));
    Set<Object> names = new HashSet<>();
    for (Object tensor : list(graph, "initializer")) {
      names.add(field((Message) tensor, "name"));
    }
    assertTrue(
        names.containsAll(
            OnnxWriter.stored(model, options).names().stream()
                .filter(name -> !name.endsWith("num_batches_tracked"))
                .toList()));
    Set<Object> nodes = new HashSet<>();
    for (Object node : list(graph, "node")) {
      nodes.add(field((Message) node, "name"));
    }
    model.graph().nodes().stream()
        .skip(1)
        .forEach(node -> assertTrue(nodes.contains(node.name()), node.name()));
    // And back: what the official classes write, we read.
    OnnxModel read =
        OnnxReader.read(
            ByteBuffer.wrap(official.toByteArray()), "test", new ExternalData(null), null, true);
    assertEquals(model.graph(), read.graph());
    assertEquals(OnnxWriter.stored(model, options), read.weights());
    assertEquals(model.metadata(), read.metadata());
  }

  private static void assertNothingUnknown(Message message) {
    assertTrue(message.getUnknownFields().asMap().isEmpty(), message::toString);
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      if (entry.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        List<?> values =
            entry.getKey().isRepeated() ? (List<?>) entry.getValue() : List.of(entry.getValue());
        values.forEach(value -> assertNothingUnknown((Message) value));
      }
    }
  }

  private static List<?> list(Message message, String field) {
    return (List<?>) field(message, field);
  }

  private static Object field(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  private static Descriptor descriptor() {
    try (InputStream in = OfficialProtobufTest.class.getResourceAsStream("onnx.desc")) {
      return FileDescriptor.buildFrom(
              FileDescriptorSet.parseFrom(in).getFile(0), new FileDescriptor[0])
          .findMessageTypeByName("ModelProto");
    } catch (IOException | DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }
}
