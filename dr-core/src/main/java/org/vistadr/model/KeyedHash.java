package org.vistadr.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/// SipHash-2-4 under a key: 64 bits that nobody can foresee who does not know the key, at a tenth
/// of the cost of SHA-256 for short inputs. Two inputs that somebody without the key chose have the
/// same hash once in 2^64. No substitute for [Sha256] where hashes are shown or the key is not kept
/// to ourselves.
///
/// @param first the first 8 bytes of the key, little-endian
/// @param second its last 8 bytes
public record KeyedHash(long first, long second) {

  /// Bytes of a key.
  public static final int KEY_BYTES = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// A new key.
  ///
  /// @param random not to be foreseen
  public static KeyedHash random(RandomGenerator random) {
    return new KeyedHash(random.nextLong(), random.nextLong());
  }

  /// The one with this key.
  public static KeyedHash ofKey(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has %d bytes".formatted(KEY_BYTES));
    }
    return new KeyedHash((long) LONGS.get(key, 0), (long) LONGS.get(key, Long.BYTES));
  }

  /// The key's bytes, a new array at each call.
  public byte[] key() {
    byte[] key = new byte[KEY_BYTES];
    LONGS.set(key, 0, first);
    LONGS.set(key, Long.BYTES, second);
    return key;
  }

  /// Hashes the first bytes of an array.
  public long of(byte[] data, int length) {
    long v0 = first ^ 0x736f6d6570736575L;
    long v1 = second ^ 0x646f72616e646f6dL;
    long v2 = first ^ 0x6c7967656e657261L;
    long v3 = second ^ 0x7465646279746573L;
    int words = length & -Long.BYTES;
    // Two rounds for each word and for the last one, then four at the end, for which nothing is
    // added.
    for (int at = 0; at <= words + Long.BYTES; at += Long.BYTES) {
      boolean ends = at > words;
      long word =
          ends ? 0 : at == words ? lastWord(data, words, length) : (long) LONGS.get(data, at);
      v2 ^= ends ? 0xff : 0;
      v3 ^= word;
      for (int round = ends ? 4 : 2; round > 0; round--) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /// What is left, and the length.
  private static long lastWord(byte[] data, int from, int length) {
    long word = (long) length << 56;
    for (int i = from; i < length; i++) {
      word |= (data[i] & 0xffL) << (8 * (i - from));
    }
    return word;
  }

  /// Says nothing of the key.
  @Override
  public String toString() {
    return "KeyedHash";
  }
}
