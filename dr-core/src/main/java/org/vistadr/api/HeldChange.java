package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `GET /api/v1/held?secondary=...`: a deletion that is kept from a secondary; with
/// `discarded=true` a change that it does not have because a person decided so.
///
/// @param key the key
/// @param versionId the primary's delete marker; `null` where it made none
/// @param at the primary's time of it, or the start of the scan that found the key gone
/// @param scan the scan that it counts to
/// @param judged whether that scan was judged; the others wait for the end of the next one
/// @param deletion whether it is a deletion; a change that was given up and waived may be content
/// @param decision what was decided and why; absent while it is held
public record HeldChange(
    String key,
    String versionId,
    Instant at,
    long scan,
    boolean judged,
    boolean deletion,
    Optional<String> decision) {

  /// `POST /api/v1/held/release` and `/discard`.
  ///
  /// @param secondary only there; absent for all
  /// @param prefix only keys that start with it; absent for all. With neither the brake goes off
  /// @param reason why; kept in the audit log
  public record Decision(Optional<String> secondary, Optional<String> prefix, String reason) {}

  /// The answer to both.
  ///
  /// @param changes how many deletions, over all secondaries concerned
  /// @param brake how the brake stands now
  public record Decided(long changes, BrakeView brake) {}
}
