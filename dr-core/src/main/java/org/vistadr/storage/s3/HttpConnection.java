package org.vistadr.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A connection to a site, for one exchange after the other. Used by one thread at a time, but for
/// [#cut] and the questions about time, which are for the watch.
final class HttpConnection {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int BUFFER = 16 << 10;
  private static final int LARGEST_HEAD = 128 << 10;
  private static final int MOST_INTERIM_ANSWERS = 8;
  private static final int NAME_CACHE = 64;

  /// A body up to this size goes out in one piece with the head.
  private static final int TOGETHER = 64 << 10;

  private final SiteAddress address;
  private final Socket plain;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final long openedAt = System.nanoTime();
  private final @Nullable String[] names = new @Nullable String[NAME_CACHE];
  private final RequestHead request = new RequestHead();
  private byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;
  private volatile long dueAt;
  private volatile long lastByteAt;
  private volatile boolean cut;
  private boolean spoiled;

  /// @param plain the connection itself
  /// @param socket the same, or what encrypts it
  private HttpConnection(SiteAddress address, Socket plain, Socket socket) throws IOException {
    this.address = address;
    this.plain = plain;
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.lastByteAt = openedAt;
  }

  /// Connects to the first of the host's addresses that answers; over TLS the certificate must be
  /// the host's.
  static HttpConnection open(SiteAddress address) throws IOException {
    boolean secure = address.scheme().equals("https");
    int port = address.port() >= 0 ? address.port() : secure ? 443 : 80;
    Socket plain = connect(plainHost(address.host()), port);
    boolean done = false;
    try {
      plain.setTcpNoDelay(true);
      Socket socket = secure ? secured(plain, plainHost(address.host()), port) : plain;
      HttpConnection connection = new HttpConnection(address, plain, socket);
      done = true;
      return connection;
    } finally {
      if (!done) {
        plain.close();
      }
    }
  }

  private static String plainHost(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static Socket connect(String host, int port) throws IOException {
    @Nullable IOException failure = null;
    for (InetAddress ip : InetAddress.getAllByName(host)) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(ip, port), Math.toIntExact(CONNECT.toMillis()));
        return socket;
      } catch (IOException e) {
        socket.close();
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException("no address of " + host) : failure;
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    plain.setSoTimeout(Math.toIntExact(CONNECT.toMillis()));
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    plain.setSoTimeout(0);
    return socket;
  }

  /// Sends a request and reads the head of its answer.
  ///
  /// @param headers texts are sent as UTF-8
  HttpHead exchange(
      String method, String pathAndQuery, Map<String, String> headers, @Nullable Payload payload)
      throws IOException {
    request.begin(method, pathAndQuery, address.authority());
    for (Map.Entry<String, String> header : headers.entrySet()) {
      request.header(header.getKey(), header.getValue());
    }
    if (payload != null) {
      request.header("content-length", Long.toString(payload.length()));
    }
    request.end();
    try {
      send(payload);
    } catch (SentStream.SourceFailure e) {
      throw e;
    } catch (IOException e) {
      return refusal(e);
    }
    return head();
  }

  private void send(@Nullable Payload payload) throws IOException {
    if (payload instanceof Payload.Bytes(byte[] data, int offset, int size) && size <= TOGETHER) {
      request.append(data, offset, size);
      request.writeTo(out);
    } else {
      request.writeTo(out);
      if (payload != null) {
        payload.writeTo(new Noted(out));
      }
    }
    lastByteAt = System.nanoTime();
  }

  /// A site that does not want a body may say so and hang up before all of it was sent.
  private HttpHead refusal(IOException failure) throws IOException {
    spoiled = true;
    try {
      socket.setSoTimeout(1000);
      HttpHead head = head();
      if (head.status() >= 300) {
        return head;
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }

  private HttpHead head() throws IOException {
    for (int i = 0; i < MOST_INTERIM_ANSWERS; i++) {
      HttpHead head = oneHead();
      if (head.status() >= 200) {
        return head;
      }
    }
    throw new HttpHead.BrokenAnswer("nothing but interim answers");
  }

  private HttpHead oneHead() throws IOException {
    int end = line(LARGEST_HEAD);
    HttpHead head = statusLine(at, end);
    next(end);
    int left = LARGEST_HEAD;
    while (true) {
      end = line(left);
      if (end == at) {
        next(end);
        return head;
      }
      left -= end - at;
      int colon = at;
      while (colon < end && buffer[colon] != ':') {
        colon++;
      }
      if (colon == end || colon == at || buffer[at] == ' ' || buffer[at] == '\t') {
        throw new HttpHead.BrokenAnswer("a line that is no header");
      }
      String name = name(at, colon);
      head.add(name, text(colon + 1, end));
      next(end);
    }
  }

  private HttpHead statusLine(int from, int to) throws IOException {
    String text = text(from, to);
    boolean one = text.startsWith("HTTP/1.1 ");
    if ((!one && !text.startsWith("HTTP/1.0 ")) || text.length() < 12) {
      throw new HttpHead.BrokenAnswer("it begins with '%s'".formatted(S3Errors.tidy(text)));
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new HttpHead.BrokenAnswer("it begins with '%s'".formatted(S3Errors.tidy(text)));
      }
      status = status * 10 + digit;
    }
    if (status < 100 || (text.length() > 12 && text.charAt(12) != ' ')) {
      throw new HttpHead.BrokenAnswer("it begins with '%s'".formatted(S3Errors.tidy(text)));
    }
    return new HttpHead(status, one);
  }

  /// Reads until a whole line is in the buffer.
  ///
  /// @return where its text ends
  private int line(int longest) throws IOException {
    int from = at;
    while (true) {
      for (int i = from; i < limit; i++) {
        if (buffer[i] == '\n') {
          return i > at && buffer[i - 1] == '\r' ? i - 1 : i;
        }
      }
      if (limit - at >= longest) {
        throw new HttpHead.BrokenAnswer("more than %d bytes of headers".formatted(LARGEST_HEAD));
      }
      from = limit - at;
      more();
      from += at;
    }
  }

  /// Goes behind a line that [#line] found.
  private void next(int end) {
    at = buffer[end] == '\r' ? end + 2 : end + 1;
  }

  /// A line of a chunked body.
  String textLine(int longest) throws IOException {
    int end = line(longest);
    String text = text(at, end);
    next(end);
    return text;
  }

  private void more() throws IOException {
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, limit - at);
      limit -= at;
      at = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = in.read(buffer, limit, buffer.length - limit);
    if (count < 0) {
      throw new EOFException("the site closed the connection before its answer was complete");
    }
    limit += count;
    lastByteAt = System.nanoTime();
  }

