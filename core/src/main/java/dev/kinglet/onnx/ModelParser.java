package dev.kinglet.onnx;

import dev.kinglet.onnx.Messages.AttributeMessage;
import dev.kinglet.onnx.Messages.FunctionMessage;
import dev.kinglet.onnx.Messages.GraphMessage;
import dev.kinglet.onnx.Messages.Model;
import dev.kinglet.onnx.Messages.NodeMessage;
import dev.kinglet.onnx.Messages.TensorMessage;
import dev.kinglet.onnx.Messages.ValueMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes to {@link Messages}. Tensors stay views of the file; unknown fields are passed over.
 *
 * <p>This and everything after it on the way to a graph uses loops, not streams: a model opens in a
 * fresh Java machine in milliseconds, where the first lambda alone costs twenty.
 */
final class ModelParser {
  private static final long[] NO_NUMBERS = {};
  private static final float[] NO_SINGLES = {};

  private ModelParser() {}

  static Model model(ByteBuffer file, String source) {
    WireReader in = new WireReader(file, source);
    String producer = "";
    Map<String, Integer> opsets = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<FunctionMessage> functions = new ArrayList<>();
    GraphMessage graph = null;
    while (in.next()) {
      switch (in.field()) {
        case 2 -> producer = in.text();
        case 7 -> graph = graph(in.message());
        case 8 -> opset(in.message(), opsets);
        case 14 -> entry(in.message(), metadata);
        case 25 -> functions.add(function(in.message()));
        default -> in.skip();
      }
    }
    if (graph == null) {
      throw in.broken("it ends without a graph");
    }
    return new Model(producer, opsets, metadata, graph, functions);
  }

  /** A {@code TensorProto} that is a whole file, as ONNX's own test data are. */
  static TensorMessage tensor(ByteBuffer file, String source) {
    return tensor(new WireReader(file, source));
  }

