package org.vistadr.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.vistadr.storage.SiteConfig;

/// A proxy in front of a real S3 server that breaks chosen requests. It passes the `Host` header
/// on, so signatures hold. Rules are asked in the order in which they were added; the first that
/// matches and is not used up acts.
///
/// ```java
/// try (FaultyS3 faulty = FaultyS3.before(site)) {
///   faulty.add(call -> call.isGet("projects/7/a.png"), 1, new Fault.CutBody(100));
///   ObjectStore store = TestS3.open(faulty.through(site));
/// }
/// ```
public final class FaultyS3 implements AutoCloseable {

  /// What goes wrong.
  public sealed interface Fault {
    /// Answers with this status and S3 error instead of asking the server.
    record Status(int status, String code) implements Fault {}

    /// Sends so many bytes of the answer's body, then drops the connection.
    record CutBody(long after) implements Fault {}

    /// Changes the byte at this place of the answer's body.
    record FlipByte(long at) implements Fault {}

    /// Changes the byte at this place of the request's body.
    record FlipSentByte(long at) implements Fault {}

    /// Sends the client elsewhere.
    record Redirect(String location) implements Fault {}

    /// Waits before asking the server.
    record Delay(Duration duration) implements Fault {}

    /// Answers 200 with a web page.
    record Html() implements Fault {}

    /// Lets the server do it, then drops the connection without an answer.
    record LoseAnswer() implements Fault {}

    /// Gives a header of the answer another value.
    record Header(String name, String value) implements Fault {}

    /// Changes the answer's body as a whole.
    record Rewrite(UnaryOperator<String> body) implements Fault {}
  }

  /// A request that passes by.
  ///
  /// @param method HTTP method
  /// @param path with the bucket, percent encoded as sent
  /// @param query raw, empty for none
  public record Call(String method, String path, String query) {
    /// Whether it reads an object whose path ends so.
    public boolean isGet(String pathEnd) {
      return method.equals("GET") && path.endsWith(pathEnd);
    }

    /// Whether it writes an object whose path ends so.
    public boolean isPut(String pathEnd) {
      return method.equals("PUT") && path.endsWith(pathEnd);
    }

    /// Whether it is a page of a listing, of versions or of objects.
    public boolean isListing() {
      return method.equals("GET") && (query.contains("list-type=2") || query.contains("versions="));
    }
  }

  private record Rule(Predicate<Call> matches, AtomicInteger left, Fault fault) {}

  private final URI backend;
  private final HttpServer server;
  private final List<Rule> rules = new java.util.concurrent.CopyOnWriteArrayList<>();
  private final List<Call> calls = new java.util.concurrent.CopyOnWriteArrayList<>();

