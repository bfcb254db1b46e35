package org.vistadr.storage;

import java.util.Optional;
import org.vistadr.model.VersionId;

/// The provider's acknowledgement of a write.
///
/// @param versionId the new version; empty in an unversioned bucket
/// @param etag entity tag without quotes
/// @param proof how the provider's answer proves the bytes
public record WriteReceipt(Optional<VersionId> versionId, String etag, Proof proof) {

  /// Exactly what was written: its version, or the object as long as it has this entity tag.
  public Revision written() {
    return Revision.pinned(versionId, etag);
  }

  /// What the acknowledgement says about the bytes that were stored.
  public enum Proof {
    /// The provider returned a checksum of what it stored (an MD5 entity tag or an
    /// `x-amz-checksum-*`) and it equals that of the bytes sent.
    CHECKSUM_MATCHED,
    /// The provider accepted the bytes without a checksum that could be compared: read them back.
    READ_BACK_NEEDED
  }
}
