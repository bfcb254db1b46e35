package org.vistadr.protect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.PruneRule.KeptSpan;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;

/// What restores keep from retention, and for how long.
final class RestoreNeedsTest {

  private static final Instant START = Instant.parse("2026-11-22T03:00:00Z");

  @TempDir Path directory;

  @Test
  void anUndeleteNeedsAllOfThePastOnlyUntilItIsCompleted() {
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC())) {
      RestorePlan plan =
          new RestorePlan(
              "p-1",
              RestorePlan.State.READY,
              START,
              START.plus(Duration.ofHours(1)),
              "vista",
              RestorePlan.Request.of(new RestoreGoal.Undelete(Optional.empty()), RestoreScope.ALL),
              new RestorePlan.Moment(START, RestorePlan.Basis.VERSIONS, Optional.empty(), false),
              Map.of(),
              0,
              RestorePlan.Confirm.NONE,
              Optional.empty());
      catalog.restores().beginPlan(plan);
      catalog.restores().finishPlan(plan);
      assertThat(firsts(catalog)).containsExactly(Instant.MIN);
      catalog.restores().apply("p-1", "r-1", START);
      assertThat(firsts(catalog)).contains(Instant.MIN);
      catalog
          .restores()
          .move("r-1", Restore.State.COMPLETED, Optional.of(START.plusSeconds(5)), "");
      // What was there while it ran is needed by its undo.
      assertThat(firsts(catalog)).containsExactly(START.minus(Duration.ofDays(1)));
    }
  }

  private static List<Instant> firsts(Catalog catalog) {
    return RestoreNeeds.of(catalog, START.plusSeconds(1)).stream().map(KeptSpan::first).toList();
  }
}
