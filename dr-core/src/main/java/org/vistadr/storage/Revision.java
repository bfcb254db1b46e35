package org.vistadr.storage;

import java.util.Optional;
import org.vistadr.model.VersionId;

/// Which state of an object a read is about. Reads that feed a copy are always pinned.
public sealed interface Revision {

  /// Whatever is current.
  Current CURRENT = new Current();

  /// Whatever is current when the request arrives.
  record Current() implements Revision {}

  /// Exactly this version; the version id of the answer is compared.
  ///
  /// @param versionId the version
  record Version(VersionId versionId) implements Revision {}

  /// The current object, only while it has this entity tag (`If-Match`); the tag of the answer is
  /// compared.
  ///
  /// @param etag entity tag without quotes
  record Matching(String etag) implements Revision {}

  /// Exactly what is known by these: the version where the bucket keeps versions, else the current
  /// object as long as it has the entity tag.
  ///
  /// @param etag entity tag without quotes
  static Revision pinned(Optional<VersionId> versionId, String etag) {
    return versionId.<Revision>map(Version::new).orElseGet(() -> new Matching(etag));
  }
}
