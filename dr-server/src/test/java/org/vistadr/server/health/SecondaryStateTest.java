package org.vistadr.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Lag;
import org.vistadr.server.health.ProtectionReport.SecondaryState;

/// The state of a secondary in one word.
final class SecondaryStateTest {

  private static final Duration OBJECTIVE = Duration.ofMinutes(15);
  private static final Lag UNKNOWN = new Lag.Unknown("no complete scan yet");

  @Test
  void unknownLagIsNotInSync() {
    assertThat(of(false, Optional.empty(), UNKNOWN)).isEqualTo("initial_sync");
  }

  @Test
  void lagUpToTheObjectiveIsInSyncAndMoreIsNot() {
    assertThat(of(false, Optional.empty(), known(OBJECTIVE))).isEqualTo("in_sync");
    assertThat(of(false, Optional.empty(), known(OBJECTIVE.plusMillis(1)))).isEqualTo("lagging");
  }

  @Test
  void whatAPersonDidIsToldFirst() {
    assertThat(of(true, Optional.of("down"), UNKNOWN)).isEqualTo("paused");
    assertThat(of(false, Optional.of("down"), known(Duration.ZERO))).isEqualTo("failing");
  }

  private static String of(boolean paused, Optional<String> trouble, Lag lag) {
    return SecondaryState.of(paused, trouble, lag, OBJECTIVE, Optional.empty()).name();
  }

  private static Lag known(Duration age) {
    return new Lag.Known(Instant.EPOCH, age);
  }
}
