package org.vistadr.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Sha256;

class CheckedStreamTest {

  private static final byte[] BYTES = new byte[100_000];

  @Test
  void theHashOfEverythingThatPassedIsInTheDigest() throws IOException {
    MessageDigest digest = Sha256.newDigest();
    stream(digest, Optional.empty()).readAllBytes();
    assertThat(Sha256.ofBytes(digest.digest())).isEqualTo(Sha256.digest(BYTES, 0, BYTES.length));
  }

  @Test
  void wrongBytesAreNeverGivenOutToTheEnd() {
    Sha256 other = Sha256.digest(new byte[1], 0, 1);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    assertThatThrownBy(() -> stream(Sha256.newDigest(), Optional.of(other)).transferTo(received))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(other.hex());
    assertThat(received.size()).isLessThan(BYTES.length);
  }

  @Test
  void theRightBytesPass() throws IOException {
    Sha256 right = Sha256.digest(BYTES, 0, BYTES.length);
    assertThat(stream(Sha256.newDigest(), Optional.of(right)).readAllBytes()).isEqualTo(BYTES);
  }

  private static InputStream stream(MessageDigest digest, Optional<Sha256> expected) {
    return new CheckedStream(new ByteArrayInputStream(BYTES), digest, BYTES.length, expected);
  }
}
