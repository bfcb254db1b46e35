package org.vistadr.model;

import java.time.Duration;
import java.time.Instant;

/// How far a secondary is behind. Computed when it is read, so it grows when anything is stuck.
public sealed interface Lag {

  /// The recovery point is known.
  ///
  /// @param recoveryPoint everything at the primary up to then is durable at the secondary
  /// @param age now minus the recovery point, never negative
  record Known(Instant recoveryPoint, Duration age) implements Lag {}

  /// No complete scan is durable yet. Unknown is not zero.
  ///
  /// @param reason what is missing
  record Unknown(String reason) implements Lag {}

  /// The lag of a recovery point at a moment.
  static Lag of(Instant recoveryPoint, Instant now) {
    Duration age = Duration.between(recoveryPoint, now);
    return new Known(recoveryPoint, age.isNegative() ? Duration.ZERO : age);
  }
}