  private static void opset(WireReader in, Map<String, Integer> opsets) {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.text();
        case 2 -> version = in.number();
        default -> in.skip();
      }
    }
    opsets.put(domain.equals("ai.onnx") ? "" : domain, Math.clamp(version, 0, 1 << 20));
  }

  private static void entry(WireReader in, Map<String, String> entries) {
    String key = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.text();
        case 2 -> value = in.text();
        default -> in.skip();
      }
    }
    entries.put(key, value);
  }

  private static GraphMessage graph(WireReader in) {
    String name = "";
    List<NodeMessage> nodes = new ArrayList<>();
    List<TensorMessage> initializers = new ArrayList<>();
    List<ValueMessage> inputs = new ArrayList<>();
    List<ValueMessage> outputs = new ArrayList<>();
    boolean sparse = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message()));
        case 2 -> name = in.text();
        case 5 -> initializers.add(tensor(in.message()));
        case 11 -> inputs.add(value(in.message()));
        case 12 -> outputs.add(value(in.message()));
        case 15 -> {
          sparse = true;
          in.skip();
        }
        default -> in.skip();
      }
    }
    return new GraphMessage(name, nodes, initializers, inputs, outputs, sparse);
  }

  private static FunctionMessage function(WireReader in) {
    String domain = "";
    String name = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<NodeMessage> nodes = new ArrayList<>();
    Map<String, AttributeMessage> defaults = new LinkedHashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 4 -> inputs.add(in.text());
        case 5 -> outputs.add(in.text());
        case 7 -> nodes.add(node(in.message()));
        case 10 -> domain = in.text();
        case 11 -> {
          AttributeMessage attribute = attribute(in.message());
          defaults.put(attribute.name(), attribute);
        }
        default -> in.skip();
      }
    }
    return new FunctionMessage(domain, name, inputs, outputs, nodes, defaults);
  }

  private static NodeMessage node(WireReader in) {
    String name = "";
    String operator = "";
    String domain = "";
    String doc = "";
    List<String> inputs = new ArrayList<>(3);
    List<String> outputs = new ArrayList<>(1);
    Map<String, AttributeMessage> attributes = Map.of();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operator = in.text();
        case 5 -> {
          AttributeMessage attribute = attribute(in.message());
          if (attributes.isEmpty()) {
            attributes = new LinkedHashMap<>();
          }
          attributes.put(attribute.name(), attribute);
        }
        case 6 -> doc = in.text();
        case 7 -> domain = in.text();
        default -> in.skip();
      }
    }
    if (operator.isEmpty() || outputs.isEmpty()) {
      throw in.broken("a node has no operator or no output");
    }
    return new NodeMessage(
        name, operator, domain.equals("ai.onnx") ? "" : domain, inputs, outputs, attributes, doc);
  }

  private static AttributeMessage attribute(WireReader in) {
    String name = "";
    float single = 0;
    long number = 0;
    ByteBuffer bytes = null;
    TensorMessage tensor = null;
    Singles singles = new Singles();
    Numbers numbers = new Numbers();
    String reference = "";
    boolean subgraph = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> single = in.single();
        case 3 -> number = in.number();
        case 4 -> bytes = in.bytes();
        case 5 -> tensor = tensor(in.message());
        case 6, 11 -> {
          subgraph = true;
          in.skip();
        }
        case 7 -> singles.read(in);
        case 8 -> numbers.read(in);
        case 21 -> reference = in.text();
        default -> in.skip();
      }
    }
    return new AttributeMessage(
        name,
        single,
        number,
        bytes,
        tensor,
        singles.values(),
        numbers.values(),
        reference,
        subgraph);
  }

  private static TensorMessage tensor(WireReader in) {
    String name = "";
    Numbers dims = new Numbers();
    int type = 0;
    ByteBuffer raw = null;
    WireReader body = in.copy();
    int typedField = 0;
    Map<String, String> external = null;
    boolean elsewhere = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> dims.read(in);
        case 2 -> type = (int) in.number();
        case 4, 5, 7, 10, 11 -> {
          if (typedField != 0 && typedField != in.field()) {
            throw in.broken("a tensor holds numbers of two types");
          }
          typedField = in.field();
          in.skip();
        }
        case 8 -> name = in.text();
        case 9 -> raw = in.bytes();
        case 13 -> {
          if (external == null) {
            external = new LinkedHashMap<>();
          }
          entry(in.message(), external);
        }
        case 14 -> elsewhere = in.number() == 1;
        default -> in.skip();
      }
    }
    if (elsewhere && external == null) {
      external = Map.of();
    }
    return new TensorMessage(
        name, dims.values(), type, raw, typedField, body, elsewhere ? external : null);
  }

  private static ValueMessage value(WireReader in) {
    String name = "";
    int type = 0;
    long[] dims = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> {
          WireReader kind = in.message();
          while (kind.next()) {
            if (kind.field() != 1) {
              kind.skip();
              continue;
            }
            WireReader tensor = kind.message();
            while (tensor.next()) {
              switch (tensor.field()) {
                case 1 -> type = (int) tensor.number();
                case 2 -> dims = shape(tensor.message());
                default -> tensor.skip();
              }
            }
          }
        }
        default -> in.skip();
      }
    }
    return new ValueMessage(name, type, dims);
  }

  private static long[] shape(WireReader in) {
    Numbers dims = new Numbers();
    while (in.next()) {
      if (in.field() != 1) {
        in.skip();
        continue;
      }
      long size = -1;
      WireReader dim = in.message();
      while (dim.next()) {
        if (dim.field() == 1) {
          size = Math.max(dim.number(), -1);
        } else {
          dim.skip();
        }
      }
      dims.add(size);
    }
    return dims.values();
  }

  /** Whole numbers that come packed or one by one. */
  private static final class Numbers {
    private long[] values = NO_NUMBERS;
    private int count;

    void read(WireReader in) {
      if (in.type() != WireReader.BYTES) {
        add(in.number());
        return;
      }
      WireReader packed = in.message();
      values = Arrays.copyOf(values, count + packed.packedNumbers());
      while (!packed.atEnd()) {
        add(packed.varint());
      }
    }

    void add(long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.max(4, 2 * count));
      }
      values[count++] = value;
    }

    long[] values() {
      return count == values.length ? values : Arrays.copyOf(values, count);
    }
  }

  /** Single-precision numbers that come packed or one by one. */
  private static final class Singles {
    private float[] values = NO_SINGLES;
    private int count;

    void read(WireReader in) {
      if (in.type() != WireReader.BYTES) {
        add(in.single());
        return;
      }
      WireReader packed = in.message();
      while (!packed.atEnd()) {
        add(packed.packedSingle());
      }
    }

    private void add(float value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.max(4, 2 * count));
      }
      values[count++] = value;
    }

    float[] values() {
      return count == values.length ? values : Arrays.copyOf(values, count);
    }
  }
}
