package dev.kinglet.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The messages of {@code onnx.proto}, reduced to the fields that the reader needs. */
final class Messages {
  private Messages() {}

  /**
   * A {@code ModelProto}.
   *
   * @param producer the name of the program that wrote the file, or empty
   * @param opsets the version of each operator domain; the ONNX domain is empty
   */
  record Model(
      String producer,
      Map<String, Integer> opsets,
      Map<String, String> metadata,
      GraphMessage graph,
      List<FunctionMessage> functions) {}

  /** A {@code GraphProto}. */
  record GraphMessage(
      String name,
      List<NodeMessage> nodes,
      List<TensorMessage> initializers,
      List<ValueMessage> inputs,
      List<ValueMessage> outputs,
      boolean sparse) {}

  /** A {@code FunctionProto}: a node that stands for others. */
  record FunctionMessage(
      String domain,
      String name,
      List<String> inputs,
      List<String> outputs,
      List<NodeMessage> nodes,
      Map<String, AttributeMessage> defaults) {}

  /** A {@code NodeProto}. */
  record NodeMessage(
      String name,
      String operator,
      String domain,
      List<String> inputs,
      List<String> outputs,
      Map<String, AttributeMessage> attributes,
      String doc) {

    /** The node's name, or its first output's where it has none. */
    String title() {
      return !name.isEmpty() || outputs.isEmpty() ? name : outputs.getFirst();
    }
  }

  /**
   * An {@code AttributeProto}.
   *
   * @param reference the function's attribute that stands here, or empty
   * @param subgraph whether it holds a graph, as control flow does
   */
  record AttributeMessage(
      String name,
      float single,
      long number,
      ByteBuffer bytes,
      TensorMessage tensor,
      float[] singles,
      long[] numbers,
      String reference,
      boolean subgraph) {}

  /**
   * A {@code TensorProto}: its numbers lie in one of the fields.
   *
   * @param type the number of {@code TensorProto.DataType}
   * @param raw {@code raw_data}, or null
   * @param typedField the field of typed numbers that it has, or 0
   * @param body a reader over the whole message, to read those numbers with
   * @param external where the numbers lie in another file, or null
   */
  record TensorMessage(
      String name,
      long[] dims,
      int type,
      ByteBuffer raw,
      int typedField,
      WireReader body,
      Map<String, String> external) {}

  /**
   * A {@code ValueInfoProto} of a tensor.
   *
   * @param type the number of {@code TensorProto.DataType}; 0 for no tensor
   * @param dims each size, or -1 where it is free; null for an unknown rank
   */
  record ValueMessage(String name, int type, long[] dims) {}
}
