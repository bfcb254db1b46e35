package org.vistadr.model;

import java.time.Instant;

/// One entry of a listing, as the site listed it. Listings of current objects give entries with
/// [VersionId#NULL] and `latest`.
///
/// @param key the key
/// @param versionId the site's version id
/// @param lastModified the site's time of the version, in the precision that the listing has (often
///   seconds)
/// @param latest whether the site calls it the key's current version
/// @param entry content or delete marker
public record ListedVersion(
    ObjectKey key, VersionId versionId, Instant lastModified, boolean latest, Entry entry) {

  /// The identity of this version at the site.
  public VersionIdentity identity() {
    return VersionIdentity.of(versionId, lastModified, entry);
  }
}
