package org.vistadr.restore.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.Regime;
import org.vistadr.model.RestorePlan.Basis;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.view.MomentRule.Known;

final class MomentRuleTest {

  private static final Instant FIRST = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LAST = FIRST.plusSeconds(600);
  private static final Instant NOW = LAST.plusSeconds(100);
  private static final Instant OLDEST = FIRST.minusSeconds(5000);

  @Test
  void nothingIsKnownBeforeTheFirstCompleteScan() {
    var known =
        new Known(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(refusal(known, FIRST).code()).isEqualTo(Code.SCAN_NEEDED);
  }

  @Test
  void futureIsRefused() {
    assertThat(refusal(known(Regime.VERSIONED, NOW), NOW.plusSeconds(1)).code())
        .isEqualTo(Code.TIME_IN_FUTURE);
  }

  @Test
  void versionsAreExactBetweenScans() throws Exception {
    var at = FIRST.plusSeconds(77);
    var moment =
        MomentRule.resolve(
            new AsOf(Optional.of(at), true), NOW, known(Regime.VERSIONED, at), false);
    assertThat(moment.basis()).isEqualTo(Basis.VERSIONS);
    assertThat(moment.viewedAt()).isEqualTo(at);
    assertThat(moment.complete()).isTrue();
  }

  @Test
  void unversionedShowsTheScanBefore() throws Exception {
    var at = FIRST.plusSeconds(77);
    var moment =
        MomentRule.resolve(
            new AsOf(Optional.of(at), true), NOW, known(Regime.UNVERSIONED, at), false);
    assertThat(moment.basis()).isEqualTo(Basis.SCANS);
    assertThat(moment.viewedAt()).isEqualTo(FIRST);
    assertThat(moment.at()).isEqualTo(at);
  }

  @Test
  void unversionedBetweenTwoScansIsRefusedWithBothUnlessTheNearestIsWanted() throws Exception {
    var at = FIRST.plusSeconds(77);
    var refused = exactly(at);
    assertThat(refused.code()).isEqualTo(Code.TIME_BETWEEN_SCANS);
    assertThat(refused.data())
        .containsEntry("scanBefore", FIRST.toString())
        .containsEntry("scanAfter", LAST.toString());
    var afterLast = exactly(LAST.plusSeconds(5));
    assertThat(afterLast.data())
        .containsOnlyKeys("asked", "scanBefore")
        .containsEntry("scanBefore", LAST.toString());
    for (var scan : java.util.List.of(FIRST, LAST, LAST.plusMillis(300))) {
      var known = known(Regime.UNVERSIONED, scan);
      assertThat(MomentRule.resolve(AsOf.exactly(scan), NOW, known, false).viewedAt())
          .isEqualTo(scan.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }
    assertThat(MomentRule.resolve(AsOf.LATEST, NOW, known(Regime.UNVERSIONED, NOW), false).basis())
        .isEqualTo(Basis.SCANS);
  }

  @Test
  void momentAfterTheLastScanIsIncompleteUntilTheCatalogIsFresh() throws Exception {
    var at = LAST.plusSeconds(5);
    var known = known(Regime.VERSIONED, at);
    assertThat(MomentRule.needsRefresh(Optional.of(at), known)).isTrue();
    assertThat(MomentRule.resolve(new AsOf(Optional.of(at), true), NOW, known, false).complete())
        .isFalse();
    assertThat(MomentRule.resolve(new AsOf(Optional.of(at), true), NOW, known, true).complete())
        .isTrue();
  }

  @Test
  void versionsOlderThanTheFirstScanAreFlagged() throws Exception {
    var at = FIRST.minusSeconds(60);
    var moment =
        MomentRule.resolve(
            new AsOf(Optional.of(at), true), NOW, known(Regime.VERSIONED, at), false);
    assertThat(moment.complete()).isFalse();
  }

  @Test
  void tooOldNamesTheEarliest() {
    var versioned = refusal(known(Regime.VERSIONED, OLDEST), OLDEST.minusSeconds(1));
    assertThat(versioned.code()).isEqualTo(Code.TIME_TOO_OLD);
    assertThat(versioned.data()).containsEntry("earliest", OLDEST.toString());
    var unversioned = refusal(known(Regime.UNVERSIONED, OLDEST), FIRST.minusSeconds(1));
    assertThat(unversioned.data()).containsEntry("earliest", FIRST.toString());
  }

  private static RestoreRefusedException exactly(Instant at) {
    return catchThrowableOfType(
        RestoreRefusedException.class,
        () -> MomentRule.resolve(AsOf.exactly(at), NOW, known(Regime.UNVERSIONED, at), false));
  }

  private static RestoreRefusedException refusal(Known known, Instant at) {
    return catchThrowableOfType(
        RestoreRefusedException.class,
        () -> MomentRule.resolve(new AsOf(Optional.of(at), true), NOW, known, false));
  }

  private static Known known(Regime regime, Instant at) {
    var first = scan(1, FIRST, regime);
    var last = scan(2, LAST, regime);
    var before =
        at.isBefore(FIRST)
            ? Optional.<ScanLog.Scan>empty()
            : Optional.of(at.isBefore(LAST) ? first : last);
    var after = at.isBefore(LAST) ? Optional.of(last) : Optional.<ScanLog.Scan>empty();
    return new Known(Optional.of(first), Optional.of(last), before, after, Optional.of(OLDEST));
  }

  private static ScanLog.Scan scan(long number, Instant start, Regime regime) {
    return new ScanLog.Scan(number, start, regime, ScanLog.State.COMPLETE, 1, 1);
  }
}
