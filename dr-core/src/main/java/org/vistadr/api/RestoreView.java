package org.vistadr.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A restore: the execution of a plan, a durable resource.
///
/// @param id `r-...`
/// @param planId the plan
/// @param state `queued`, `running`, `verifying`, `completed`, `partial`, `failed`, `cancelled`
/// @param startedAt start
/// @param endedAt absent while running
/// @param at the moment it brings back
/// @param scope as in the plan
/// @param target as in the plan
/// @param total what there is to do
/// @param done what is done and verified
/// @param counts objects by state: `done`, `skipped`, `failed`, `pending`
/// @param message one line
/// @param bytesPerSecond over the last minute; absent when not running
/// @param etaSeconds absent while it cannot be told
public record RestoreView(
    String id,
    String planId,
    String state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Instant at,
    String scope,
    String target,
    Status.Amount total,
    Status.Amount done,
    Map<String, Long> counts,
    String message,
    Optional<Long> bytesPerSecond,
    Optional<Eta> etaSeconds) {

  /// @param low at best
  /// @param high at worst
  public record Eta(long low, long high) {}
}
