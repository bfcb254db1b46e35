package org.vistadr.server.health;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.vistadr.api.VerificationView;
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
    return new VerificationView(
        name.value(),
        word(depth),
        progress.objects(),
        progress.bytes(),
        total,
        coverage(progress, total),
        progress.roundBegan(),
        progress.lastRoundBegan(),
        engine.catalog().scrub().open(name));
  }

  /// Share of the replicas that was looked at: 1 once a round came to its end.
  static double coverage(ScrubLog.Progress progress, long total) {
    return progress.lastRoundBegan().isPresent() || total == 0
        ? 1
        : Math.min(1, (double) progress.objects() / total);
  }

  private static String word(ScrubDepth depth) {
    return depth.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
