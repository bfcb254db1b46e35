package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/// Lets the SDK's calls go through our transport, so that they get the same byte-exact paths and
/// headers, pool, deadlines and no redirects. (The SDK's own Apache client rewrites `//` in keys
/// and turns what is not ASCII in headers into question marks.)
final class SdkTransport implements SdkHttpClient {

  private static final Set<String> NOT_PASSED =
      Set.of("host", "content-length", "transfer-encoding", "expect", "connection");

  private final HttpTransport transport;

  SdkTransport(HttpTransport transport) {
    this.transport = transport;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      private volatile @Nullable HttpAnswer answer;

      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpAnswer received = send(request);
        answer = received;
        return response(received);
      }

      @Override
      public void abort() {
        HttpAnswer received = answer;
        if (received != null) {
          received.close();
        }
      }
    };
  }

  private HttpAnswer send(HttpExecuteRequest request) throws IOException {
    SdkHttpRequest http = request.httpRequest();
    int port = http.port();
    SiteAddress address =
        new SiteAddress(
            http.protocol(),
            http.host(),
            port == (http.protocol().equals("https") ? 443 : 80) ? -1 : port,
            "");
    Map<String, String> headers = new TreeMap<>();
    for (Map.Entry<String, List<String>> header : http.headers().entrySet()) {
      if (!NOT_PASSED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        headers.put(header.getKey(), String.join(",", header.getValue()));
      }
    }
    String query = http.encodedQueryParameters().map(text -> "?" + text).orElse("");
    long length = http.firstMatchingHeader("content-length").map(Long::parseLong).orElse(0L);
    Optional<InputStream> body = request.contentStreamProvider().map(source -> source.newStream());
    @Nullable Payload payload = null;
    if (body.isPresent() && length > 0) {
      payload = new Passed(body.get(), length);
    } else if (http.method().name().equals("PUT") || http.method().name().equals("POST")) {
      payload = Payload.Bytes.NONE;
    }
    return transport.send(
        http.method().name(), address, http.encodedPath() + query, headers, payload, length);
  }

  /// What the SDK wants to send.
  private record Passed(InputStream stream, long length) implements Payload {

    @Override
    public void writeTo(OutputStream out) throws IOException {
      if (stream.transferTo(out) != length) {
        throw new IOException("the request's body does not have the announced length");
      }
    }
  }

  private static HttpExecuteResponse response(HttpAnswer answer) throws IOException {
    SdkHttpFullResponse.Builder head = SdkHttpFullResponse.builder().statusCode(answer.status());
    for (HttpHead.Header header : answer.headers()) {
      head.appendHeader(header.name(), answer.header(header.name()).orElse(""));
    }
    return HttpExecuteResponse.builder()
        .response(head.build())
        .responseBody(AbortableInputStream.create(answer.body(), answer::close))
        .build();
  }

  @Override
  public String clientName() {
    return "vistadr";
  }

  /// The transport belongs to the store.
  @Override
  public void close() {}
}
