package org.vistadr.restore.view;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.storage.StorageException;

/// Resolves the moments that people ask for against what the catalog knows, and brings the catalog
/// up to date where that is needed. Safe for use by many threads.
public final class Moments {

  private static final Logger LOG = LoggerFactory.getLogger(Moments.class);

  private final Catalog catalog;
  private final InstantSource clock;
  private final Refresh refresh;
  private final SiteName primary;

  public Moments(Catalog catalog, InstantSource clock, Refresh refresh, SiteName primary) {
    this.catalog = catalog;
    this.clock = clock;
    this.refresh = refresh;
    this.primary = primary;
  }

  /// The moment of a plan. The catalog covers it afterwards.
  public RestorePlan.Moment forPlan(RestorePlan.Request request) throws RestoreRefusedException {
    var asked = request.at().or(() -> recoveryPointOf(request.from()));
    if (request.at().isEmpty() && asked.isEmpty() && request.from().isPresent()) {
      requirePrimary(request.from().get());
    }
    var now = clock.instant();
    if (request.from().isPresent() && request.at().isPresent() && !request.undelete()) {
      requireReached(request.from().get(), request.at().get());
    }
    var known = known(asked);
    // Refuses what no refresh can mend, before the work.
    var asOf = new AsOf(asked, request.rules().nearest());
    MomentRule.resolve(asOf, now, known, false);
    // A key that the catalog has not seen yet may be one that is not protected: so extra keys are
    // only deleted when the catalog is up to date.
    boolean needed = MomentRule.needsRefresh(asked, known) || request.rules().deleteExtra();
    if (needed && !refreshed(request.scope())) {
      var reached = known.last().map(ScanLog.Scan::startedAt).orElseThrow();
      throw new RestoreRefusedException(
          Code.TIME_NOT_REACHED,
          "the catalog reaches %s and cannot be brought up to %s now"
              .formatted(reached, asked.orElse(now)),
          "ask for %s or before, or see why the primary cannot be read: vistadr check"
              .formatted(reached),
          data(asked.orElse(now), reached));
    }
    return MomentRule.resolve(asOf, now, known(asked), needed);
  }

  /// The moment of a view: no refresh, the answer says whether the catalog covers it.
  public KeyStates forView(AsOf asOf) throws RestoreRefusedException {
    return states(MomentRule.resolve(asOf, clock.instant(), known(asOf.at()), false), asOf);
  }

  /// The moment that keeps its meaning for ever when it is written down: the one that was asked
  /// for, or else now; of a primary without versions the scan that shows it.
  ///
  /// @throws RestoreRefusedException as a view at that moment would be refused
  Instant pin(AsOf asOf) throws RestoreRefusedException {
    var moment = forView(asOf).moment();
    return asOf.at().isEmpty() && moment.basis() == RestorePlan.Basis.SCANS
        ? catalog.reach().lastScan().orElseThrow().startedAt()
        : moment.viewedAt();
  }

  /// The moment of one key's content. Tries to learn the key's newest state and goes on without
  /// when the primary cannot be asked.
  KeyStates forKey(ObjectKey key, AsOf asOf) throws RestoreRefusedException {
    boolean fresh =
        MomentRule.needsRefresh(asOf.at(), known(asOf.at()))
            && refreshed(RestoreScope.keys(List.of(key)));
    return states(MomentRule.resolve(asOf, clock.instant(), known(asOf.at()), fresh), asOf);
  }

  private KeyStates states(RestorePlan.Moment moment, AsOf asOf) {
    return new KeyStates(catalog, moment, asOf.at().isEmpty());
  }

  Instant now() {
    return clock.instant();
  }

  /// What held around a moment.
  public Footing footing(RestorePlan.Moment moment) {
    var reach = catalog.reach();
    var before = reach.scanUpTo(moment.viewedAt());
    var after = reach.scanAfter(moment.viewedAt());
    return new Footing(
        before.map(ScanLog.Scan::regime),
        before.map(ScanLog.Scan::startedAt),
        after.map(ScanLog.Scan::regime),
        after.map(ScanLog.Scan::startedAt));
  }

  public boolean refreshed(RestoreScope scope) {
    try {
      return refresh.refresh(scope);
    } catch (StorageException e) {
      LOG.warn("restore refresh=failed scope=\"{}\" error=\"{}\"", scope.words(), e.getMessage());
      return false;
    }
  }

  /// From a secondary, the newest state is that of its recovery point.
  private Optional<Instant> recoveryPointOf(Optional<SiteName> from) {
    return from.filter(site -> !site.equals(primary))
        .flatMap(site ->
            switch (catalog.queue().lag(site, clock.instant())) {
              case Lag.Known(var recoveryPoint, _) -> Optional.of(recoveryPoint);
              case Lag.Unknown _ -> Optional.empty();
            });
  }

  /// Refuses a moment after a secondary's recovery point when something that changed by then is not
  /// there.
  private void requireReached(SiteName from, Instant at) throws RestoreRefusedException {
    if (from.equals(primary)
        || !(catalog.queue().lag(from, clock.instant()) instanceof Lag.Known(var reached, _))
        || !at.isAfter(reached)) {
      return;
    }
    var missing = catalog.queue().backlog(from).oldestPending();
    if (missing.isPresent() && !missing.get().isAfter(at)) {
      throw new RestoreRefusedException(
          Code.TIME_NOT_REACHED,
          "%s reaches %s, and what changed at %s is not there yet"
              .formatted(from, reached, missing.get()),
          "ask for its recovery point, or leave 'from' out: then every site that has the bytes is used",
          data(at, reached));
    }
  }

  private static Map<String, String> data(Instant asked, Instant reached) {
    return Map.of("asked", asked.toString(), "recoveryPoint", reached.toString());
  }

  private void requirePrimary(SiteName from) throws RestoreRefusedException {
    if (!from.equals(primary)) {
      throw new RestoreRefusedException(
          Code.TIME_NOT_REACHED,
          "%s has no recovery point yet".formatted(from),
          "name a moment, or wait until its first synchronisation is complete",
          Map.of());
    }
  }

  private MomentRule.Known known(Optional<Instant> asked) {
    var reach = catalog.reach();
    var first = reach.firstScan();
    boolean beforeFirst =
        asked.isPresent()
            && first.filter(scan -> asked.get().isBefore(scan.startedAt())).isPresent();
    return new MomentRule.Known(
        first,
        reach.lastScan(),
        asked.flatMap(reach::scanUpTo),
        asked.flatMap(reach::scanAfter),
        beforeFirst ? reach.oldestVersion() : Optional.empty());
  }
}
