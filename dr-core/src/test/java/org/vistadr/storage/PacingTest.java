package org.vistadr.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vistadr.storage.AdaptiveLimit.Lane;

/// The rules of pacing, without a server.
class PacingTest {

  @Test
  void theLimitGrowsByAHalfUntilItShrinksAndByOneFromThenOn() {
    AdaptiveLimit limit = new AdaptiveLimit(128);
    assertThat(limit.limit()).isEqualTo(16);
    succeed(limit, 16);
    assertThat(limit.limit()).isEqualTo(25);
    succeed(limit, 25);
    assertThat(limit.limit()).isEqualTo(38);
    limit.pushedBack();
    assertThat(limit.limit()).isEqualTo(26);
    succeed(limit, 26);
    assertThat(limit.limit()).isEqualTo(27);
    succeed(limit, 20_000);
    assertThat(limit.limit()).isEqualTo(128);
  }

  @Test
  void theCeilingHoldsWhileTheLimitGrowsFast() {
    AdaptiveLimit limit = new AdaptiveLimit(18);
    succeed(limit, 1000);
    assertThat(limit.limit()).isEqualTo(18);
  }

  private static void succeed(AdaptiveLimit limit, int times) {
    for (int i = 0; i < times; i++) {
      limit.succeeded(false);
    }
  }

  @Test
  void slowAnswersLowerTheLimitAndQuickOnesRaiseItAgain() {
    AdaptiveLimit limit = new AdaptiveLimit(32);
    for (int i = 0; i < 16; i++) {
      limit.succeeded(i < 8);
    }
    assertThat(limit.limit()).as("half of them is not most of them").isEqualTo(25);
    for (int i = 0; i < 25; i++) {
      limit.succeeded(i < 13);
    }
    assertThat(limit.limit()).isEqualTo(22);
    for (int i = 0; i < 1000; i++) {
      limit.succeeded(true);
    }
    assertThat(limit.limit()).isEqualTo(1);
    succeed(limit, 3);
    assertThat(limit.limit()).isEqualTo(3);
  }

  @Test
  void anAnswerIsSlowBesideTheQuickestOfItsKind() {
    ResponseTimes times = new ResponseTimes();
    assertThat(times.isSlow("PutObject", 10, millis(20))).as("the first").isFalse();
    assertThat(times.isSlow("PutObject", 10, millis(219))).as("within the margin").isFalse();
    assertThat(times.isSlow("PutObject", 10, millis(221))).isTrue();
    assertThat(times.isSlow("GetObject", 0, millis(221))).as("another kind").isFalse();
    assertThat(times.isSlow("PutObject", 1 << 20, millis(900))).as("a large body").isFalse();
    assertThat(times.isSlow("CopyObject", 0, millis(1))).isFalse();
    assertThat(times.isSlow("CopyObject", 0, millis(9000))).as("work of any size").isFalse();
    for (int i = 0; i < 1000; i++) {
      times.isSlow("PutObject", 10, millis(300));
    }
    assertThat(times.isSlow("PutObject", 10, millis(300))).as("slower for good").isFalse();
  }

  private static long millis(int millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  @Test
  void aBurstOfRefusalsCutsOnce() {
    AdaptiveLimit limit = new AdaptiveLimit(32);
    for (int i = 0; i < 16; i++) {
      limit.pushedBack();
    }
    assertThat(limit.limit()).isEqualTo(11);
    for (int i = 0; i < 1000; i++) {
      limit.pushedBack();
    }
    assertThat(limit.limit()).isEqualTo(1);
  }

  @Test
  @Timeout(30)
  void aReaderMayWriteAlthoughAllPlacesForReadersAreTaken() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(1);
    limit.acquire(Lane.READ);
    limit.acquire(Lane.OTHER);
    CountDownLatch entered = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                limit.acquire(Lane.READ);
                entered.countDown();
              } catch (InterruptedException _) {
                // The test ends.
              }
            });
    assertThat(entered.getCount()).isEqualTo(1);
    limit.release(Lane.READ);
    entered.await();
    waiting.join();
  }

  @Test
  void aPaceLetsNoMoreThroughThanItsRate() throws Exception {
    AtomicLong now = new AtomicLong();
    List<Duration> waits = new ArrayList<>();
    Sleeper sleeper =
        duration -> {
          waits.add(duration);
          now.addAndGet(duration.toNanos());
        };
    Pace pace = new Pace(1000, sleeper, now::get);
    for (int i = 0; i < 100; i++) {
      pace.pass(100);
    }
    assertThat(Duration.ofNanos(now.get()))
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(1)) <= 0);
    new Pace(
            0,
            _ -> {
              throw new IllegalStateException("an unlimited pace never waits");
            },
            now::get)
        .pass(Long.MAX_VALUE);
  }
}
