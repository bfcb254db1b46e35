package org.vistadr.model;

/// What one version of a key is: content, or the statement that the key was deleted.
public sealed interface Entry {

  /// Bytes.
  ///
  /// @param etag the provider's entity tag without quotes, an equality token on the same site only
  /// @param size bytes
  /// @param storageClass the provider's name of the class, `STANDARD` where it names none
  record Content(String etag, long size, String storageClass) implements Entry {
    /// @throws IllegalArgumentException when the size is negative
    public Content {
      if (size < 0) {
        throw new IllegalArgumentException("a size must not be negative, was " + size);
      }
    }
  }

  /// The key was deleted at this point of its history.
  record DeleteMarker() implements Entry {}

  /// Bytes of the entry; a delete marker has none.
  default long bytes() {
    return switch (this) {
      case Content(_, long size, _) -> size;
      case DeleteMarker() -> 0;
    };
  }
}
