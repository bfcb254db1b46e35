package org.vistadr.storage.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// MD5, which S3 uses for entity tags and `Content-MD5`. It guards against accidents, never against
/// intent.
final class Md5 {

  private Md5() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  static byte[] of(byte[] data, int offset, int length) {
    MessageDigest digest = newDigest();
    digest.update(data, offset, length);
    return digest.digest();
  }
}
