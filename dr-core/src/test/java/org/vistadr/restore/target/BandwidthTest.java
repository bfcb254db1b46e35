package org.vistadr.restore.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The limit on what a restore writes, on a clock that only waiting moves.
final class BandwidthTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(77 * SECOND);
  private final AtomicBoolean stopped = new AtomicBoolean();
  private long longestWait;

  private Bandwidth bandwidth(OptionalLong limit) {
    return new Bandwidth(limit, this::sleep, now::get, stopped::get);
  }

  private void sleep(Duration duration) {
    longestWait = Math.max(longestWait, duration.toNanos());
    now.addAndGet(duration.toNanos());
  }

  /// Bytes that pass within a time.
  private long passed(Bandwidth bandwidth, Duration time, long atOnce) throws Exception {
    long end = now.get() + time.toNanos();
    long bytes = 0;
    while (now.get() < end) {
      bandwidth.pass(atOnce);
      bytes += atOnce;
    }
    return bytes;
  }

  @Test
  void holdsWithinFivePercentOverTenSeconds() throws Exception {
    for (long limit : new long[] {50_000, 1_000_000, 40L << 20}) {
      for (long atOnce : new long[] {1_000, 8_192, 65_536}) {
        long bytes = passed(bandwidth(OptionalLong.of(limit)), Duration.ofSeconds(10), atOnce);
        // One read more than the time allows is on its way at the end.
        assertThat(bytes).isCloseTo(limit * 10, within(limit / 2 + atOnce));
      }
    }
    assertThat(longestWait).as("it goes on in small steps").isLessThanOrEqualTo(SECOND / 10);
  }

  @Test
  void aPauseIsNotMadeUpFor() throws Exception {
    var bandwidth = bandwidth(OptionalLong.of(1_000_000));
    now.addAndGet(60 * SECOND);
    assertThat(passed(bandwidth, Duration.ofSeconds(1), 8_192)).isLessThan(1_300_000);
  }

  @Test
  void aNewLimitHoldsAtOnce() throws Exception {
    var bandwidth = bandwidth(OptionalLong.of(100_000));
    passed(bandwidth, Duration.ofSeconds(2), 8_192);
    bandwidth.limit(OptionalLong.of(2_000_000));
    assertThat(passed(bandwidth, Duration.ofSeconds(5), 8_192))
        .isCloseTo(10_000_000L, within(500_000L));
    bandwidth.limit(OptionalLong.empty());
    long before = now.get();
    bandwidth.pass(Long.MAX_VALUE);
    assertThat(now.get()).isEqualTo(before);
  }

  @Test
  void nothingPassesWhenTheRestoreIsBeingStopped() {
    var bandwidth = bandwidth(OptionalLong.of(1));
    stopped.set(true);
    assertThatThrownBy(() -> bandwidth.pass(1)).isInstanceOf(InterruptedIOException.class);
  }
}
