package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyedHashTest {

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  /// Of the authors' reference: the key and the inputs count upwards from 0.
  @Test
  void hashesAsTheReferenceDoes() {
    KeyedHash hash = KeyedHash.ofKey(counting(16));
    assertThat(hash.of(counting(0), 0)).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(hash.of(counting(1), 1)).isEqualTo(0x74f839c593dc67fdL);
    assertThat(hash.of(counting(2), 2)).isEqualTo(0x0d6c8009d9a94f5aL);
    assertThat(hash.of(counting(3), 3)).isEqualTo(0x85676696d7fb7e2dL);
    assertThat(hash.of(counting(15), 15)).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void everyByteAndTheLengthCount() {
    KeyedHash hash = KeyedHash.random(new SplittableRandom(1));
    Set<Long> seen = new HashSet<>();
    for (int length = 0; length < 40; length++) {
      assertThat(seen.add(hash.of(new byte[40], length))).isTrue();
      for (int i = 0; i < length; i++) {
        byte[] data = new byte[40];
        data[i] = 1;
        assertThat(seen.add(hash.of(data, length))).isTrue();
      }
    }
  }

  @Test
  void aKeyIsTheSameFromItsBytesAndHidden() {
    KeyedHash hash = KeyedHash.random(new SplittableRandom(2));
    assertThat(KeyedHash.ofKey(hash.key())).isEqualTo(hash);
    assertThat(hash.of(counting(9), 9))
        .isNotEqualTo(KeyedHash.random(new SplittableRandom(3)).of(counting(9), 9));
    assertThat(hash.toString()).isEqualTo("KeyedHash");
  }
}
