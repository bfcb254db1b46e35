package org.vistadr.storage;

import org.vistadr.model.ObjectKey;

/// An upload in parts that was begun.
///
/// @param key target
/// @param uploadId the provider's id of it
/// @param crc32c whether it was begun for parts that carry their CRC32C, which the site checks
public record MultipartUpload(ObjectKey key, String uploadId, boolean crc32c) {

  /// Where the bytes of the parts come from. Stores that check the parts' checksums refuse to copy
  /// parts that have none.
  public enum Parts {
    /// From us.
    SENT,
    /// From objects at the same endpoint.
    COPIED
  }
}
