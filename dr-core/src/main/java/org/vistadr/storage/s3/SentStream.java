package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/// A body that is read once from a stream and must have exactly the announced length. A stream that
/// is longer is found out before its last announced byte is sent, so that the provider never gets a
/// complete cut body.
final class SentStream implements Payload {

  private static final int CHUNK = 256 << 10;

  private final InputStream source;
  private final long length;
  private final boolean hashed;
  private final MessageDigest md5;
  private volatile boolean sourceFailed;

  /// The source gave too much or too little, or could not be read.
  static final class SourceFailure extends IOException {
    private static final long serialVersionUID = 1L;

    SourceFailure(String message, Throwable cause) {
      super(message, cause);
    }

    SourceFailure(String message) {
      super(message);
    }
  }

  /// @param hashed whether the MD5 will be asked for
  SentStream(InputStream source, long length, boolean hashed) {
    this.source = source;
    this.length = length;
    this.hashed = hashed;
    this.md5 = Md5.newDigest();
  }

  /// The MD5 of what was sent, once it was sent, if it was to be hashed.
  byte[] md5() {
    return md5.digest();
  }

  /// Whether it was the source that broke the request.
  boolean sourceFailed() {
    return sourceFailed;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(1, length))];
    long left = length;
    do {
      int wanted = (int) Math.min(chunk.length, left);
      int read = read(chunk, wanted);
      if (read < wanted) {
        throw failed(
            "the source ended after %d of %d bytes".formatted(length - left + read, length));
      }
      if (left == wanted && readOne() >= 0) {
        throw failed("the source has more than the announced %d bytes".formatted(length));
      }
      if (hashed) {
        md5.update(chunk, 0, wanted);
      }
      out.write(chunk, 0, wanted);
      left -= wanted;
    } while (left > 0);
  }

  private int read(byte[] chunk, int wanted) throws IOException {
    try {
      return source.readNBytes(chunk, 0, wanted);
    } catch (IOException e) {
      sourceFailed = true;
      throw new SourceFailure("the source cannot be read: " + e.getMessage(), e);
    }
  }

  private int readOne() throws IOException {
    try {
      return source.read();
    } catch (IOException e) {
      sourceFailed = true;
      throw new SourceFailure("the source cannot be read: " + e.getMessage(), e);
    }
  }

  private SourceFailure failed(String message) {
    sourceFailed = true;
    return new SourceFailure(message);
  }

  @Override
  public long length() {
    return length;
  }
}
