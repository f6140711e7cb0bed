package dev.kinglet.formats.safetensors;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header, read token by token: a tree of it would cost many times the file. The tensors
 * must fill the rest of the file without gap or overlap, as the format demands.
 */
final class SafetensorsHeader {
  private static final int MOST_AXES = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final FileBytes data;
  private final JsonParser json;
  private final List<Range> ranges = new ArrayList<>();

  private record Range(long start, long end) {}

  private SafetensorsHeader(FileBytes data, JsonParser json) {
    this.data = data;
    this.json = json;
  }

  static Map<String, Tensor> parse(FileBytes data, byte[] header) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), header)) {
      return new SafetensorsHeader(data, json).tensors();
    } catch (JacksonException e) {
      throw data.refuse(
          "has a safetensors header that is not plain JSON (at byte "
              + e.getLocation().getByteOffset()
              + " of it); fetch or save it again.");
    }
  }

  private Map<String, Tensor> tensors() {
    expect(json.nextToken(), JsonToken.START_OBJECT);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      if (name.equals("__metadata__")) {
        expect(json.nextToken(), JsonToken.START_OBJECT);
        json.skipChildren();
      } else {
        tensors.put(name, tensor(name));
      }
    }
    if (json.nextToken() != null) {
      throw malformed("something behind the header's end");
    }
    requireNeitherGapNorOverlap();
    return tensors;
  }

  private void requireNeitherGapNorOverlap() {
    ranges.sort(Comparator.comparingLong(Range::start).thenComparingLong(Range::end));
    long covered = 0;
    for (Range range : ranges) {
      if (range.start() != covered) {
        throw malformed("a gap or an overlap at byte " + Math.min(covered, range.start()));
      }
      covered = range.end();
    }
    if (covered != data.size()) {
      throw data.refuse(
          "has tensors of "
              + covered
              + " bytes, but "
              + data.size()
              + " bytes behind its header; fetch or save it again.");
    }
  }

  private Tensor tensor(String name) {
    String what = FileBytes.quote(name);
    expect(json.nextToken(), JsonToken.START_OBJECT);
    String type = null;
    long[] sizes = null;
    long[] range = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      switch (json.currentName()) {
        case "dtype" -> {
          expect(json.nextToken(), JsonToken.VALUE_STRING);
          type = json.getString();
        }
        case "shape" -> sizes = numbers(what);
        case "data_offsets" -> range = numbers(what);
        default -> throw malformed("an unknown key of tensor " + what);
      }
    }
    if (type == null || sizes == null || range == null || range.length != 2) {
      throw malformed("a tensor " + what + " without type, shape or place");
    }
    if (range[1] < range[0]) {
      throw malformed("a tensor " + what + " that ends before it begins");
    }
    FileBytes place = data.part(range[0], range[1] - range[0], "the tensor " + what);
    ranges.add(new Range(range[0], range[1]));
    Shape shape = data.shape(what, sizes);
    return place.tensor(what, shape, type(what, type));
  }

  private Tensor.Type type(String what, String type) {
    for (Tensor.Type known : Tensor.Type.values()) {
      if (known.name().equals(type)) {
        return known;
      }
    }
    throw data.refuse(
        "stores "
            + what
            + " as "
            + FileBytes.quote(type)
            + "; save it as one of "
            + Arrays.toString(Tensor.Type.values())
            + ".");
  }

  private long[] numbers(String what) {
    expect(json.nextToken(), JsonToken.START_ARRAY);
    long[] numbers = new long[4];
    int count = 0;
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      if (count == MOST_AXES) {
        throw malformed("more than " + MOST_AXES + " axes of tensor " + what);
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      try {
        numbers[count++] = json.getLongValue();
      } catch (InputCoercionException e) {
        throw malformed("a number of tensor " + what + " beyond 2^63");
      }
    }
    expect(json.currentToken(), JsonToken.END_ARRAY);
    return Arrays.copyOf(numbers, count);
  }

  private void expect(JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw malformed(found + " where " + expected + " belongs");
    }
  }

  private RuntimeException malformed(String what) {
    return data.refuse(
        "has a damaged safetensors header with " + what + "; fetch or save it again.");
  }
}
