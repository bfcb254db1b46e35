package org.vistadr.cli.output;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.vistadr.api.CheckpointView;

/// Named checkpoints as people read them.
public final class CheckpointText {

  private CheckpointText() {}

  /// `2026-11-22T02:00:00.250Z = 2026-11-22 03:00:00 Europe/Paris (12 seconds ago)`: to the last
  /// digit, so that it can be copied.
  public static String moment(Instant at, ZoneId zone, Instant now) {
    String ago = " (" + Moments.ago(at, now) + ")";
    return Moments.name(zone).equals("UTC")
        ? at + ago
        : at + " = " + Moments.withZone(at, zone) + ago;
  }

  /// One a line.
  public static Table list(List<CheckpointView> checkpoints, ZoneId zone) {
    Table table =
        new Table("NAME", "MOMENT (" + Moments.name(zone) + ")", "HELD", "MADE BY", "NOTE");
    for (CheckpointView checkpoint : checkpoints) {
      table.row(
          checkpoint.name(),
          Moments.local(checkpoint.at(), zone),
          checkpoint.held() ? "held" : "-",
          checkpoint.madeBy(),
          checkpoint.note());
    }
    return table;
  }

  /// Two parts of the same contents as one.
  public static CheckpointView.Contents sum(
      CheckpointView.Contents before, CheckpointView.Contents page) {
    return new CheckpointView.Contents(
        page.moment(),
        before.objects() + page.objects(),
        before.bytes() + page.bytes(),
        before.ambiguous() + page.ambiguous(),
        IntStream.range(0, Math.min(before.secondaries().size(), page.secondaries().size()))
            .mapToObj(index ->
                new CheckpointView.Missing(
                    page.secondaries().get(index).secondary(),
                    before.secondaries().get(index).versions()
                        + page.secondaries().get(index).versions()))
            .toList(),
        page.next());
  }

  /// All that is to say of one.
  public static List<String> lines(
      CheckpointView checkpoint, CheckpointView.Contents contents, ZoneId zone, Instant now) {
    List<String> lines = new ArrayList<>();
    fact(lines, "Checkpoint", checkpoint.name());
    fact(lines, "Moment", moment(checkpoint.at(), zone, now));
    fact(
        lines,
        "Made",
        "%s by %s".formatted(Moments.withZone(checkpoint.madeAt(), zone), checkpoint.madeBy()));
    fact(lines, "Note", checkpoint.note().isEmpty() ? "-" : checkpoint.note());
    fact(lines, "Held", checkpoint.held() ? "yes, no retention may remove what it shows" : "no");
    fact(
        lines,
        "Objects",
        "%s, %s".formatted(Amounts.count(contents.objects()), Amounts.bytes(contents.bytes())));
    if (contents.ambiguous() > 0) {
      fact(
          lines,
          "Ambiguous",
          Amounts.count(contents.ambiguous(), "key")
              + " may have held something else: vistadr ls -r --at checkpoint:"
              + checkpoint.name());
    }
    boolean scanned = contents.moment().nextScanAt().isPresent() || contents.moment().complete();
    for (CheckpointView.Missing there : contents.secondaries()) {
      fact(lines, "Durable", durable(there, scanned));
    }
    if (contents.secondaries().isEmpty()) {
      fact(lines, "Durable", "nowhere: there is no secondary");
    }
    return lines;
  }

  private static String durable(CheckpointView.Missing there, boolean scanned) {
    if (there.versions() > 0) {
      return "%s waiting at %s"
          .formatted(Amounts.count(there.versions(), "version"), there.secondary());
    }
    return scanned
        ? "complete at " + there.secondary()
        : "not known at %s: no scan has looked since that moment".formatted(there.secondary());
  }

  private static void fact(List<String> lines, String name, String value) {
    lines.add("%-11s %s".formatted(name, Keys.printable(value)));
  }
}
