package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// An HTTP answer whose body has not been read yet. Closing it before the body's end drops the
/// connection.
final class HttpAnswer implements AutoCloseable {

  private final HttpHead head;
  private final HttpConnection connection;
  private final HttpConnections connections;
  private final InputStream body;

  /// Whether the connection was given back. It may serve another exchange from then on.
  private final AtomicBoolean over = new AtomicBoolean();

  /// @param method of the request
  /// @param connection what the body comes over
  /// @param connections where the connection belongs
  HttpAnswer(String method, HttpHead head, HttpConnection connection, HttpConnections connections)
      throws IOException {
    this.head = head;
    this.connection = connection;
    this.connections = connections;
    HttpHead.Framing framing = head.framing(method);
    boolean reusable = head.keepsAlive() && !(framing instanceof HttpHead.Framing.UntilClosed);
    this.body = new HttpBody(connection, framing, () -> end(reusable));
  }

  private void end(boolean reusable) {
    if (over.compareAndSet(false, true)) {
      if (reusable) {
        connections.release(connection);
      } else {
        connections.drop(connection);
      }
    }
  }

  /// Says how many bytes the body has, so that it gets the time to arrive.
  void expect(long bytes) {
    if (!over.get()) {
      connection.due(System.nanoTime() + HttpTransport.deadline(bytes).toNanos());
    }
  }

  int status() {
    return head.status();
  }

  List<HttpHead.Header> headers() {
    return head.headers();
  }

  /// A header's value as text: UTF-8 where the bytes are UTF-8, Latin-1 otherwise.
  ///
  /// @param name in lower case
  Optional<String> header(String name) {
    return head.first(name).map(HttpAnswer::text);
  }

  /// The `Content-Length` header.
  Optional<Long> length() {
    var length = head.length();
    return length.isPresent() ? Optional.of(length.getAsLong()) : Optional.empty();
  }

  /// The site's clock: the `Date` header.
  Optional<Instant> date() {
    return httpTime("date");
  }

  /// A header that holds a moment.
  Optional<Instant> httpTime(String name) {
    return header(name).flatMap(HttpTimes::read);
  }

  /// The body; empty where there is none.
  InputStream body() {
    return body;
  }

  /// Reads the body to its end.
  ///
  /// @throws IOException when it is cut or larger than `limit`
  byte[] readAll(int limit) throws IOException {
    byte[] buffer = new byte[(int) Math.min(limit, length().orElse(16L << 10) + 1)];
    int size = 0;
    try {
      while (true) {
        int read = body.read(buffer, size, buffer.length - size);
        if (read < 0) {
          break;
        }
        size += read;
        if (size == buffer.length) {
          if (size >= limit) {
            throw new IOException("the answer is larger than %d bytes".formatted(limit));
          }
          buffer = Arrays.copyOf(buffer, (int) Math.min(limit, buffer.length * 4L));
        }
      }
    } catch (IOException e) {
      throw explained(e);
    }
    if (length().isPresent() && length().get() != size) {
      throw new IOException("the answer has %d of %d bytes".formatted(size, length().get()));
    }
    return Arrays.copyOf(buffer, size);
  }

  /// An error of reading, as a timeout when it was the watch that broke the connection.
  IOException explained(IOException e) {
    return explained(connection, e);
  }

  static IOException explained(HttpConnection connection, IOException e) {
    if (connection.wasCut() && !(e instanceof InterruptedIOException)) {
      SocketTimeoutException timeout = new SocketTimeoutException("no complete answer in time");
      timeout.initCause(e);
      return timeout;
    }
    return e;
  }

  @Override
  public void close() {
    end(false);
  }

  /// Headers arrive as Latin-1, byte for byte.
  private static String text(String latin1) {
    boolean ascii = true;
    for (int i = 0; i < latin1.length(); i++) {
      ascii &= latin1.charAt(i) < 0x80;
    }
    if (ascii) {
      return latin1;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException _) {
      return latin1;
    }
  }
}