  /// Reads what comes next of a body.
  ///
  /// @return -1 when the site closed the connection
  int read(byte[] target, int offset, int size) throws IOException {
    if (at < limit) {
      int count = Math.min(size, limit - at);
      System.arraycopy(buffer, at, target, offset, count);
      at += count;
      return count;
    }
    int count = in.read(target, offset, size);
    lastByteAt = System.nanoTime();
    return count;
  }

  private String text(int from, int to) {
    int start = from;
    int end = to;
    while (start < end && (buffer[start] == ' ' || buffer[start] == '\t')) {
      start++;
    }
    while (end > start && (buffer[end - 1] == ' ' || buffer[end - 1] == '\t')) {
      end--;
    }
    return new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /// The same few names come with each answer, so they are made once.
  private String name(int from, int to) {
    int hash = 7;
    for (int i = from; i < to; i++) {
      byte b = buffer[i];
      if (b >= 'A' && b <= 'Z') {
        b = (byte) (b + 'a' - 'A');
        buffer[i] = b;
      }
      hash = hash * 31 + b;
    }
    int slot = (hash ^ hash >>> 8) & (NAME_CACHE - 1);
    String known = names[slot];
    if (known != null && known.length() == to - from && matches(known, from)) {
      return known;
    }
    String made = new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    names[slot] = made;
    return made;
  }

  private boolean matches(String text, int from) {
    for (int i = 0; i < text.length(); i++) {
      if ((byte) text.charAt(i) != buffer[from + i]) {
        return false;
      }
    }
    return true;
  }

  /// Whether it leads where a request has to go.
  boolean leadsTo(SiteAddress other) {
    return address.host().equals(other.host())
        && address.port() == other.port()
        && address.scheme().equals(other.scheme());
  }

  /// Whether another exchange may follow: all of the request was sent, and nothing was read that
  /// nobody asked for.
  boolean isClean() {
    return at == limit && !cut && !spoiled;
  }

  /// Whether the site still holds the connection open, as far as can be seen.
  boolean isOpen() {
    try {
      socket.setSoTimeout(1);
      try {
        // The end, or something that nobody asked for.
        var _ = in.read();
        return false;
      } catch (SocketTimeoutException _) {
        return true;
      } finally {
        socket.setSoTimeout(0);
      }
    } catch (IOException _) {
      return false;
    }
  }

  /// When it was opened, in the time of [System#nanoTime].
  long openedAt() {
    return openedAt;
  }

  /// When a byte last passed.
  long lastByteAt() {
    return lastByteAt;
  }

  /// Sets when the exchange must be over, in the time of [System#nanoTime].
  void due(long nanos) {
    dueAt = nanos;
    lastByteAt = System.nanoTime();
  }

  /// When the exchange must be over.
  long dueAt() {
    return dueAt;
  }

  /// Ends whatever waits for this connection with an error.
  void cut() {
    cut = true;
    close();
  }

  /// Whether it was ended because time was up.
  boolean wasCut() {
    return cut;
  }

  /// Closes the connection itself: closing what encrypts it would wait for a thread that writes.
  void close() {
    try {
      plain.close();
    } catch (IOException _) {
      // It is of no use any more either way.
    }
  }

  /// Notes that bytes pass, so that a slow upload is not taken for silence.
  private final class Noted extends OutputStream {
    private final OutputStream target;

    Noted(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
      target.write(b);
    }

    @Override
    public void write(byte[] data, int offset, int size) throws IOException {
      target.write(data, offset, size);
      lastByteAt = System.nanoTime();
    }
  }
}
