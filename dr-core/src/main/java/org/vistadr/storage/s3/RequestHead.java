package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The first bytes of a request: its head, and what is sent together with it. Used again for the
/// next request of a connection.
final class RequestHead {

  private byte[] bytes = new byte[1024];
  private int size;

  /// Forgets the request before.
  ///
  /// @param target path and query, sent as they are
  void begin(String method, String target, String authority) throws IOException {
    size = 0;
    ascii(method);
    put((byte) ' ');
    text(target);
    ascii(" HTTP/1.1\r\n");
    header("host", authority);
    header("user-agent", "vistadr");
  }

  /// @param value sent as UTF-8
  void header(String name, String value) throws IOException {
    ascii(name);
    put((byte) ':');
    put((byte) ' ');
    text(value);
    put((byte) '\r');
    put((byte) '\n');
  }

  void end() {
    put((byte) '\r');
    put((byte) '\n');
  }

  void append(byte[] data, int offset, int count) {
    room(count);
    System.arraycopy(data, offset, bytes, size, count);
    size += count;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  /// Text from outside: a line end in it would begin another header.
  private void text(String text) throws IOException {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new IOException("a header with a line end in it cannot be sent");
      }
      if (c >= 0x80) {
        byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
        for (byte b : rest) {
          if (b == '\r' || b == '\n' || b == 0) {
            throw new IOException("a header with a line end in it cannot be sent");
          }
        }
        append(rest, 0, rest.length);
        return;
      }
      bytes[size++] = (byte) c;
    }
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  private void put(byte b) {
    room(1);
    bytes[size++] = b;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
