package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A body that is read once from a stream and must have exactly the announced length. A stream that
/// is longer is found out before its last announced byte is sent, so that the provider never gets a
/// complete cut body.
final class SentStream implements Payload {

  /// More than the lines around a chunk and the ending have.
  private static final int ROOM = 64;

  /// Sockets send 128 KiB at once: a chunk with its lines fills that twice, and no third time.
  private static final int CHUNK = (256 << 10) - ROOM;

  private static final String LINE = "\r\n";

  private final InputStream source;
  private final long length;
  private final @Nullable MessageDigest md5;
  private final boolean trailer;
  private final CRC32C crc32c = new CRC32C();
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
  /// @param trailer whether the CRC32C of what was sent follows it, in S3's chunks
  SentStream(InputStream source, long length, boolean hashed, boolean trailer) {
    this.source = source;
    this.length = length;
    this.trailer = trailer;
    this.md5 = hashed ? Md5.newDigest() : null;
  }

  /// The MD5 of what was sent, once it was sent, if it was to be hashed.
  Optional<byte[]> md5() {
    return Optional.ofNullable(md5).map(MessageDigest::digest);
  }

  /// The CRC32C of what was sent, once it was sent, if it was sent with its checksum.
  String crc32c() {
    return Crc32c.text(crc32c);
  }

  /// Whether it was the source that broke the request.
  boolean sourceFailed() {
    return sourceFailed;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    // A chunk goes out in one piece with the lines around it.
    byte[] chunk = new byte[(int) Math.min(CHUNK, length) + ROOM];
    long left = length;
    do {
      int wanted = (int) Math.min(CHUNK, left);
      int start = trailer && wanted > 0 ? put(chunk, 0, Integer.toHexString(wanted) + LINE) : 0;
      int read = read(chunk, start, wanted);
      if (read < wanted) {
        throw failed(
            "the source ended after %d of %d bytes".formatted(length - left + read, length));
      }
      if (left == wanted && readOne() >= 0) {
        throw failed("the source has more than the announced %d bytes".formatted(length));
      }
      if (md5 != null) {
        md5.update(chunk, start, wanted);
      }
      int end = start + wanted;
      if (trailer && wanted > 0) {
        crc32c.update(chunk, start, wanted);
        end = put(chunk, end, LINE);
      }
      left -= wanted;
      if (trailer && left == 0) {
        end = put(chunk, end, ending(crc32c()));
      }
      out.write(chunk, 0, end);
    } while (left > 0);
  }

  /// What comes after the last chunk.
  static String ending(String crc32c) {
    return "0" + LINE + Crc32c.HEADER + ":" + crc32c + LINE + LINE;
  }

  /// Says in a request's headers what its body is.
  ///
  /// @param length bytes that are sent, without chunks
  static void headers(Map<String, String> headers, long length) {
    headers.merge("content-encoding", "aws-chunked", (before, chunked) -> chunked + "," + before);
    headers.put("x-amz-decoded-content-length", Long.toString(length));
    headers.put("x-amz-trailer", Crc32c.HEADER);
    headers.put("x-amz-sdk-checksum-algorithm", "CRC32C");
  }

  /// @return where the text ends
  private static int put(byte[] target, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, target, at, ascii.length);
    return at + ascii.length;
  }

  private int read(byte[] chunk, int offset, int wanted) throws IOException {
    try {
      return source.readNBytes(chunk, offset, wanted);
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
        + Crc32c.HEADER.length()
        + 9
        + 3L * LINE.length();
  }

  private static long framed(long bytes) {
    return Long.toHexString(bytes).length() + bytes + 2L * LINE.length();
  }
}
