package org.vistadr.model;

import java.time.Duration;

/// How long something takes, as a range.
///
/// @param low at best
/// @param high at worst
public record TimeSpan(Duration low, Duration high) {

  /// No time at all.
  public static final TimeSpan ZERO = new TimeSpan(Duration.ZERO, Duration.ZERO);

  /// @throws IllegalArgumentException when the best is longer than the worst, or negative
  public TimeSpan {
    if (low.isNegative() || low.compareTo(high) > 0) {
      throw new IllegalArgumentException("no range: %s to %s".formatted(low, high));
    }
  }

  /// A range of whole minutes.
  public static TimeSpan minutes(long low, long high) {
    return new TimeSpan(Duration.ofMinutes(low), Duration.ofMinutes(high));
  }

  /// A range of whole hours.
  public static TimeSpan hours(long low, long high) {
    return new TimeSpan(Duration.ofHours(low), Duration.ofHours(high));
  }

  /// One after the other.
  public TimeSpan plus(TimeSpan next) {
    return new TimeSpan(low.plus(next.low), high.plus(next.high));
  }

  /// Both at the same time, until the later one has ended.
  public TimeSpan with(TimeSpan other) {
    return new TimeSpan(
        low.compareTo(other.low) >= 0 ? low : other.low,
        high.compareTo(other.high) >= 0 ? high : other.high);
  }
}
