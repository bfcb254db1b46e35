package org.vistadr.restore.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.vistadr.model.RestorePlan.Amount;

/// Measures how fast a restore goes, over the last minute. Safe for use by many threads.
public final class PaceMeter {

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(60);

  /// Before this nobody can tell.
  private static final long SETTLING = TimeUnit.SECONDS.toNanos(15);

  private static final int MOST_SAMPLES = 4096;

  private record Sample(long at, long objects, long bytes) {}

  private final Deque<Sample> samples = new ArrayDeque<>();
  private final LongSupplier nanoTime;
  private final long begun;

  /// @param nanoTime a clock that only goes forward
  public PaceMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  /// An object is done.
  public synchronized void count(long bytes) {
    var last = samples.peekLast();
    long now = nanoTime.getAsLong();
    // Objects that end together share a sample, so that their number is bounded.
    if (last != null && now - last.at() < WINDOW / MOST_SAMPLES) {
      samples.removeLast();
      samples.addLast(new Sample(last.at(), last.objects() + 1, last.bytes() + bytes));
    } else {
      samples.addLast(new Sample(now, 1, bytes));
    }
    forget(now);
  }

  /// The pace now. The time left is a range: by what the bytes and by what the objects need.
  ///
  /// @param left what is not written yet
  public synchronized Pace read(Amount left) {
    long now = nanoTime.getAsLong();
    forget(now);
    double seconds = Math.max(Math.min(now - begun, WINDOW), 1_000_000L) / 1e9;
    long objects = samples.stream().mapToLong(Sample::objects).sum();
    long bytes = samples.stream().mapToLong(Sample::bytes).sum();
    long bytesPerSecond = Math.round(bytes / seconds);
    if (now - begun < SETTLING || objects == 0) {
      return new Pace(bytesPerSecond, Optional.empty());
    }
    double byObjects = left.objects() * seconds / objects;
    double byBytes = bytes == 0 ? byObjects : left.bytes() * seconds / bytes;
    return new Pace(
        bytesPerSecond,
        Optional.of(
            new Pace.Range(
                atLeastASecond(Math.min(byObjects, byBytes)),
                atLeastASecond(Math.max(byObjects, byBytes)))));
  }

  private static Duration atLeastASecond(double seconds) {
    return Duration.ofSeconds(Math.max(1, Math.round(seconds)));
  }

  private void forget(long now) {
    while (!samples.isEmpty() && now - samples.peekFirst().at() > WINDOW) {
      samples.removeFirst();
    }
  }
}
