package org.vistadr.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;

/// A body on its way in. Its stream gives exactly the announced number of bytes or fails.
final class S3Body implements ObjectBody {

  private final HttpAnswer answer;
  private final ObjectHead head;
  private final long length;
  private final InputStream counted = new Counted();
  private @Nullable InputStream wire;
  private long left;

  S3Body(HttpAnswer answer, ObjectHead head, long length) {
    this.answer = answer;
    this.head = head;
    this.length = length;
    this.left = length;
  }

  @Override
  public ObjectHead head() {
    return head;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public InputStream stream() {
    return counted;
  }

  @Override
  public void close() {
    answer.close();
  }

  private final class Counted extends InputStream {

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int size) throws IOException {
      if (size == 0) {
        return 0;
      }
      try {
        InputStream in = wire;
        if (in == null) {
          in = answer.body();
          wire = in;
        }
        int read = in.read(buffer, offset, size);
        if (read < 0) {
          if (left > 0) {
            throw new EOFException(
                "the body ended after %d of %d bytes".formatted(length - left, length));
          }
          return -1;
        }
        left -= read;
        if (left < 0) {
          throw new IOException("the body has more than the announced %d bytes".formatted(length));
        }
        if (left == 0) {
          // Sees the end, which gives the connection back to the pool.
          int beyond = in.read();
          if (beyond >= 0) {
            throw new IOException(
                "the body has more than the announced %d bytes".formatted(length));
          }
        }
        return read;
      } catch (IOException e) {
        throw answer.explained(e);
      }
    }

    /// Closing the stream drops the connection; the rest is never read.
    @Override
    public void close() {
      answer.close();
    }
  }
}
