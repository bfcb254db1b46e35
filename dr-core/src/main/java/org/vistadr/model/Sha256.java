package org.vistadr.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 hash, FIPS 180-4. Immutable. There are several for each object that is copied, so it
/// is kept as the number that it is.
public final class Sha256 {

  private static final int BYTES = 32;
  private static final HexFormat HEX = HexFormat.of();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// Never fed: a copy of it costs a tenth of looking the algorithm up.
  private static final MessageDigest UNFED = unfed();

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  /// The hash with these digits.
  ///
  /// @param hex 64 lower-case hexadecimal digits
  /// @throws IllegalArgumentException when it is not that
  public Sha256(String hex) {
    this(parse(hex));
  }

  private Sha256(byte[] hash) {
    if (hash.length != BYTES) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + hash.length);
    }
    first = (long) LONGS.get(hash, 0);
    second = (long) LONGS.get(hash, 8);
    third = (long) LONGS.get(hash, 16);
    fourth = (long) LONGS.get(hash, 24);
  }

  /// The hash with these 32 bytes.
  ///
  /// @throws IllegalArgumentException when there are more or fewer
  public static Sha256 ofBytes(byte[] hash) {
    return new Sha256(hash);
  }

  private static byte[] parse(String hex) {
    if (hex.length() != 2 * BYTES || !hex.chars().allMatch(Sha256::isDigit)) {
      throw new IllegalArgumentException("a SHA-256 is 64 lower-case hexadecimal digits");
    }
    return HEX.parseHex(hex);
  }

  private static boolean isDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
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
    byte[] bytes = new byte[BYTES];
    LONGS.set(bytes, 0, first);
    LONGS.set(bytes, 8, second);
    LONGS.set(bytes, 16, third);
    LONGS.set(bytes, 24, fourth);
    return bytes;
  }

  /// 64 lower-case hexadecimal digits.
  public String hex() {
    return HEX.formatHex(bytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 hash
        && first == hash.first
        && second == hash.second
        && third == hash.third
        && fourth == hash.fourth;
  }

  /// Any part of a hash is as good as all of it.
  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }

  @Override
  public String toString() {
    return hex();
  }
}
