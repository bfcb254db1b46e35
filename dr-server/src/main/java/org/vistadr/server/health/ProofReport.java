package org.vistadr.server.health;

import java.util.Locale;
import java.util.Optional;
import org.vistadr.api.Status;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.model.Drill;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;

/// What verification and drills say of a secondary, for the status.
final class ProofReport {

  /// Drills that are under way or were interrupted say nothing; there are few of them in a row.
  private static final int DRILLS_LOOKED_AT = 10;

  private ProofReport() {}

  static Status.Proof of(Catalog catalog, SiteName secondary) {
    ScrubLog.Progress progress = catalog.scrub().progress(secondary, ScrubDepth.READ_BACK);
    ScrubLog.Progress listing = catalog.scrub().progress(secondary, ScrubDepth.LISTING);
    ScrubLog.Progress checksum = catalog.scrub().progress(secondary, ScrubDepth.CHECKSUM);
    long replicas = catalog.replicas().count(secondary).objects();
    Optional<Drill> drill =
        catalog.drills().list(Optional.of(secondary), Optional.empty(), DRILLS_LOOKED_AT).stream()
            .filter(ProofReport::isOver)
            .findFirst();
    return new Status.Proof(
        // Where nothing is yet, nothing was read: the status must not say that all of it was.
        replicas == 0 ? 0 : VerificationReport.coverage(progress, replicas),
        progress.lastRoundBegan(),
        listing.lastRoundBegan(),
        listing.lastRound().objects(),
        VerificationReport.comparedShare(listing, checksum),
        catalog.scrub().open(secondary),
        catalog.findings().open(secondary, FindingLog.Concern.EXTRA),
        drill.flatMap(Drill::endedAt),
        drill.map(last -> last.state().name().toLowerCase(Locale.ROOT)),
        drill.flatMap(Drill::projection).map(Drill.Projection::high));
  }

  private static boolean isOver(Drill drill) {
    return switch (drill.state()) {
      case SUCCEEDED, FAILED -> true;
      case RUNNING, INTERRUPTED -> false;
    };
  }
}
