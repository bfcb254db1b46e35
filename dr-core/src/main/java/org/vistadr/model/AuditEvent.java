package org.vistadr.model;

import java.time.Instant;

/// One change of state, and who made it.
///
/// @param id grows by one with each event; 0 before it is recorded
/// @param at in the daemon's clock
/// @param who role and fingerprint of the token, or the job
/// @param action a stable word: `brake-engaged`, `held-released`, `task-paused`, ...
/// @param subject what was changed: a task, a secondary, a restore, a key; empty for the whole
/// @param reason as the person gave it; empty where none is asked for
/// @param detail what came of it
public record AuditEvent(
    long id, Instant at, String who, String action, String subject, String reason, String detail) {

  /// An event that is not recorded yet.
  public static AuditEvent of(
      Instant at, String who, String action, String subject, String reason, String detail) {
    return new AuditEvent(0, at, who, action, subject, reason, detail);
  }
}
