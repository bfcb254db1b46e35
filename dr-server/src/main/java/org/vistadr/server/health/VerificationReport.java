package org.vistadr.server.health;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vistadr.api.VerificationView;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.server.engine.Engine;

/// Tells how far replicas were looked at again, from the catalog alone.
public final class VerificationReport {

  private VerificationReport() {}

  /// Every secondary at every depth.
  public static List<VerificationView> of(Engine engine) {
    return engine.sites().secondaries().stream()
        .map(secondary -> secondary.site().name())
        .flatMap(name -> Stream.of(ScrubDepth.values()).map(depth -> view(engine, name, depth)))
        .toList();
  }

  private static VerificationView view(Engine engine, SiteName name, ScrubDepth depth) {
    ScrubLog.Progress progress = engine.catalog().scrub().progress(name, depth);
    long total = engine.catalog().replicas().count(name).objects();
    ScrubLog.Tally looked = depth == ScrubDepth.LISTING ? progress.lastRound() : progress.round();
    ScrubLog.Tally told = told(progress);
    return new VerificationView(
        name.value(),
        word(depth),
        looked.objects(),
        looked.bytes(),
        total,
        coverage(progress, total),
        told.compared(),
        told.notComparable(),
        progress.roundBegan(),
        progress.lastRoundBegan(),
        engine.catalog().scrub().open(name),
        engine.catalog().findings().open(name, FindingLog.Concern.EXTRA),
        Optional.of(progress.trouble()).filter(text -> !text.isEmpty()));
  }

  /// What the last whole round tells, or this one before its end.
  private static ScrubLog.Tally told(ScrubLog.Progress progress) {
    return progress.lastRoundBegan().isPresent() ? progress.lastRound() : progress.round();
  }

  /// Share of the copies of which the site said a checksum that could be compared: in the last
  /// whole listing, or when it was asked for each.
  static Optional<Double> comparedShare(ScrubLog.Progress listing, ScrubLog.Progress checksum) {
    return Stream.of(listing, checksum)
        .map(VerificationReport::told)
        .filter(tally -> tally.objects() > 0)
        .map(tally -> (double) tally.compared() / tally.objects())
        .max(Double::compare);
  }

  /// Share of the replicas that was looked at: 1 once a round came to its end.
  static double coverage(ScrubLog.Progress progress, long total) {
    return progress.lastRoundBegan().isPresent() || total == 0
        ? 1
        : Math.min(1, (double) progress.round().objects() / total);
  }

  private static String word(ScrubDepth depth) {
    return switch (depth) {
      case LISTING -> "listing";
      case CHECKSUM -> "checksum";
      case READ_BACK -> "readback";
    };
  }
}
