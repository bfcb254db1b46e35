package org.vistadr.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.OverwriteLog;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.ContentRule;
import org.vistadr.model.SiteName;

/// Judges what copies showed of overwritten objects: a listing tells that they were overwritten,
/// only their bytes tell with what. Safe for use by many threads.
final class ContentJudge {

  private static final Logger LOG = LoggerFactory.getLogger(ContentJudge.class);

  /// During a long pass it is looked this often.
  private static final Duration PACE = Duration.ofSeconds(30);

  private final Catalog catalog;
  private final BrakeLimits limits;
  private final List<SiteName> secondaries;
  private final InstantSource clock;
  private Instant lookedAt = Instant.MIN;

  ContentJudge(
      Catalog catalog, BrakeLimits limits, List<SiteName> secondaries, InstantSource clock) {
    this.catalog = catalog;
    this.limits = limits;
    this.secondaries = secondaries;
    this.clock = clock;
  }

  /// Looks again when a while has passed.
  synchronized void duringCopies() {
    if (lookedAt.plus(PACE).isBefore(clock.instant())) {
      judge();
    }
  }

  /// Engages the brake when what was copied so far looks like a disaster, and holds the deletions
  /// that were found together with it and did not go to secondaries yet.
  synchronized List<BrakeReason> judge() {
    Instant now = clock.instant();
    lookedAt = now;
    Instant since = now.minus(limits.window());
    catalog.overwrites().compare(now);
    OverwriteLog.Found found =
        catalog.overwrites().found(since, catalog.brake().found(since).objectsBefore());
    List<BrakeReason> reasons = ContentRule.decide(limits, found.findings());
    if (!reasons.isEmpty()) {
      boolean engaged = catalog.brake().state().engaged();
      catalog.brake().engage(now, reasons, found.firstScan());
      for (SiteName secondary : secondaries) {
        catalog.held().hold(secondary, found.firstScan());
      }
      if (!engaged) {
        reasons.forEach(reason -> LOG.error("brake engaged reason=\"{}\"", reason.detail()));
      }
    }
    return reasons;
  }

  /// After a scan: what counts no longer is forgotten.
  void forget() {
    catalog.overwrites().forget(clock.instant().minus(limits.window()));
  }
}
