package org.vistadr.model;

import java.time.Instant;
import java.util.Optional;

/// A bucket configuration as it was saved, because it differed from the one before.
///
/// @param number grows; 1 is the first
/// @param seenAt when it was first seen, in the primary's clock: it was set before that
/// @param config what the bucket was set to
/// @param accepted who said that it is meant; later versions are compared with the newest one that
///   somebody accepted
public record ConfigVersion(
    long number, Instant seenAt, BucketConfig config, Optional<Acceptance> accepted) {

  /// @param at when, in the daemon's clock
  /// @param who role and fingerprint of the token, or `daemon` for the first reading
  /// @param reason why it is meant
  public record Acceptance(Instant at, String who, String reason) {}
}
