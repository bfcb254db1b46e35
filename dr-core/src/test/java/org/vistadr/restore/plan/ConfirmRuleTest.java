package org.vistadr.restore.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePlan.Basis;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestorePlan.Moment;
import org.vistadr.model.RestoreScope;

final class ConfirmRuleTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 10, VERSIONED, NONE",
    "100, 0, 0, 10, VERSIONED, NONE",
    "101, 0, 0, 10, VERSIONED, BUCKET",
    "1, 0, 0, 2000000000, VERSIONED, BUCKET",
    "0, 1, 0, 10, VERSIONED, YES",
    "0, 2, 0, 10, VERSIONED, BUCKET",
    "0, 1, 0, 10, UNVERSIONED, BUCKET",
    "0, 1, 0, 10, SUSPENDED, BUCKET",
    "1, 0, 0, 10, UNVERSIONED, NONE",
    "0, 0, 1, 10, VERSIONED, BUCKET",
    "0, 0, 0, 0, VERSIONED, NONE",
  })
  void confirmationGrowsWithTheDanger(
      long broughtBack, long putBack, long deleted, long bytes, Regime regime, Confirm expected) {
    var plan =
        new RestorePlan(
            "p-1",
            RestorePlan.State.READY,
            Instant.EPOCH,
            Instant.EPOCH,
            "vista",
            RestorePlan.Request.of(new RestoreGoal.AsOf(Optional.empty()), RestoreScope.ALL),
            new Moment(Instant.EPOCH, Basis.VERSIONS, Optional.empty(), true),
            Map.of(
                RestoreAction.BRING_BACK, new Amount(broughtBack, bytes),
                RestoreAction.PUT_BACK, new Amount(putBack, 0),
                RestoreAction.DELETE, new Amount(deleted, 0)),
            0,
            Confirm.NONE,
            Optional.empty());
    assertThat(ConfirmRule.of(plan, regime, RestoreSettings.DEFAULT.confirmAbove()))
        .isEqualTo(expected);
  }
}
