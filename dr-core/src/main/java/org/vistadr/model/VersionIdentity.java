package org.vistadr.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What makes a version of a key the same version in two listings.
///
/// A version id is enough where a provider keeps its word. Size and entity tag belong to the
/// identity too, because a listing that was read while the key was written can show a new id beside
/// the properties of the version before: the next listing then shows another version, and the first
/// is recorded as gone. The `null` version is overwritten in place: there the time belongs to the
/// identity.
public sealed interface VersionIdentity {

  /// An immutable version.
  ///
  /// @param versionId its id
  /// @param entry content with its entity tag and size, or delete marker
  record Fixed(VersionId versionId, Entry entry) implements VersionIdentity {}

  /// One state of the mutable `null` version.
  ///
  /// @param lastModified the site's time of it, whole seconds
  /// @param entry content with its entity tag and size, or delete marker
  record Mutable(Instant lastModified, Entry entry) implements VersionIdentity {}

  /// The identity of a version with these properties. The storage class is not part of it: a
  /// lifecycle rule changes it without a new version.
  static VersionIdentity of(VersionId versionId, Instant lastModified, Entry entry) {
    Entry lasting =
        switch (entry) {
          case Entry.Content(String etag, long size, _) -> new Entry.Content(etag, size, "");
          case Entry.DeleteMarker marker -> marker;
        };
    return versionId.isNull()
        ? new Mutable(lastModified.truncatedTo(ChronoUnit.SECONDS), lasting)
        : new Fixed(versionId, lasting);
  }
}
