package org.vistadr.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The body of an answer, to its end as the head tells it. Gives the connection back as soon as the
/// last byte was read. Used by one thread.
final class HttpBody extends InputStream {

  private static final int LONGEST_LINE = 4 << 10;
  private static final int MOST_TRAILERS = 100;

  private final HttpConnection connection;
  private final HttpHead.Framing framing;
  private final Runnable complete;
  private long left;
  private boolean inChunk;
  private boolean ended;

  /// @param complete called once all was read
  HttpBody(HttpConnection connection, HttpHead.Framing framing, Runnable complete) {
    this.connection = connection;
    this.framing = framing;
    this.complete = complete;
    switch (framing) {
      case HttpHead.Framing.Empty() -> end();
      case HttpHead.Framing.Sized(long bytes) -> {
        left = bytes;
        if (bytes == 0) {
          end();
        }
      }
      case HttpHead.Framing.Chunked(), HttpHead.Framing.UntilClosed() -> {}
    }
  }

  private void end() {
    ended = true;
    complete.run();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    if (ended) {
      return -1;
    }
    if (size == 0) {
      return 0;
    }
    return switch (framing) {
      case HttpHead.Framing.Empty() -> -1;
      case HttpHead.Framing.Sized(long bytes) -> {
        int count = some(buffer, offset, size);
        if (count < 0) {
          throw new EOFException(
              "the body ended after %d of %d bytes".formatted(bytes - left, bytes));
        }
        if (left == 0) {
          end();
        }
        yield count;
      }
      case HttpHead.Framing.Chunked() -> chunked(buffer, offset, size);
      case HttpHead.Framing.UntilClosed() -> {
        int count = connection.read(buffer, offset, size);
        if (count < 0) {
          end();
        }
        yield count;
      }
    };
  }

  private int some(byte[] buffer, int offset, int size) throws IOException {
    int count = connection.read(buffer, offset, (int) Math.min(size, left));
    if (count > 0) {
      left -= count;
    }
    return count;
  }

  private int chunked(byte[] buffer, int offset, int size) throws IOException {
    if (left == 0) {
      if (inChunk && !connection.textLine(LONGEST_LINE).isEmpty()) {
        throw new HttpHead.BrokenAnswer("a chunk is longer than announced");
      }
      left = chunkSize(connection.textLine(LONGEST_LINE));
      inChunk = true;
      if (left == 0) {
        trailers();
        end();
        return -1;
      }
    }
    int count = some(buffer, offset, size);
    if (count < 0) {
      throw new EOFException("the body ended within a chunk");
    }
    return count;
  }

  private void trailers() throws IOException {
    for (int i = 0; i < MOST_TRAILERS; i++) {
      if (connection.textLine(LONGEST_LINE).isEmpty()) {
        return;
      }
    }
    throw new HttpHead.BrokenAnswer("too many trailers");
  }

  private static long chunkSize(String line) throws HttpHead.BrokenAnswer {
    int semicolon = line.indexOf(';');
    String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    if (digits.isEmpty() || digits.length() > 15 || digits.charAt(0) == '+') {
      throw new HttpHead.BrokenAnswer("a chunk without size");
    }
    try {
      long size = Long.parseLong(digits, 16);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException _) {
      // Named below.
    }
    throw new HttpHead.BrokenAnswer("a chunk of the size '%s'".formatted(S3Errors.tidy(digits)));
  }
}
