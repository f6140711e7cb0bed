package dev.kinglet.cli;

import dev.kinglet.cli.words.Option;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** One JSON document on standard output, written as it comes. */
final class Json {
  static final Option JSON =
      Option.flag("--json", "one JSON document on standard output, and nothing else");

  private Json() {}

  /** A generator over standard output, which stays open behind it. */
  static JsonGenerator on(Console console) {
    return JsonFactory.builder()
        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
        .build()
        .createGenerator(ObjectWriteContext.empty(), console.out(), JsonEncoding.UTF8);
  }
}
