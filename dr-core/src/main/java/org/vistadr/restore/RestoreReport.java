package org.vistadr.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.RestoreReports;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.SiteName;

/// What is told of a restore afterwards: a record that stands by itself. Final once the restore is
/// over.
///
/// @param restore the restore
/// @param bucket the bucket that was written to
/// @param course who asked, and when it began
/// @param planned objects and bytes by action, as planned
/// @param results what became of what was to be written, by action and state
/// @param newest the newest version that came back: how recent the restored state really is
/// @param sources objects and bytes by the site that they came from
/// @param nonAtomic objects that were written after a look instead of under the provider's own
///   condition
/// @param list the objects that came back, as a hash
/// @param undoneBy restores that undo this one, newest first
public record RestoreReport(
    Restore restore,
    String bucket,
    RestoreReports.Course course,
    Map<RestoreAction, RestorePlan.Amount> planned,
    Map<RestoreAction, Map<RestoreItem.State, RestorePlan.Amount>> results,
    Optional<RecordedVersion> newest,
    Map<SiteName, RestorePlan.Amount> sources,
    long nonAtomic,
    RestoredList list,
    List<Restore> undoneBy) {

  /// Reads a restore's items a page at a time; constant memory.
  ///
  /// @return empty for an unknown restore
  static Optional<RestoreReport> of(Catalog catalog, String restoreId) {
    var found = catalog.restores().find(restoreId);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var restore = found.get();
    var plan = catalog.restores().findPlan(restore.planId()).orElseThrow();
    var reports = catalog.reports();
    return Optional.of(
        new RestoreReport(
            restore,
            plan.bucket(),
            reports.course(restoreId),
            plan.counts(),
            reports.results(restore.planId()),
            reports.newest(restore.planId()),
            reports.sources(restore.planId()),
            reports.nonAtomic(restore.planId()),
            RestoredList.of(catalog, restore.planId()),
            reports.undoneBy(restoreId).stream()
                .flatMap(id -> catalog.restores().find(id).stream())
                .toList()));
  }

  /// When the first object was taken up.
  public Instant startedAt() {
    return course.startedAt().orElse(restore.createdAt());
  }

  /// How long it took, or takes until now.
  public Duration elapsed(Instant now) {
    var elapsed = Duration.between(startedAt(), restore.endedAt().orElse(now));
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }

  /// How much older than the moment the newest version is that came back.
  public Optional<Duration> distance() {
    return newest.map(version -> Duration.between(version.lastModified(), restore.moment().at()));
  }
}
