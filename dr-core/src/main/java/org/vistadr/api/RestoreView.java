package org.vistadr.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A restore: the execution of a plan, a durable resource.
///
/// @param id `r-...`
/// @param planId the plan
/// @param state `queued`, `thawing`, `running`, `paused`, `completed`, `partial`, `failed`,
///   `cancelled`
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
/// @param maxBytesPerSecond the most that may be written; absent is no limit
/// @param attempts how it had ended before it was taken up again, oldest first
/// @param notes what else is to be known, one line each
/// @param goal as in [RestorePlanView]
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
    Optional<Eta> etaSeconds,
    Optional<Long> maxBytesPerSecond,
    List<Attempt> attempts,
    List<String> notes,
    String goal) {

  /// What is missing is empty.
  public RestoreView {
    attempts = List.copyOf(requireNonNullElse(attempts, List.of()));
    notes = List.copyOf(requireNonNullElse(notes, List.of()));
  }

  /// @param state `partial` or `failed`
  /// @param endedAt when
  /// @param message why
  public record Attempt(String state, Instant endedAt, String message) {}

  /// @param low at best
  /// @param high at worst
  public record Eta(long low, long high) {}
}
