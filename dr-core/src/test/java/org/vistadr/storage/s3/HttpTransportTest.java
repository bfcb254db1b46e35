package org.vistadr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The HTTP client against a server that says exactly what a test wants.
@Timeout(60)
final class HttpTransportTest {

  private final HttpTransport transport = new HttpTransport(4);
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /// Answers the requests of one connection.
  interface Script {
    void serve(Socket socket) throws IOException;
  }

  @AfterEach
  void close() throws Exception {
    transport.close();
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  private SiteAddress server(Script script) throws IOException {
    return served(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", script);
  }

  private SiteAddress served(ServerSocket server, String scheme, Script script) {
    opened.add(server);
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              opened.add(socket);
              connections.incrementAndGet();
              Thread.ofVirtual()
                  .start(() -> {
                    try (socket) {
                      script.serve(socket);
                    } catch (IOException _) {
                      // The client hung up, which is what some tests are about.
                    }
                  });
            } catch (IOException _) {
              return;
            }
          }
        });
    return new SiteAddress(scheme, "localhost", server.getLocalPort(), "/bucket");
  }

  /// Reads requests without body and gives the same answer to each.
  private Script each(String answer) {
    return socket -> {
      while (readHead(socket)) {
        write(socket, answer);
      }
    };
  }

  private Script once(String answer) {
    return socket -> {
      if (readHead(socket)) {
        write(socket, answer);
      }
    };
  }

  private boolean readHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return false;
      }
      head.append((char) b);
    }
    requests.add(head.toString());
    return true;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private HttpAnswer get(SiteAddress address) throws IOException {
    return transport.send("GET", address, "/bucket/key", new TreeMap<>(), null, 0);
  }

  private String body(SiteAddress address) throws IOException {
    try (HttpAnswer answer = get(address)) {
      return new String(answer.readAll(1 << 20), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    SiteAddress address = server(each("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    for (int i = 0; i < 20; i++) {
      assertThat(body(address)).isEqualTo("hello");
    }
    assertThat(connections).hasValue(1);
    assertThat(requests.getFirst())
        .startsWith("GET /bucket/key HTTP/1.1\r\nhost: localhost:" + address.port() + "\r\n");
  }

  @Test
  void closingAnAnswerThatWasReadLeavesTheNextExchangeAlone() throws Exception {
    SiteAddress address = server(each("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    HttpAnswer first = get(address);
    assertThat(first.readAll(10)).hasSize(5);
    try (HttpAnswer second = get(address)) {
      first.expect(0);
      first.close();
      assertThat(second.readAll(10)).hasSize(5);
    }
    assertThat(body(address)).isEqualTo("hello");
    assertThat(connections).hasValue(1);
  }

  @Test
  void chunksAreJoinedAndTheConnectionIsUsedAgain() throws Exception {
    SiteAddress address =
        server(
            each(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s"
                    .formatted(
                        "5;a=b\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")));
    assertThat(body(address)).isEqualTo("hello 0123456789");
    assertThat(body(address)).isEqualTo("hello 0123456789");
    assertThat(connections).hasValue(1);
  }

  @Test
  void interimAnswersArePassedOver() throws Exception {
    SiteAddress address =
        server(
            each(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    assertThat(body(address)).isEqualTo("ok");
  }

  @Test
  void anAnswerToHeadHasNoBody() throws Exception {
    SiteAddress address =
        server(each("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"a\"\r\n\r\n"));
    for (int i = 0; i < 3; i++) {
      try (HttpAnswer answer =
          transport.send("HEAD", address, "/bucket/key", new TreeMap<>(), null, 0)) {
        assertThat(answer.length()).hasValue(1234L);
        assertThat(answer.header("etag")).hasValue("\"a\"");
        assertThat(answer.body().read()).isEqualTo(-1);
      }
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void aConnectionThatTheSiteClosesIsNotUsedAgain() throws Exception {
    SiteAddress address =
        server(once("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
    assertThat(body(address)).isEqualTo("ok");
    assertThat(body(address)).isEqualTo("ok");
    assertThat(connections).hasValue(2);
  }

  @Test
  void aBodyWithoutLengthEndsWithTheConnection() throws Exception {
    SiteAddress address = server(once("HTTP/1.0 200 OK\r\n\r\nuntil the end"));
    assertThat(body(address)).isEqualTo("until the end");
  }

  @Test
  void aConnectionWhoseBodyWasNotReadIsNotUsedAgain() throws Exception {
    SiteAddress address = server(each("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    get(address).close();
    assertThat(body(address)).isEqualTo("hello");
    assertThat(connections).hasValue(2);
  }

  @Test
  void bytesThatNobodyAskedForEndTheConnection() throws Exception {
    SiteAddress address =
        server(
            each(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"));
    assertThat(body(address)).isEqualTo("ok");
    assertThat(body(address)).isEqualTo("ok");
    assertThat(connections).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n folded\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "",
      })
  void whatIsNotACompleteAnswerIsAnError(String answer) throws Exception {
    SiteAddress address = server(once(answer));
    assertThatThrownBy(() -> body(address)).isInstanceOf(IOException.class);
  }

  @Test
  void headersWithoutEndAreAnError() throws Exception {
    SiteAddress address =
        server(socket -> {
          readHead(socket);
          write(socket, "HTTP/1.1 200 OK\r\n");
          while (true) {
            write(socket, "X-Filler: " + "x".repeat(1000) + "\r\n");
          }
        });
    assertThatThrownBy(() -> get(address)).isInstanceOf(HttpHead.BrokenAnswer.class);
  }

  @Test
  void aRefusalBeforeTheBodyWasSentIsRead() throws Exception {
    SiteAddress address =
        server(socket -> {
          readHead(socket);
          write(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
          socket.shutdownInput();
          // Held open, so that what was said is not lost with a reset.
          socket.getOutputStream().flush();
        });
    Payload endless =
        new Payload() {
          @Override
          public long length() {
            return 1L << 40;
          }

          @Override
          public void writeTo(java.io.OutputStream out) throws IOException {
            byte[] chunk = new byte[1 << 16];
            while (true) {
              out.write(chunk);
            }
          }
        };
    try {
      HttpAnswer answer =
          transport.send("PUT", address, "/bucket/key", new TreeMap<>(), endless, 1L << 40);
      assertThat(answer.status()).isEqualTo(403);
      answer.close();
    } catch (IOException _) {
      // The reset may overtake the answer; then it is an error. It is never a success.
    }
    assertThat(body(server(once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))))
        .isEqualTo("ok");
  }

  @Test
  void aRequestGoesOutByteForByte() throws Exception {
    byte[][] received = new byte[1][];
    SiteAddress address =
        server(socket -> {
          readHead(socket);
          received[0] = socket.getInputStream().readNBytes(5);
          write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
    Map<String, String> headers = new TreeMap<>(Map.of("x-amz-meta-name", "grün"));
    transport
        .send(
            "PUT",
            address,
            "/bucket//a/../%20b",
            headers,
            new Payload.Bytes("xhellox".getBytes(StandardCharsets.UTF_8), 1, 5),
            5)
        .close();
    assertThat(new String(received[0], StandardCharsets.UTF_8)).isEqualTo("hello");
    String utf8 = new String("grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(requests.getFirst())
        .startsWith("PUT /bucket//a/../%20b HTTP/1.1\r\n")
        .contains("\r\nx-amz-meta-name: " + utf8 + "\r\n")
        .contains("\r\ncontent-length: 5\r\n\r\n");
  }

  @Test
  void noLineEndGetsIntoAHeader() throws Exception {
    SiteAddress address = server(each("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    for (String value : List.of("a\r\nx-evil: 1", "a\nb", "é\r\nx-evil: 1", "a\0b")) {
      assertThatThrownBy(() ->
              transport.send(
                  "GET", address, "/bucket/key", new TreeMap<>(Map.of("x-a", value)), null, 0))
          .isInstanceOf(IOException.class);
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void aTrickleIsCutWhenItsTimeIsUp() throws Exception {
    SiteAddress address =
        server(socket -> {
          readHead(socket);
          write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
          while (true) {
            write(socket, "x");
            pause();
          }
        });
    HttpConnections few = new HttpConnections(1);
    opened.add(few);
    HttpConnection connection = few.take(address, Duration.ZERO);
    assertThatThrownBy(
            () -> {
              HttpHead head = connection.exchange("GET", "/", new TreeMap<>(), null);
              new HttpAnswer("GET", head, connection, few).readAll(1 << 20);
            })
        .isInstanceOf(IOException.class);
    assertThat(connection.wasCut()).isTrue();
    few.drop(connection);
    // Its place is free again.
    few.drop(few.take(address, Duration.ofMinutes(1)));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Test
  void aSourceThatFailsIsNotTakenForTheSite() throws Exception {
    SiteAddress address =
        server(socket -> {
          readHead(socket);
          socket.getInputStream().readAllBytes();
        });
    SentStream tooShort = new SentStream(new ByteArrayInputStream(new byte[10]), 20, true, false);
    assertThatThrownBy(
            () -> transport.send("PUT", address, "/bucket/key", new TreeMap<>(), tooShort, 20))
        .isInstanceOf(SentStream.SourceFailure.class);
    assertThat(tooShort.sourceFailed()).isTrue();
  }

  @Test
  void aRestingConnectionThatTheSiteClosedIsNoticed() throws Exception {
    SiteAddress address = server(once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    HttpConnection connection = HttpConnection.open(address);
    connection.due(System.nanoTime());
    HttpHead head = connection.exchange("GET", "/", new TreeMap<>(), null);
    assertThat(head.status()).isEqualTo(200);
    byte[] two = new byte[2];
    assertThat(connection.read(two, 0, 2)).isEqualTo(2);
    while (connection.isOpen()) {
      Thread.onSpinWait();
    }
    connection.close();
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused(@TempDir Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-storetype",
                "PKCS12",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost")
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    ServerSocket socket =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    SiteAddress address =
        served(socket, "https", each("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    assertThatThrownBy(() -> body(address)).isInstanceOf(SSLException.class);
    assertThat(requests).isEmpty();
  }
}
