package org.vistadr.model;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// One entry of a key's history in the catalog. Entries are never removed.
///
/// @param id the catalog's number of the entry, growing in the order in which entries were learned
/// @param key the key
/// @param rank the place in the key's history: a higher rank is newer
/// @param origin listed or inferred
/// @param versionId the primary's version that holds the bytes; for an inferred deletion
///   [VersionId#NULL]
/// @param lastModified the primary's time of the version; for an inferred entry the start of the
///   scan that proved it
/// @param entry content or delete marker
/// @param seenInScan the scan to which the entry counts: the recovery point reaches that scan only
///   when the entry is durable
/// @param visibleAfter the start of the last complete scan that proves that the entry was not there
///   yet; empty when no scan came before
/// @param purgedInScan the scan that proved that the primary no longer has it
/// @param sha256 hash of the bytes, known once they were read
public record RecordedVersion(
    long id,
    ObjectKey key,
    long rank,
    Origin origin,
    VersionId versionId,
    Instant lastModified,
    Entry entry,
    long seenInScan,
    Optional<Instant> visibleAfter,
    OptionalLong purgedInScan,
    Optional<Sha256> sha256) {

  /// The identity under which the primary lists it.
  public VersionIdentity identity() {
    return VersionIdentity.of(versionId, lastModified, entry);
  }

  /// Whether the primary still had it at the last look.
  public boolean atPrimary() {
    return origin == Origin.LISTED && purgedInScan.isEmpty();
  }

  /// The moment from which the entry counts in a view: the primary's own time, unless a complete
  /// scan that started later proves that the entry was not there yet (an upload completed late,
  /// say); then it counts after the start of that scan.
  public Instant effectiveAt() {
    return visibleAfter.filter(after -> after.isAfter(lastModified)).orElse(lastModified);
  }
}
