package org.vistadr.restore.run;

import java.time.Duration;
import java.util.Optional;

/// How fast a running restore is.
///
/// @param bytesPerSecond over the last minute
/// @param left time until it is done, as a range; empty while it cannot be told
public record Pace(long bytesPerSecond, Optional<Range> left) {

  /// @param low at best
  /// @param high at worst
  public record Range(Duration low, Duration high) {}
}
