package org.vistadr.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 hash, FIPS 180-4. Immutable.
///
/// @param hex 64 lower-case hexadecimal digits
public record Sha256(String hex) {

  /// Never fed: a copy of it costs a tenth of looking the algorithm up.
  private static final MessageDigest UNFED = unfed();

  /// @throws IllegalArgumentException when it is not 64 lower-case hexadecimal digits
  public Sha256 {
    if (hex.length() != 64 || !isHex(hex)) {
      throw new IllegalArgumentException("a SHA-256 is 64 lower-case hexadecimal digits");
    }
  }

  /// The hash with these 32 bytes.
  public static Sha256 ofBytes(byte[] hash) {
    return new Sha256(HexFormat.of().formatHex(hash));
  }

  private static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /// Hashes a part of an array.
  public static Sha256 digest(byte[] data, int offset, int length) {
    MessageDigest digest = newDigest();
    digest.update(data, offset, length);
    return ofBytes(digest.digest());
  }

  /// A digest to feed as bytes pass by.
  public static MessageDigest newDigest() {
    try {
      return (MessageDigest) UNFED.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
    }
  }

  private static MessageDigest unfed() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// The 32 bytes, a new array at each call.
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }
}
