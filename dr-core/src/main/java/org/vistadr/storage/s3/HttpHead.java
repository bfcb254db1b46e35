package org.vistadr.storage.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Status and headers of an answer, in their order.
final class HttpHead {

  /// One header.
  ///
  /// @param name in lower case
  /// @param value Latin-1, byte for byte, without white space around it
  record Header(String name, String value) {}

  /// How the end of a body is told.
  sealed interface Framing {
    record Empty() implements Framing {}

    record Sized(long bytes) implements Framing {}

    record Chunked() implements Framing {}

    record UntilClosed() implements Framing {}
  }

  /// Headers that frame the body; two that differ leave open where it ends.
  private static final Set<String> SINGLE = Set.of("content-length", "transfer-encoding");

  private final int status;
  private final boolean persistent;
  private final List<Header> headers = new ArrayList<>(16);

  /// @param persistent whether the protocol version keeps connections open by itself
  HttpHead(int status, boolean persistent) {
    this.status = status;
    this.persistent = persistent;
  }

  void add(String name, String value) throws BrokenAnswer {
    if (SINGLE.contains(name) && first(name).filter(known -> !known.equals(value)).isPresent()) {
      throw new BrokenAnswer("two different headers " + name);
    }
    headers.add(new Header(name, value));
  }

  int status() {
    return status;
  }

  List<Header> headers() {
    return headers;
  }

  /// @param name in lower case
  Optional<String> first(String name) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).name().equals(name)) {
        return Optional.of(headers.get(i).value());
      }
    }
    return Optional.empty();
  }

  /// The `Content-Length` header, where it is a number.
  OptionalLong length() {
    String text = first("content-length").orElse("");
    if (text.isEmpty() || text.length() > 18) {
      return OptionalLong.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /// How the answer to a request ends.
  Framing framing(String method) throws BrokenAnswer {
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new Framing.Empty();
    }
    Optional<String> encoding = first("transfer-encoding");
    if (encoding.isPresent()) {
      if (!encoding.get().equalsIgnoreCase("chunked")) {
        throw new BrokenAnswer("the transfer encoding '%s'".formatted(encoding.get()));
      }
      if (first("content-length").isPresent()) {
        throw new BrokenAnswer("both a content length and chunks");
      }
      return new Framing.Chunked();
    }
    if (first("content-length").isEmpty()) {
      return new Framing.UntilClosed();
    }
    return new Framing.Sized(
        length().orElseThrow(() -> new BrokenAnswer("a content length that is no number")));
  }

  /// Whether the site keeps the connection open.
  boolean keepsAlive() {
    String connection = first("connection").orElse("");
    return persistent
        ? !connection.equalsIgnoreCase("close")
        : connection.equalsIgnoreCase("keep-alive");
  }

  /// The answer does not follow HTTP.
  static final class BrokenAnswer extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    BrokenAnswer(String what) {
      super("the answer is no HTTP that can be read: " + what);
    }
  }
}
