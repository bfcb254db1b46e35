package org.vistadr.server.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.vistadr.api.Status;
import org.vistadr.catalog.Reach;
import org.vistadr.catalog.Reach.RegimeSpan;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;

/// Tells which moments can be restored, how exactly, and which site has the bytes. Costs as much as
/// there were switches of versioning, whatever the size of the catalog.
final class WindowReport {

  private WindowReport() {}

  /// @param secondaries how each secondary stands
  /// @param pruned versions that retention removed at a secondary
  static Status.Window of(
      Reach reach, List<Status.Secondary> secondaries, ToLongFunction<SiteName> pruned) {
    List<RegimeSpan> spans = reach.regimes();
    if (spans.isEmpty()) {
      return new Status.Window(
          Optional.empty(), Optional.empty(), "versions", List.of(), List.of());
    }
    Instant from = from(spans.getFirst(), reach.oldestVersion());
    Instant to = spans.getLast().lastAt();
    List<Status.Interval> intervals = intervals(spans, from);
    List<Status.SiteWindow> sites = new ArrayList<>();
    sites.add(primary(reach, intervals, from, to));
    secondaries.forEach(secondary ->
        sites.add(
            secondary(
                secondary, intervals, from, pruned.applyAsLong(new SiteName(secondary.name())))));
    return new Status.Window(
        Optional.of(from),
        Optional.of(to),
        spans.getLast().regime() == Regime.UNVERSIONED ? "scans" : "versions",
        intervals,
        sites);
  }

  /// With versions, what was there before the first scan is known by the versions' own times.
  private static Instant from(RegimeSpan first, Optional<Instant> oldest) {
    return switch (first.regime()) {
      case UNVERSIONED -> first.firstAt();
      case VERSIONED, SUSPENDED ->
          oldest.filter(time -> time.isBefore(first.firstAt())).orElse(first.firstAt());
    };
  }

  /// A regime counts until a scan saw another one, as it does in views.
  private static List<Status.Interval> intervals(List<RegimeSpan> spans, Instant from) {
    List<Status.Interval> intervals = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      RegimeSpan span = spans.get(i);
      intervals.add(
          new Status.Interval(
              i == 0 ? from : span.firstAt(),
              i + 1 < spans.size() ? spans.get(i + 1).firstAt() : span.lastAt(),
              span.regime().name().toLowerCase(Locale.ROOT),
              switch (span.regime()) {
                case VERSIONED -> "versions";
                case SUSPENDED -> "versions-and-scans";
                case UNVERSIONED -> "scans";
              },
              span.scans()));
    }
    return intervals;
  }

  private static Status.SiteWindow primary(
      Reach reach, List<Status.Interval> intervals, Instant from, Instant to) {
    List<Status.Hole> holes = new ArrayList<>(holes(intervals, to));
    add(holes, "purged", reach.purgedVersions());
    return new Status.SiteWindow(
        SiteName.PRIMARY.value(), Optional.of(from), Optional.of(to), holes);
  }

  private static Status.SiteWindow secondary(
      Status.Secondary secondary, List<Status.Interval> intervals, Instant from, long pruned) {
    Optional<Instant> to = secondary.recoveryPoint();
    List<Status.Hole> holes =
        new ArrayList<>(to.map(end -> holes(intervals, end)).orElse(List.of()));
    add(holes, "missed", secondary.missedVersions());
    add(holes, "waived", secondary.waivedObjects());
    add(holes, "given-up", secondary.givenUpObjects());
    add(holes, "pruned", pruned);
    return new Status.SiteWindow(secondary.name(), to.map(_ -> from), to, holes);
  }

  private static List<Status.Hole> holes(List<Status.Interval> intervals, Instant until) {
    return intervals.stream()
        .filter(interval -> !interval.basis().equals("versions") && interval.from().isBefore(until))
        .map(interval ->
            new Status.Hole(
                interval.regime(),
                Optional.of(interval.from()),
                Optional.of(interval.to().isAfter(until) ? until : interval.to()),
                Optional.empty()))
        .toList();
  }

  private static void add(List<Status.Hole> holes, String kind, long versions) {
    if (versions > 0) {
      holes.add(new Status.Hole(kind, Optional.empty(), Optional.empty(), Optional.of(versions)));
    }
  }
}
