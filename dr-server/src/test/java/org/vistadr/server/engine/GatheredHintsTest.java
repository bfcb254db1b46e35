package org.vistadr.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectKey;

/// How long hints wait for each other, by a clock that the test moves.
class GatheredHintsTest {

  private static final Duration NO_TIME = Duration.ZERO;

  /// So long that a test would rather fail.
  private static final Duration EVER = Duration.ofMinutes(1);

  private static void offer(GatheredHints hints, int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      assertThat(hints.offer(key(i), NO_TIME)).isTrue();
    }
  }

  private static ObjectKey key(int number) {
    return new ObjectKey("k" + number);
  }

  private static List<ObjectKey> keys(int from, int to) {
    return IntStream.range(from, to).mapToObj(GatheredHintsTest::key).toList();
  }

  @Test
  void aMomentIsNotProlongedByWhatArrivesInIt() throws Exception {
    // Time passes by a fifth of a moment with each hint; there is always another one.
    long[] now = {0};
    GatheredHints hints =
        new GatheredHints(() -> {
          long before = now[0];
          now[0] += GatheredHints.MOMENT.toNanos() / 5;
          return before;
        });
    offer(hints, 0, 20);
    assertThat(hints.take(EVER)).containsExactlyElementsOf(keys(0, 5));
    assertThat(hints.take(EVER)).containsExactlyElementsOf(keys(5, 10));
  }

  @Test
  void whatComesWithinAMomentIsGathered() throws Exception {
    long[] now = {0};
    // The clock stands while hints are there, and a moment is over when the last one was taken.
    GatheredHints hints = new GatheredHints(() -> now[0]++ < 8 ? 0 : Long.MAX_VALUE / 2);
    offer(hints, 0, 5);
    offer(hints, 0, 3);
    assertThat(hints.take(EVER)).containsExactlyElementsOf(keys(0, 5));
    assertThat(hints.take(NO_TIME)).isEmpty();
  }

  @Test
  void aFullMomentEndsAtOnce() throws Exception {
    GatheredHints hints = new GatheredHints(() -> 0);
    offer(hints, 0, 2 * GatheredHints.MOST_AT_ONCE);
    // The clock stands: only the number ends the moment.
    assertThat(hints.take(EVER)).containsExactlyElementsOf(keys(0, GatheredHints.MOST_AT_ONCE));
    assertThat(hints.take(EVER))
        .containsExactlyElementsOf(
            keys(GatheredHints.MOST_AT_ONCE, 2 * GatheredHints.MOST_AT_ONCE));
  }

  @Test
  void withoutHintsThereIsNoMoment() throws Exception {
    assertThat(new GatheredHints(() -> 0).take(NO_TIME)).isEmpty();
  }

  @Test
  void aFeedThatIsFarAheadWaits() throws Exception {
    GatheredHints hints = new GatheredHints(() -> 0);
    int taken = 0;
    while (hints.offer(key(taken), NO_TIME)) {
      taken++;
    }
    ObjectKey late = key(taken);
    try (ExecutorService feed = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> offered = feed.submit(() -> hints.offer(late, EVER));
      assertThat(hints.take(EVER)).hasSize(GatheredHints.MOST_AT_ONCE);
      assertThat(offered.get(EVER.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }
}
