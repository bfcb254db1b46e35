package org.vistadr.storage.s3;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The HTTP client of a site, for our own calls and for the SDK's: HTTP/1.1 over sockets, written
/// for this one purpose because it costs a fraction of what a general client does.
///
/// Paths and header bytes go out as they are given. There are no redirects, cookies, retries or
/// decompression. Every exchange has a time to connect, a time between two bytes, and a deadline
/// for the whole of it after which its connection is cut, whatever trickles in. Safe for many
/// threads.
final class HttpTransport implements AutoCloseable {

  private static final Duration BASE_DEADLINE = Duration.ofMinutes(2);

  /// Slower than this on the average is as good as stuck.
  private static final long SLOWEST_BYTES_PER_SECOND = 16 << 10;

  private final HttpConnections connections;

  HttpTransport(int maxConnections) {
    this.connections = new HttpConnections(maxConnections);
  }

  /// Sends a request and waits for the answer's head.
  ///
  /// @param pathAndQuery percent encoded, sent as it is
  /// @param headers texts are sent as UTF-8
  /// @param bytes how many bytes the exchange is expected to move, for its deadline
  HttpAnswer send(
      String method,
      SiteAddress address,
      String pathAndQuery,
      Map<String, String> headers,
      @Nullable Payload payload,
      long bytes)
      throws IOException {
    HttpConnection connection = connections.take(address, deadline(bytes));
    boolean answered = false;
    try {
      HttpHead head = connection.exchange(method, pathAndQuery, headers, payload);
      HttpAnswer answer = new HttpAnswer(method, head, connection, connections);
      answered = true;
      return answer;
    } catch (IOException e) {
      throw HttpAnswer.explained(connection, e);
    } finally {
      if (!answered) {
        connections.drop(connection);
      }
    }
  }

  /// How long an exchange of so many bytes may take at most.
  static Duration deadline(long bytes) {
    return BASE_DEADLINE.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
  }

  @Override
  public void close() {
    connections.close();
  }
}
