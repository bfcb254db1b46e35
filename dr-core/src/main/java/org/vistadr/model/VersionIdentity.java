package org.vistadr.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What makes a version of a key the same version in two listings.
///
/// A version id is enough, except for the `null` version, which is overwritten in place: there time
/// and entity tag belong to the identity too.
public sealed interface VersionIdentity {

  /// An immutable version.
  ///
  /// @param versionId its id
  record Fixed(VersionId versionId) implements VersionIdentity {}

  /// One state of the mutable `null` version.
  ///
  /// @param lastModified the site's time of it, whole seconds
  /// @param etag its entity tag, empty for a delete marker
  record Mutable(Instant lastModified, String etag) implements VersionIdentity {}

  /// The identity of a version with these properties.
  static VersionIdentity of(VersionId versionId, Instant lastModified, Entry entry) {
    if (!versionId.isNull()) {
      return new Fixed(versionId);
    }
    return switch (entry) {
      case Entry.Content(String etag, _, _) ->
          new Mutable(lastModified.truncatedTo(ChronoUnit.SECONDS), etag);
      case Entry.DeleteMarker() -> new Mutable(lastModified.truncatedTo(ChronoUnit.SECONDS), "");
    };
  }
}