  private FaultyS3(URI backend) throws IOException {
    this.backend = backend;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /// Starts a proxy in front of the site's server.
  public static FaultyS3 before(SiteConfig site) throws IOException {
    return new FaultyS3(site.endpoint().orElseThrow());
  }

  /// The same site, reached through the proxy.
  public SiteConfig through(SiteConfig site) {
    return new SiteConfig(
        site.name(),
        Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
        site.region(),
        site.bucket(),
        site.credentials(),
        site.profile(),
        site.limits());
  }

  /// Breaks the next `times` requests that match.
  public void add(Predicate<Call> matches, int times, Fault fault) {
    rules.add(new Rule(matches, new AtomicInteger(times), fault));
  }

  /// Breaks nothing from now on.
  public void heal() {
    rules.clear();
  }

  /// All requests so far.
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private Optional<Fault> faultFor(Call call) {
    for (Rule rule : rules) {
      if (rule.matches().test(call)
          && rule.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return Optional.of(rule.fault());
      }
    }
    return Optional.empty();
  }

  private void handle(HttpExchange exchange) {
    try {
      URI uri = exchange.getRequestURI();
      Call call =
          new Call(
              exchange.getRequestMethod(),
              uri.getRawPath(),
              uri.getRawQuery() == null ? "" : uri.getRawQuery());
      calls.add(call);
      Optional<Fault> fault = faultFor(call);
      switch (fault.orElse(null)) {
        case Fault.Status(int status, String code) ->
            answer(
                exchange,
                status,
                "application/xml",
                "<Error><Code>%s</Code><Message>injected</Message></Error>".formatted(code));
        case Fault.Redirect(String location) -> {
          exchange.getResponseHeaders().set("Location", location);
          answer(exchange, 307, "text/plain", "");
        }
        case Fault.Html() ->
            answer(exchange, 200, "text/html", "<!DOCTYPE html><html><body>Welcome</body></html>");
        case Fault.Delay(Duration duration) -> {
          Thread.sleep(duration);
          forward(exchange, null);
        }
        case null -> forward(exchange, null);
        case Fault.CutBody _,
            Fault.FlipByte _,
            Fault.FlipSentByte _,
            Fault.LoseAnswer _,
            Fault.Header _,
            Fault.Rewrite _ ->
            forward(exchange, fault.get());
      }
    } catch (IOException | InterruptedException | RuntimeException _) {
      // The client sees the connection drop.
    } finally {
      exchange.close();
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /// HTTP/1.0 towards the server: the answer then ends with the connection and is never chunked.
  private void forward(HttpExchange exchange, Fault fault) throws IOException {
    try (Socket socket = new Socket(backend.getHost(), backend.getPort())) {
      socket.setSoTimeout(120_000);
      OutputStream out = new java.io.BufferedOutputStream(socket.getOutputStream(), 64 << 10);
      StringBuilder head = new StringBuilder();
      head.append(exchange.getRequestMethod())
          .append(' ')
          .append(exchange.getRequestURI())
          .append(" HTTP/1.0\r\n");
      for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
        if (!header.getKey().equalsIgnoreCase("connection")) {
          for (String value : header.getValue()) {
            head.append(header.getKey()).append(": ").append(value).append("\r\n");
          }
        }
      }
      out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      copy(
          exchange.getRequestBody(),
          out,
          fault instanceof Fault.FlipSentByte(long at) ? at : -1,
          Long.MAX_VALUE);
      out.flush();
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      int status = Integer.parseInt(line(in).split(" ", 3)[1]);
      long length = -1;
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        int colon = header.indexOf(':');
        String name = header.substring(0, colon);
        String value = header.substring(colon + 1).strip();
        switch (name.toLowerCase(Locale.ROOT)) {
          case "connection", "date", "transfer-encoding" -> {}
          case "content-length" -> length = Long.parseLong(value);
          default ->
              exchange
                  .getResponseHeaders()
                  .add(
                      name,
                      fault instanceof Fault.Header(String changed, String other)
                              && changed.equalsIgnoreCase(name)
                          ? other
                          : value);
        }
      }
      answer(exchange, fault, status, length, in);
    }
  }

  private static void answer(
      HttpExchange exchange, Fault fault, int status, long length, InputStream in)
      throws IOException {
    if (fault instanceof Fault.LoseAnswer) {
      in.readAllBytes();
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304) {
      if (length >= 0 && exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
      }
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    InputStream body = in;
    long size = length;
    if (fault instanceof Fault.Rewrite(UnaryOperator<String> rewritten)) {
      byte[] bytes =
          rewritten
              .apply(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .getBytes(StandardCharsets.UTF_8);
      body = new java.io.ByteArrayInputStream(bytes);
      size = bytes.length;
    } else if (size < 0) {
      byte[] bytes = in.readAllBytes();
      body = new java.io.ByteArrayInputStream(bytes);
      size = bytes.length;
    }
    exchange.sendResponseHeaders(status, size == 0 ? -1 : size);
    if (size > 0) {
      copy(
          body,
          exchange.getResponseBody(),
          fault instanceof Fault.FlipByte(long at) ? at : -1,
          fault instanceof Fault.CutBody(long after) ? after : Long.MAX_VALUE);
      exchange.getResponseBody().flush();
    }
  }

  private static void copy(InputStream in, OutputStream out, long flipAt, long limit)
      throws IOException {
    byte[] buffer = new byte[32 << 10];
    long passed = 0;
    int read;
    while (passed < limit && (read = in.read(buffer)) >= 0) {
      int size = (int) Math.min(read, limit - passed);
      if (flipAt >= passed && flipAt < passed + size) {
        buffer[(int) (flipAt - passed)] ^= 1;
      }
      out.write(buffer, 0, size);
      passed += size;
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) >= 0 && b != '\n') {
      if (b != '\r') {
        line.write(b);
      }
    }
    if (b < 0 && line.size() == 0) {
      throw new IOException("the server closed the connection");
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    server.stop(0);
    ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdownNow();
  }

  /// The requests that match.
  public List<Call> calls(Predicate<Call> matches) {
    return new ArrayList<>(calls.stream().filter(matches).toList());
  }
}
