package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// The HTTP client of a site, for our own calls and for the SDK's.
///
/// Paths and header bytes go out as they are given; redirects, cookies, retries and transparent
/// decompression are off. Every exchange has a time to connect, a time between two bytes, and a
/// deadline for the whole of it after which its connection is cut, whatever trickles in. Safe for
/// many threads.
final class HttpTransport implements AutoCloseable {

  private static final Timeout CONNECT = Timeout.ofSeconds(10);
  private static final Timeout SILENCE = Timeout.ofSeconds(60);
  private static final Duration BASE_DEADLINE = Duration.ofMinutes(2);

  /// Slower than this on the average is as good as stuck.
  private static final long SLOWEST_BYTES_PER_SECOND = 16 << 10;

  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines;

  HttpTransport(int maxConnections) {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .charCodingConfig(
                        CharCodingConfig.custom().setCharset(StandardCharsets.ISO_8859_1).build())
                    .build())
            .setMaxConnPerRoute(maxConnections)
            .setMaxConnTotal(maxConnections)
            .setDefaultSocketConfig(
                SocketConfig.custom().setSoTimeout(SILENCE).setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT)
                    .setSocketTimeout(SILENCE)
                    .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                    .setTimeToLive(TimeValue.ofMinutes(5))
                    .build())
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(Timeout.ofMinutes(2))
                    .setResponseTimeout(SILENCE)
                    .setExpectContinueEnabled(false)
                    .setRedirectsEnabled(false)
                    .build())
            .setUserAgent("vistadr")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableConnectionState()
            .build();
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("vistadr-http-deadlines").factory());
    deadlines.setRemoveOnCancelPolicy(true);
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
      @Nullable HttpEntity entity,
      long bytes)
      throws IOException {
    HttpHost target = new HttpHost(address.scheme(), address.host(), address.port());
    HttpUriRequestBase request =
        new HttpUriRequestBase(method, URI.create(address.scheme() + "://" + address.authority()));
    request.setAuthority(new URIAuthority(address.host(), address.port()));
    // Set apart from the URI, whose class refuses a path that begins with two slashes.
    request.setPath(pathAndQuery);
    headers.forEach((name, value) -> request.setHeader(name, wireText(value)));
    if (entity != null) {
      request.setEntity(entity);
    }
    Duration deadline = deadline(bytes);
    ScheduledFuture<?> watch = watch(request, bytes);
    boolean answered = false;
    try {
      HttpAnswer answer =
          new HttpAnswer(
              client.executeOpen(target, request, HttpClientContext.create()),
              watch,
              more -> watch(request, more));
      answered = true;
      return answer;
    } catch (IOException e) {
      if (watch.isDone() && !watch.isCancelled() && !(e instanceof InterruptedIOException)) {
        SocketTimeoutException timeout = new SocketTimeoutException("no answer within " + deadline);
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      if (!answered) {
        watch.cancel(false);
      }
    }
  }

  private ScheduledFuture<?> watch(HttpUriRequestBase request, long bytes) {
    return deadlines.schedule(
        () -> {
          var _ = request.cancel();
        },
        deadline(bytes).toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /// How long an exchange of so many bytes may take at most.
  static Duration deadline(long bytes) {
    return BASE_DEADLINE.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
  }

  /// The HTTP client writes characters as Latin-1, so that UTF-8 bytes pass as what they are.
  private static String wireText(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x80) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return value;
  }
}
