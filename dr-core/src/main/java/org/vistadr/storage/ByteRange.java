package org.vistadr.storage;

/// Which bytes of an object.
public sealed interface ByteRange {

  /// The whole object.
  All ALL = new All();

  /// The whole object.
  record All() implements ByteRange {}

  /// A part of it.
  ///
  /// @param offset first byte, from 0
  /// @param length number of bytes, at least 1
  record Slice(long offset, long length) implements ByteRange {
    /// @throws IllegalArgumentException when negative or empty
    public Slice {
      if (offset < 0 || length < 1) {
        throw new IllegalArgumentException(
            "not a byte range: offset %d, length %d".formatted(offset, length));
      }
    }
  }
}
