package org.vistadr.restore.view;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.Regime;
import org.vistadr.model.RestorePlan.Basis;
import org.vistadr.model.RestorePlan.Moment;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;

/// Whether a moment can be restored, and how its view is known. Pure.
final class MomentRule {

  private MomentRule() {}

  /// What the catalog can tell of.
  ///
  /// @param first the first complete scan
  /// @param last the last complete scan
  /// @param before the last complete scan at the moment or before
  /// @param after the first complete scan after the moment
  /// @param oldest the oldest time of any version; only needed for moments before the first scan
  record Known(
      Optional<ScanLog.Scan> first,
      Optional<ScanLog.Scan> last,
      Optional<ScanLog.Scan> before,
      Optional<ScanLog.Scan> after,
      Optional<Instant> oldest) {}

  /// Whether the catalog has to be brought up to date first: its scans do not reach the moment.
  static boolean needsRefresh(Optional<Instant> asked, Known known) {
    if (asked.isEmpty() || known.last().isEmpty()) {
      return true;
    }
    var last = known.last().get();
    return last.regime() != Regime.UNVERSIONED && asked.get().isAfter(last.startedAt());
  }

  /// Resolves a moment.
  ///
  /// @param asOf what was asked
  /// @param fresh whether the catalog was brought up to date just now
  static Moment resolve(AsOf asOf, Instant now, Known known, boolean fresh)
      throws RestoreRefusedException {
    var asked = asOf.at();
    if (known.first().isEmpty() || known.last().isEmpty()) {
      throw new RestoreRefusedException(
          Code.SCAN_NEEDED,
          "the primary was never scanned to its end, so no moment is known",
          "run a scan first: vistadr task run scan",
          Map.of());
    }
    var first = known.first().get();
    var last = known.last().get();
    if (asked.isEmpty()) {
      return new Moment(now, basis(last.regime()), Optional.empty(), true);
    }
    var at = asked.get();
    if (at.isAfter(now)) {
      throw new RestoreRefusedException(
          Code.TIME_IN_FUTURE,
          "%s is in the future, it is %s now".formatted(at, now.truncatedTo(ChronoUnit.SECONDS)),
          "name a moment that has passed, or 'latest'",
          Map.of());
    }
    if (at.isBefore(first.startedAt())) {
      return beforeFirstScan(at, first, known.oldest());
    }
    var shown = known.before().orElse(first);
    return switch (shown.regime()) {
      case UNVERSIONED -> {
        if (!asOf.nearest() && !sameSecond(at, shown.startedAt())) {
          throw betweenScans(at, shown, known.after());
        }
        yield new Moment(at, Basis.SCANS, Optional.of(shown.startedAt()), true);
      }
      case VERSIONED, SUSPENDED ->
          new Moment(at, Basis.VERSIONS, Optional.empty(), fresh || !at.isAfter(last.startedAt()));
    };
  }

  private static boolean sameSecond(Instant left, Instant right) {
    return left.truncatedTo(ChronoUnit.SECONDS).equals(right.truncatedTo(ChronoUnit.SECONDS));
  }

  /// What was overwritten between two scans of a bucket without versions is known to nobody.
  private static RestoreRefusedException betweenScans(
      Instant at, ScanLog.Scan before, Optional<ScanLog.Scan> after) {
    var data = new HashMap<String, String>();
    data.put("asked", at.toString());
    data.put("scanBefore", before.startedAt().toString());
    after.ifPresent(scan -> data.put("scanAfter", scan.startedAt().toString()));
    return new RestoreRefusedException(
        Code.TIME_BETWEEN_SCANS,
        after.isPresent()
            ? "%s lies between the scans of %s and %s, and the primary kept no versions then"
                .formatted(at, before.startedAt(), after.get().startedAt())
            : "%s is after the last scan, of %s, and the primary keeps no versions"
                .formatted(at, before.startedAt()),
        "name a scan, or take the one before with 'nearest'; what was overwritten between them is lost",
        data);
  }

  /// Versions older than the first scan are known by their own times; what the primary had purged
  /// before that scan is not.
  private static Moment beforeFirstScan(Instant at, ScanLog.Scan first, Optional<Instant> oldest)
      throws RestoreRefusedException {
    var earliest = first.regime() == Regime.UNVERSIONED ? Optional.<Instant>empty() : oldest;
    if (earliest.isEmpty() || at.isBefore(earliest.get().truncatedTo(ChronoUnit.SECONDS))) {
      var nearest = earliest.orElse(first.startedAt());
      throw new RestoreRefusedException(
          Code.TIME_TOO_OLD,
          "%s is before everything that is known of the primary".formatted(at),
          "the earliest moment is " + nearest,
          Map.of("asked", at.toString(), "earliest", nearest.toString()));
    }
    return new Moment(at, Basis.VERSIONS, Optional.empty(), false);
  }

  private static Basis basis(Regime regime) {
    return switch (regime) {
      case UNVERSIONED -> Basis.SCANS;
      case VERSIONED, SUSPENDED -> Basis.VERSIONS;
    };
  }
}
