package dev.kinglet.formats.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;

/** A server on this machine that misbehaves as told, one answer after the other. */
final class TroublesomeServer implements AutoCloseable {
  /** One answer. */
  interface Answer {
    void give(HttpExchange exchange, byte[] content) throws IOException;
  }

  private final HttpServer server;
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile byte[] content;
  private volatile String etag = "\"first\"";

  TroublesomeServer(byte[] content, Answer... answers) throws IOException {
    this.content = content;
    this.answers.addAll(List.of(answers));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
    Answer answer;
    synchronized (answers) {
      answer = answers.size() > 1 ? answers.remove() : answers.peek();
    }
    exchange.getResponseHeaders().set("ETag", etag);
    try {
      answer.give(exchange, content);
    } finally {
      exchange.close();
    }
  }

  /** The whole file, or the range that is asked for. */
  static final Answer PROPER =
      (exchange, content) -> {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String unless = exchange.getRequestHeaders().getFirst("If-Range");
        String etag = exchange.getResponseHeaders().getFirst("ETag");
        if (range == null || (unless != null && !unless.equals(etag))) {
          send(exchange, 200, content, content.length);
          return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        if (from >= content.length) {
          exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        exchange.getResponseHeaders().set("Content-Range", range(from, content));
        byte[] rest = Arrays.copyOfRange(content, from, content.length);
        send(exchange, 206, rest, rest.length);
      };

  /** The whole file, whatever is asked for. */
  static final Answer WITHOUT_RANGES =
      (exchange, content) -> send(exchange, 200, content, content.length);

  /** Half of what is asked for, then a closed connection. */
  static final Answer CUT =
      (exchange, content) -> {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null) {
          exchange.getResponseHeaders().set("Content-Range", range(from, content));
        }
        int half = from + (content.length - from) / 2;
        send(
            exchange,
            range == null ? 200 : 206,
            Arrays.copyOfRange(content, from, half),
            content.length - from);
      };

  /** The beginning, then silence. */
  static final Answer STALL =
      (exchange, content) -> {
        exchange.sendResponseHeaders(200, content.length);
        OutputStream body = exchange.getResponseBody();
        body.write(content, 0, 1000);
        body.flush();
        try {
          Thread.sleep(20_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };

  /** More bytes promised than come. */
  static final Answer TOO_LONG =
      (exchange, content) -> send(exchange, 200, content, content.length + 1000);

  /** Fewer bytes promised than the file has. */
  static final Answer TOO_SHORT =
      (exchange, content) -> {
        byte[] start = Arrays.copyOf(content, content.length - 1000);
        send(exchange, 200, start, start.length);
      };

  /** A page that says that there is no such file. */
  static Answer status(int status) {
    return (exchange, _) -> send(exchange, status, new byte[] {'?'}, 1);
  }

  /** On to another path. */
  static Answer redirect(String path) {
    return (exchange, _) -> {
      exchange.getResponseHeaders().set("Location", path);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  private static String range(int from, byte[] content) {
    return "bytes " + from + "-" + (content.length - 1) + "/" + content.length;
  }

  private static void send(HttpExchange exchange, int status, byte[] bytes, long promised)
      throws IOException {
    exchange.sendResponseHeaders(status, promised);
    OutputStream body = exchange.getResponseBody();
    body.write(bytes);
    body.flush();
  }

  /** What has been asked for so far: path and range. */
  List<String> requests() {
    return requests;
  }

  /** Puts another file in place of the first. */
  void replace(byte[] other) {
    content = other;
    etag = "\"second\"";
  }

  int port() {
    return server.getAddress().getPort();
  }

  String address(String path) {
    return "http://localhost:" + port() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
