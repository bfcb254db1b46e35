package org.vistadr.model;

import java.nio.charset.StandardCharsets;

/// The name of an object in a bucket: 1 to 1,024 bytes of UTF-8, never normalised.
///
/// Keys are ordered by their UTF-8 bytes, as S3 listings are. That is the order of code points and
/// differs from [String#compareTo] for characters outside the basic plane.
///
/// @param value the key as it is at the provider, decoded once
public record ObjectKey(String value) implements Comparable<ObjectKey> {

  /// The longest key that S3 accepts, in bytes of UTF-8.
  public static final int MAX_BYTES = 1024;

  /// Everything below this prefix belongs to VISTA DR: it is never part of a view, a count or a
  /// scan.
  public static final String RESERVED_PREFIX = ".vistadr/";

  /// @throws IllegalArgumentException when the key is empty, too long or not encodable as UTF-8
  public ObjectKey {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("an object key must not be empty");
    }
    // A key of up to a third of the limit fits whatever it holds, so the count is seldom needed.
    if (value.length() > MAX_BYTES / 3) {
      int length = value.getBytes(StandardCharsets.UTF_8).length;
      if (length > MAX_BYTES) {
        throw new IllegalArgumentException(
            "an object key has at most %d bytes of UTF-8, this one has %d"
                .formatted(MAX_BYTES, length));
      }
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (!Character.isHighSurrogate(value.charAt(i))
            || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          throw new IllegalArgumentException("an object key must be valid Unicode");
        }
        i++;
      }
    }
  }

  /// The key of these UTF-8 bytes.
  public static ObjectKey ofUtf8(byte[] utf8) {
    return new ObjectKey(new String(utf8, StandardCharsets.UTF_8));
  }

  /// The key's bytes, a new array at each call.
  public byte[] utf8() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /// Whether the key lies below [#RESERVED_PREFIX].
  public boolean isReserved() {
    return value.startsWith(RESERVED_PREFIX);
  }

  /// Compares by UTF-8 bytes.
  @Override
  public int compareTo(ObjectKey other) {
    return compareUtf8(value, other.value);
  }

  /// Compares two valid strings by their UTF-8 bytes without encoding them.
  public static int compareUtf8(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean surrogateLeft = Character.isSurrogate(l);
        boolean surrogateRight = Character.isSurrogate(r);
        if (surrogateLeft != surrogateRight) {
          return surrogateLeft ? 1 : -1;
        }
        return Character.compare(l, r);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  @Override
  public String toString() {
    return value;
  }
}
