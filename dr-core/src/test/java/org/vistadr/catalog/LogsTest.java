package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vistadr.catalog.CatalogFixture.START;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.RunLog.Result;
import org.vistadr.model.Regime;

/// Scans and runs.
final class LogsTest {

  @TempDir Path directory;
  private Catalog catalog;

  @BeforeEach
  void open() {
    catalog = CatalogFixture.open(directory);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void scansAreNumberedAndTheLastCompleteOneIsKnown() {
    assertThat(catalog.scans().lastComplete()).isEmpty();
    assertThat(catalog.scans().numberForHint()).isEqualTo(1);
    assertThat(catalog.scans().begin(START, Regime.SUSPENDED).number()).isEqualTo(1);
    assertThat(catalog.scans().numberForHint()).isEqualTo(1);
    catalog.scans().complete(1, START, 4, 5);
    assertThat(catalog.scans().numberForHint()).isEqualTo(2);
    catalog.scans().begin(START.plusSeconds(1), Regime.VERSIONED);
    catalog.scans().abandon(2, START, "the listing broke off");
    assertThat(catalog.scans().lastComplete())
        .contains(new ScanLog.Scan(1, START, Regime.SUSPENDED, ScanLog.State.COMPLETE, 4, 5));
    assertThat(catalog.scans().begin(START, Regime.VERSIONED).number()).isEqualTo(3);
  }

  @Test
  void aScanThatWasCutOffCannotBeCompletedAnyMore() {
    catalog.scans().begin(START, Regime.VERSIONED);
    catalog.close();
    catalog = CatalogFixture.open(directory);
    assertThat(catalog.scans().begin(START, Regime.VERSIONED).number()).isEqualTo(2);
    assertThatThrownBy(() -> catalog.scans().complete(1, START, 0, 0))
        .isInstanceOf(CatalogException.class);
    assertThat(catalog.scans().lastComplete()).isEmpty();
  }

  @Test
  void runsAreListedNewestFirstAndPaged() {
    long first = catalog.runs().begin("scan", "schedule", START);
    long second = catalog.runs().begin("replicate", "request", START);
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("zebras", 1L);
    counters.put("apples", 2L);
    catalog.runs().end(first, Result.PARTIAL, START.plusSeconds(2), counters, "one failed");
    RunLog.Run run =
        new RunLog.Run(
            first,
            "scan",
            "schedule",
            START,
            Optional.of(START.plusSeconds(2)),
            Result.PARTIAL,
            counters,
            "one failed");
    assertThat(catalog.runs().list(Optional.empty(), Optional.empty(), 9))
        .extracting(RunLog.Run::id)
        .containsExactly(second, first);
    assertThat(catalog.runs().list(Optional.empty(), Optional.of(second), 9)).containsExactly(run);
    assertThat(catalog.runs().list(Optional.of("scan"), Optional.empty(), 9)).containsExactly(run);
    assertThat(catalog.runs().last("scan", Result.PARTIAL)).contains(run);
    assertThat(catalog.runs().last("scan", Result.SUCCEEDED)).isEmpty();
    assertThat(run.counters().keySet()).containsExactly("zebras", "apples");
  }

  @Test
  void aRunThatACrashCutOffIsInterrupted() {
    catalog.runs().begin("scan", "schedule", START);
    catalog.runs().closeInterrupted(START.plusSeconds(5));
    assertThat(catalog.runs().last("scan", Result.INTERRUPTED).orElseThrow().endedAt())
        .contains(START.plusSeconds(5));
  }

  @Test
  void oldRunsAreForgottenButNotTheLastOfEachResult() {
    for (int i = 0; i < 6; i++) {
      end("scan", i % 2 == 0 ? Result.SUCCEEDED : Result.FAILED, START.plusSeconds(i));
    }
    catalog.runs().begin("scan", "schedule", START);
    assertThat(catalog.runs().forgetBefore(START.plusSeconds(5))).isEqualTo(4);
    assertThat(catalog.runs().list(Optional.of("scan"), Optional.empty(), 9))
        .extracting(RunLog.Run::result)
        .containsExactly(Result.RUNNING, Result.FAILED, Result.SUCCEEDED);
  }

  @Test
  void pausesAndMisfiresSurviveAReopening() {
    catalog.runs().setPaused("scan", true);
    catalog.runs().setPaused("scan", true);
    catalog.runs().countMisfire("scan");
    catalog.runs().countMisfire("scan");
    catalog.close();
    catalog = CatalogFixture.open(directory);
    assertThat(catalog.runs().isPaused("scan")).isTrue();
    assertThat(catalog.runs().isPaused("replicate")).isFalse();
    assertThat(catalog.runs().misfires("scan")).isEqualTo(2);
    assertThat(catalog.runs().misfires("replicate")).isZero();
    catalog.runs().setPaused("scan", false);
    assertThat(catalog.runs().isPaused("scan")).isFalse();
  }

  private void end(String task, Result result, Instant at) {
    catalog.runs().end(catalog.runs().begin(task, "schedule", START), result, at, Map.of(), "");
  }
}
