package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/// An HTTP answer whose body has not been read yet. Closing it before the body's end drops the
/// connection.
final class HttpAnswer implements AutoCloseable {

  private final ClassicHttpResponse response;
  private final LongFunction<Future<?>> watch;
  private volatile Future<?> deadline;

  /// @param deadline cuts the connection when it runs
  /// @param watch makes another one for an exchange of so many bytes
  HttpAnswer(ClassicHttpResponse response, Future<?> deadline, LongFunction<Future<?>> watch) {
    this.response = response;
    this.deadline = deadline;
    this.watch = watch;
  }

  /// Says how many bytes the body has, so that it gets the time to arrive.
  void expect(long bytes) {
    if (deadline.cancel(false)) {
      deadline = watch.apply(bytes);
    }
  }

  int status() {
    return response.getCode();
  }

  Header[] headers() {
    return response.getHeaders();
  }

  /// A header's value as text: UTF-8 where the bytes are UTF-8, Latin-1 otherwise.
  Optional<String> header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null || header.getValue() == null
        ? Optional.empty()
        : Optional.of(text(header.getValue()));
  }

  /// The `Content-Length` header.
  Optional<Long> length() {
    return header("content-length")
        .flatMap(text -> {
          try {
            long length = Long.parseLong(text.strip());
            return length < 0 ? Optional.empty() : Optional.of(length);
          } catch (NumberFormatException _) {
            return Optional.empty();
          }
        });
  }

  /// The site's clock: the `Date` header.
  Optional<Instant> date() {
    return httpTime("date");
  }

  /// A header that holds a moment.
  Optional<Instant> httpTime(String name) {
    return header(name)
        .flatMap(text -> {
          try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
          } catch (DateTimeException _) {
            return Optional.empty();
          }
        });
  }

  /// The body; empty where there is none. Errors after the deadline are timeouts.
  InputStream body() throws IOException {
    HttpEntity entity = response.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  /// Reads the body to its end.
  ///
  /// @throws IOException when it is cut or larger than `limit`
  byte[] readAll(int limit) throws IOException {
    byte[] buffer = new byte[(int) Math.min(limit, length().orElse(16L << 10) + 1)];
    int size = 0;
    try (InputStream in = body()) {
      while (true) {
        int read = in.read(buffer, size, buffer.length - size);
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

  /// An error of reading, as a timeout when it was the deadline that broke the connection.
  IOException explained(IOException e) {
    if (deadline.isDone() && !deadline.isCancelled() && !(e instanceof InterruptedIOException)) {
      SocketTimeoutException timeout = new SocketTimeoutException("no complete answer in time");
      timeout.initCause(e);
      return timeout;
    }
    return e;
  }

  @Override
  public void close() {
    deadline.cancel(false);
    try {
      response.close();
    } catch (IOException _) {
      // The connection is dropped either way.
    }
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
