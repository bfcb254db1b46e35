package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectLock.Mode;
import org.vistadr.model.ObjectLock.State;

/// When a lock is renewed, and what is locked at all.
final class ObjectLockRuleTest {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00.5Z");
  private static final ObjectLock LOCK = new ObjectLock(Mode.GOVERNANCE, Duration.ofDays(8), false);

  @Test
  void aLockIsRenewedWhenAQuarterOfItIsOver() {
    assertThat(LOCK.renewed(state(Mode.GOVERNANCE, Duration.ofDays(6).plusSeconds(1)), NOW))
        .isEmpty();
    assertThat(LOCK.renewed(state(Mode.GOVERNANCE, Duration.ofDays(6)), NOW))
        .contains(
            new State(
                Optional.of(Mode.GOVERNANCE), Optional.of(Instant.parse("2026-11-30T03:00:00Z"))));
    assertThat(LOCK.renewed(State.NONE, NOW)).isPresent();
    assertThat(LOCK.renewed(state(Mode.GOVERNANCE, Duration.ofDays(-5)), NOW)).isPresent();
  }

  @Test
  void aLockIsNeverShortenedOrWeakened() {
    Random random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      ObjectLock lock =
          new ObjectLock(mode(random), Duration.ofDays(1 + random.nextInt(100)), false);
      State is = state(mode(random), Duration.ofHours(random.nextInt(5_000) - 500));
      Optional<State> next = lock.renewed(is, NOW);
      if (next.isPresent()) {
        assertThat(next.get().until().orElseThrow())
            .isAfterOrEqualTo(is.until().orElseThrow())
            .isAfterOrEqualTo(lock.until(NOW));
        assertThat(next.get().mode().orElseThrow())
            .isGreaterThanOrEqualTo(is.mode().orElseThrow())
            .isGreaterThanOrEqualTo(lock.mode());
      } else {
        assertThat(is.mode().orElseThrow()).isGreaterThanOrEqualTo(lock.mode());
      }
    }
  }

  @Test
  void whatIsOursAndRemovedAgainIsNotLocked() {
    for (String locked : List.of("a", "temp/a", ".vistadr/catalog/c/1", ".vistadr/history/a/1")) {
      assertThat(LOCK.covers(new ObjectKey(locked))).as(locked).isTrue();
    }
    for (String free : List.of(".vistadr/check/1", ".vistadr/bucket-mark", ".vistadr/undo/x")) {
      assertThat(LOCK.covers(new ObjectKey(free))).as(free).isFalse();
    }
  }

  @Test
  void timesThatCannotBeMeantAreRefused() {
    for (Duration wrong : List.of(Duration.ofHours(23), Duration.ofDays(4_000))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ObjectLock(Mode.COMPLIANCE, wrong, false));
    }
  }

  private static State state(Mode mode, Duration left) {
    return new State(Optional.of(mode), Optional.of(NOW.plus(left)));
  }

  private static Mode mode(Random random) {
    return random.nextBoolean() ? Mode.GOVERNANCE : Mode.COMPLIANCE;
  }
}
