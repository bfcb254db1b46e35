package org.vistadr.restore.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.MeasuredSpeed;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.model.SiteName;

/// What a restore's speed says of the next one. Pure.
final class SpeedRule {

  /// Fewer objects say nothing.
  private static final long FEWEST = 10;

  /// A speed belongs to one place when it had so much of the objects.
  private static final double MOST = 0.9;

  private SpeedRule() {}

  private record Kind(SiteName from, boolean onServer) {}

  /// @param portions where the restore's bytes came from
  /// @param done what was written
  /// @param busy how long writing took, waits for archives left out
  static Optional<MeasuredSpeed> measured(
      List<RestorePortion> portions, Amount done, Duration busy, Instant now) {
    if (done.objects() < FEWEST || busy.isZero()) {
      return Optional.empty();
    }
    Map<Kind, Long> objects = new HashMap<>();
    long all = 0;
    for (var portion : portions) {
      objects.merge(
          new Kind(portion.from(), portion.onServer()), portion.amount().objects(), Long::sum);
      all += portion.amount().objects();
    }
    double seconds = busy.toNanos() / 1e9;
    double most = MOST * all;
    return objects.entrySet().stream()
        .filter(kind -> kind.getValue() >= most)
        .findFirst()
        .map(kind ->
            new MeasuredSpeed(
                kind.getKey().from(),
                kind.getKey().onServer(),
                done.objects() / seconds,
                done.bytes() / seconds,
                now));
  }
}
