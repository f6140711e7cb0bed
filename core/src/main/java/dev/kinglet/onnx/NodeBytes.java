package dev.kinglet.onnx;

import java.util.List;

/** A {@code NodeProto} being written. */
final class NodeBytes {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int INTS = 7;

  private final WireWriter bytes = new WireWriter();

  NodeBytes(String operator, String name, List<String> inputs, String output) {
    for (String input : inputs) {
      bytes.text(1, input);
    }
    bytes.text(2, output).text(3, name).text(4, operator);
  }

  NodeBytes with(String attribute, long value) {
    return attribute(attribute, INT, new WireWriter().number(3, value));
  }

  NodeBytes with(String attribute, float value) {
    return attribute(attribute, FLOAT, new WireWriter().single(2, value));
  }

  NodeBytes with(String attribute, String value) {
    return attribute(attribute, STRING, new WireWriter().text(4, value));
  }

  NodeBytes with(String attribute, long[] values) {
    WireWriter numbers = new WireWriter();
    for (long value : values) {
      numbers.number(8, value);
    }
    return attribute(attribute, INTS, numbers);
  }

  NodeBytes with(String attribute, List<Integer> values) {
    return with(attribute, GraphEncoder.longs(values));
  }

  NodeBytes doc(String text) {
    if (!text.isEmpty()) {
      bytes.text(6, text);
    }
    return this;
  }

  WireWriter bytes() {
    return bytes;
  }

  private NodeBytes attribute(String name, int type, WireWriter value) {
    WireWriter whole = new WireWriter().text(1, name);
    bytes.message(5, whole.append(value).number(20, type));
    return this;
  }
}
