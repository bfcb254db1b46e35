package org.vistadr.api;

import java.time.Instant;

/// `GET /api/v1/audit`: one change of state by a person or a job.
///
/// @param id grows by one with each entry
/// @param at in the daemon's clock
/// @param who role and fingerprint of the token, or the job
/// @param action a stable word: `brake-engaged`, `held-released`, `task-paused`, ...
/// @param subject what was changed
/// @param reason as the person gave it; empty where none was asked for
/// @param detail what came of it
public record AuditEntry(
    long id, Instant at, String who, String action, String subject, String reason, String detail) {

  /// `GET /api/v1/audit/seals`: whether the log is as it was written.
  ///
  /// @param intact whether every entry has its seal and none is missing between
  /// @param firstBroken the first entry that does not; absent when all do
  public record Seals(boolean intact, java.util.Optional<Long> firstBroken) {}
}
