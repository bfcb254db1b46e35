package org.vistadr.storage;

import java.io.InputStream;
import java.util.Optional;
import org.vistadr.model.Sha256;

/// The bytes of a write.
public sealed interface WriteBody {

  /// Number of bytes.
  long length();

  /// Bytes in memory; the request can be repeated and its signature covers the hash.
  ///
  /// @param data holds the bytes; not changed while the request runs
  /// @param offset first byte
  /// @param size number of bytes
  /// @param sha256 hash of exactly these bytes
  /// @param contentMd5 hex MD5 that somebody else told of these bytes, as a source's entity tag
  ///   does, for the provider to check; spares computing it. Bytes that have another are refused
  record Buffered(byte[] data, int offset, int size, Sha256 sha256, Optional<String> contentMd5)
      implements WriteBody {
    /// The whole array.
    public static Buffered of(byte[] data) {
      return of(data, 0, data.length);
    }

    /// A part of an array.
    public static Buffered of(byte[] data, int offset, int size) {
      return new Buffered(data, offset, size, Sha256.digest(data, offset, size), Optional.empty());
    }

    /// The same bytes, with what is told of their MD5.
    public Buffered withContentMd5(Optional<String> md5) {
      return new Buffered(data, offset, size, sha256, md5);
    }

    @Override
    public long length() {
      return size;
    }
  }

  /// Bytes that pass by once.
  ///
  /// @param stream read to its end by the request, not closed by it; more or fewer bytes than
  ///   `length` fail the request
  /// @param length number of bytes
  /// @param contentMd5 hex MD5 that the provider shall check, when it is known beforehand
  record Streamed(InputStream stream, long length, Optional<String> contentMd5)
      implements WriteBody {}
}
