package org.vistadr.model;

import java.time.Instant;
import java.util.Optional;

/// A replica that is not what the catalog says, or something at a secondary that no replica is.
///
/// @param id grows by one with each finding
/// @param secondary where
/// @param versionId catalog id of the version; 0 for what the catalog does not know
/// @param key the version's key; of something extra its key at the secondary
/// @param remoteVersion version at the secondary that it is about, where that has versions
/// @param kind what is wrong
/// @param state what was done about it
/// @param foundAt in the daemon's clock
/// @param settledAt when it was repaired, acknowledged or gone
/// @param detail one sentence
/// @param source the site that a repair copied from
/// @param reason why it was acknowledged
public record Finding(
    long id,
    SiteName secondary,
    long versionId,
    ObjectKey key,
    Optional<VersionId> remoteVersion,
    Kind kind,
    State state,
    Instant foundAt,
    Optional<Instant> settledAt,
    String detail,
    Optional<SiteName> source,
    Optional<String> reason) {

  /// What is wrong.
  public enum Kind {
    /// Nothing is there.
    MISSING,
    /// Something else is there: another size or entity tag.
    CHANGED,
    /// Its bytes have another hash.
    CORRUPT,
    /// It has other metadata than was written.
    METADATA,
    /// The bytes of another version that the catalog knows are there.
    SWAPPED,
    /// Something is there that no replica is. Copies are as good as without it.
    EXTRA
  }

  /// What was done about it.
  public enum State {
    /// Nothing yet.
    OPEN,
    /// It is copied again; that is not proved yet.
    BEING_REPAIRED,
    /// It was copied again and read back.
    REPAIRED,
    /// A person decided that it may stay as it is.
    ACKNOWLEDGED,
    /// What was extra is not there any more.
    GONE
  }

  /// Whether a copy is concerned, and not only something beside the copies.
  public boolean isWrong() {
    return kind != Kind.EXTRA;
  }

  /// What is at a place.
  ///
  /// @param etag entity tag without quotes
  /// @param size bytes
  /// @param sha256 hash, where the bytes were read
  public record Bytes(String etag, long size, Optional<Sha256> sha256) {}
}
