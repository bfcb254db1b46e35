package org.vistadr.storage.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/// CRC32C as S3 writes it: the four bytes in Base64. Guards against accidents, never against
/// intent, and costs next to nothing.
final class Crc32c {

  /// The header of a request, the trailer of a body in chunks, and the header of an answer.
  static final String HEADER = "x-amz-checksum-crc32c";

  private Crc32c() {}

  static String of(byte[] data, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, offset, length);
    return text(crc);
  }

  static String text(CRC32C crc) {
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /// What S3 tells of an object in parts: the CRC32C of the parts' own, and how many they are.
  ///
  /// @param parts in the order of their numbers
  static String composite(List<String> parts) {
    CRC32C crc = new CRC32C();
    parts.forEach(part -> crc.update(Base64.getDecoder().decode(part)));
    return text(crc) + "-" + parts.size();
  }
}
