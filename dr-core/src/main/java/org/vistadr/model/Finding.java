package org.vistadr.model;

import java.time.Instant;
import java.util.Optional;

/// A replica that is not what the catalog says.
///
/// @param id grows by one with each finding
/// @param secondary where
/// @param versionId catalog id of the version
/// @param key the version's key
/// @param kind what is wrong
/// @param state what was done about it
/// @param foundAt in the daemon's clock
/// @param settledAt when it was repaired
/// @param detail one sentence
public record Finding(
    long id,
    SiteName secondary,
    long versionId,
    ObjectKey key,
    Kind kind,
    State state,
    Instant foundAt,
    Optional<Instant> settledAt,
    String detail) {

  /// What is wrong.
  public enum Kind {
    /// Nothing is there.
    MISSING,
    /// Something else is there: another size or entity tag.
    CHANGED,
    /// Its bytes have another hash.
    CORRUPT,
    /// It has other metadata than was written.
    METADATA
  }

  /// What was done about it.
  public enum State {
    /// Nothing yet.
    OPEN,
    /// It is copied again; that is not proved yet.
    BEING_REPAIRED,
    /// It was copied again and read back.
    REPAIRED
  }
}
