package dev.kinglet.zoo;

import dev.kinglet.graph.Shape;
import java.util.Map;

/**
 * A variant with every setting decided.
 *
 * @param variant the name
 * @param input the shape of one sample
 * @param classes the number of classes
 * @param values every setting of the variant by key, all legal
 */
record Choice(String variant, Shape input, int classes, Map<String, String> values) {
  String text(String key) {
    return values.get(key);
  }

  boolean is(String key, String value) {
    return text(key).equals(value);
  }

  boolean flag(String key) {
    return is(key, "true");
  }

  double number(String key) {
    return Double.parseDouble(text(key));
  }

  int whole(String key) {
    return (int) number(key);
  }

  /** Whether the family's form for pictures of about 32 x 32 is asked for. */
  boolean small() {
    return is("stem", "small");
  }

  Choice withInput(Shape shape) {
    return new Choice(variant, shape, classes, values);
  }
}
