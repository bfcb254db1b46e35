package org.vistadr.catalog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/// A hash of each key of a range, in key order, as [org.vistadr.model.KeyedHash] makes them.
/// Immutable.
public final class KeyHashes {

  /// Keys at most.
  public static final int MOST = 256;

  private final byte[] bytes;

  /// @param bytes not changed any more
  private KeyHashes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Of the first few of an array.
  public static KeyHashes of(long[] hashes, int count) {
    if (count > MOST) {
      throw new IllegalArgumentException("%d keys are too many for a range".formatted(count));
    }
    byte[] bytes = new byte[count * Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().put(hashes, 0, count);
    return new KeyHashes(bytes);
  }

  /// @param bytes as from [#bytes()], not changed any more
  static KeyHashes ofBytes(byte[] bytes) {
    return new KeyHashes(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  /// Keys.
  public int size() {
    return bytes.length / Long.BYTES;
  }

  /// The places of those hashes that others, in the same order, do not have.
  public BitSet notIn(KeyHashes others) {
    ByteBuffer these = ByteBuffer.wrap(bytes);
    ByteBuffer those = ByteBuffer.wrap(others.bytes);
    BitSet places = new BitSet();
    int from = 0;
    for (int i = 0; i < bytes.length; i += Long.BYTES) {
      long hash = these.getLong(i);
      int j = from;
      while (j < others.bytes.length && those.getLong(j) != hash) {
        j += Long.BYTES;
      }
      if (j < others.bytes.length) {
        from = j + Long.BYTES;
      } else {
        places.set(i / Long.BYTES);
      }
    }
    return places;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyHashes hashes && Arrays.equals(bytes, hashes.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return size() + " keys";
  }
}
