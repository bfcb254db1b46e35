package org.vistadr.storage.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.vistadr.model.ContentLook;
import org.vistadr.model.Sha256;

/// Hashes bytes as they pass. When the hash is known beforehand, the last bytes are given out only
/// after it was compared, so that a write fed from here can never complete with other bytes.
final class CheckedStream extends FilterInputStream {

  private final MessageDigest digest;
  private final Optional<Sha256> expected;
  private final byte[] head = new byte[ContentLook.HEAD];
  private int headLength;
  private long left;

  /// @param digest fed with every byte
  /// @param length bytes that will pass
  /// @param expected hash of everything fed to the digest once `length` bytes have passed
  CheckedStream(InputStream source, MessageDigest digest, long length, Optional<Sha256> expected) {
    super(source);
    this.digest = digest;
    this.left = length;
    this.expected = expected;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count > 0) {
      digest.update(buffer, offset, count);
      if (headLength < head.length) {
        int taken = Math.min(count, head.length - headLength);
        System.arraycopy(buffer, offset, head, headLength, taken);
        headLength += taken;
      }
      left -= count;
      if (left <= 0 && expected.isPresent()) {
        compare(expected.get());
      }
    }
    return count;
  }

  /// What the beginning of what passed so far looks like.
  ContentLook look() {
    return ContentLook.of(head, 0, headLength);
  }

  private void compare(Sha256 wanted) throws IOException {
    try {
      Sha256 found = Sha256.ofBytes(((MessageDigest) digest.clone()).digest());
      if (!found.equals(wanted)) {
        throw new HashMismatchException(wanted, found);
      }
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /// The bytes are not the ones that were expected.
  static final class HashMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    HashMismatchException(Sha256 wanted, Sha256 found) {
      super("sha-256 %s expected, %s found".formatted(wanted.hex(), found.hex()));
    }
  }
}
