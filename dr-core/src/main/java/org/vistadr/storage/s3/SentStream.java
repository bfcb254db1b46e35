package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.zip.CRC32;

/// A body that is read once from a stream and must have exactly the announced length. A stream that
/// is longer is found out before its last announced byte is sent, so that the provider never gets a
/// complete cut body.
final class SentStream implements Payload {

  private static final int CHUNK = 256 << 10;
  private static final String LINE = "\r\n";
  private static final String CRC32_HEADER = "x-amz-checksum-crc32";

  private final InputStream source;
  private final long length;
  private final boolean hashed;
  private final MessageDigest md5;
  private final boolean trailer;
  private final CRC32 crc32 = new CRC32();
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
  /// @param trailer whether the checksum of what was sent follows it, in S3's chunks
  SentStream(InputStream source, long length, boolean hashed, boolean trailer) {
    this.source = source;
    this.length = length;
    this.hashed = hashed;
    this.trailer = trailer;
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
      if (trailer && wanted > 0) {
        crc32.update(chunk, 0, wanted);
        ascii(out, Integer.toHexString(wanted) + LINE);
      }
      out.write(chunk, 0, wanted);
      if (trailer && wanted > 0) {
        ascii(out, LINE);
      }
      left -= wanted;
    } while (left > 0);
    if (trailer) {
      byte[] sum = ByteBuffer.allocate(4).putInt((int) crc32.getValue()).array();
      ascii(
          out,
          "0" + LINE + CRC32_HEADER + ":" + Base64.getEncoder().encodeToString(sum) + LINE + LINE);
    }
  }

  /// Says in a request's headers what its body is.
  void headers(Map<String, String> headers) {
    headers.merge("content-encoding", "aws-chunked", (before, chunked) -> chunked + "," + before);
    headers.put("x-amz-decoded-content-length", Long.toString(length));
    headers.put("x-amz-trailer", CRC32_HEADER);
    headers.put("x-amz-sdk-checksum-algorithm", "CRC32");
  }

  private static void ascii(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
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
    if (!trailer) {
      return length;
    }
    long last = length % CHUNK;
    return length / CHUNK * framed(CHUNK)
        + (last == 0 ? 0 : framed(last))
        // "0", the checksum's name and its eight characters, and the ends of three lines.
        + 1
        + CRC32_HEADER.length()
        + 9
        + 3L * LINE.length();
  }

  private static long framed(long bytes) {
    return Long.toHexString(bytes).length() + bytes + 2L * LINE.length();
  }
}
