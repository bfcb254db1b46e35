package org.vistadr.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.MomentView;

/// What a view stands on, in words.
public final class ViewText {

  private ViewText() {}

  /// Remarks about how exact a view is; none when it is exact to the second.
  public static List<String> footing(MomentView moment, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    if (!moment.complete()) {
      lines.add("The catalog does not cover that moment whole: this may not be all.");
    }
    switch (moment.regime().orElse("")) {
      case "unversioned" -> lines.add(unversioned(moment, zone));
      case "suspended" ->
          lines.add(
              "Versioning was suspended then: exact for what has version ids, at scans for the rest.");
      default -> {
        // Exact to the second.
      }
    }
    moment
        .nextRegime()
        .ifPresent(next ->
            lines.add(
                "Versioning was switched between %s and %s: %s before, %s after."
                    .formatted(
                        moment.scanAt().map(at -> Moments.local(at, zone)).orElse("?"),
                        moment.nextScanAt().map(at -> Moments.withZone(at, zone)).orElse("?"),
                        moment.regime().orElse("unknown"),
                        next)));
    return lines;
  }

  private static String unversioned(MomentView moment, ZoneId zone) {
    Optional<Instant> shown = moment.basisAt().or(moment::scanAt);
    String scan =
        "The primary kept no versions then: shown as the scan of %s saw it"
            .formatted(shown.map(at -> Moments.withZone(at, zone)).orElse("?"));
    if (shown.isEmpty() || moment.nextScanAt().isEmpty()) {
      return scan + ", the last one.";
    }
    return "%s; the next one began %s later, and what was overwritten between is not known."
        .formatted(
            scan, Amounts.duration(Duration.between(shown.get(), moment.nextScanAt().get())));
  }
}
