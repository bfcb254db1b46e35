package org.vistadr.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vistadr.api.WireJson;

/// Answers over real HTTP with what a test put there, one answer after the other and the last one
/// for ever. Thread-safe.
final class StubDaemon implements AutoCloseable {

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();

  /// `METHOD path?query body` of everything that was asked.
  final List<String> asked = new CopyOnWriteArrayList<>();

  StubDaemon() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  StubDaemon on(String methodAndPath, int status, Object body) {
    try {
      answers
          .computeIfAbsent(methodAndPath, _ -> new ArrayDeque<>())
          .add(new Answer(status, WireJson.mapper().writeValueAsBytes(body)));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StubDaemon on(String methodAndPath, Object body) {
    return on(methodAndPath, 200, body);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath().replaceFirst("^/api/v1", "");
    String question = exchange.getRequestMethod() + " " + path;
    String query = exchange.getRequestURI().getRawQuery();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(question + (query == null ? "" : "?" + query) + (body.isEmpty() ? "" : " " + body));
    Deque<Answer> queue = answers.getOrDefault(question, new ArrayDeque<>());
    Answer answer = queue.size() > 1 ? queue.poll() : queue.peek();
    if (answer == null) {
      answer = new Answer(404, "{}".getBytes(StandardCharsets.UTF_8));
    }
    exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
    exchange.getResponseBody().write(answer.body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(int status, byte[] body) {}
}
