package org.vistadr.storage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Keeps a rate by letting each amount wait until those before it had their time; up to a quarter
/// of a second may be used at once. Safe for many threads.
final class Pace {

  private static final long BURST_NANOS = 250_000_000L;

  private final long perSecond;
  private final Sleeper sleeper;
  private final LongSupplier nanoTime;
  private final AtomicLong freeAt;

  /// @param perSecond the rate, 0 for none
  Pace(long perSecond, Sleeper sleeper, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.sleeper = sleeper;
    this.nanoTime = nanoTime;
    this.freeAt = new AtomicLong(nanoTime.getAsLong() - BURST_NANOS);
  }

  /// Waits until this amount may pass.
  void pass(long amount) throws InterruptedException {
    if (perSecond <= 0 || amount <= 0) {
      return;
    }
    long now = nanoTime.getAsLong();
    long cost = (long) (amount * 1e9 / perSecond);
    long end = freeAt.updateAndGet(at -> Math.max(at, now - BURST_NANOS) + cost);
    long wait = end - now;
    if (wait > 0) {
      sleeper.sleep(Duration.ofNanos(wait));
    }
  }
}
