package org.vistadr.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// When a version is tried again: the wait doubles from 5 s up to [SyncSettings#LONGEST_BACKOFF],
/// half of it jitter.
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(5);

  private Backoff() {}

  /// @param attempts tries so far, this one included
  static Instant nextTry(Instant now, int attempts, RandomGenerator random) {
    long longest = SyncSettings.LONGEST_BACKOFF.toMillis();
    long wait = Math.min(longest, FIRST.toMillis() << Math.clamp(attempts - 1L, 0, 20));
    return now.plusMillis(wait / 2 + random.nextLong(wait / 2 + 1));
  }
}
