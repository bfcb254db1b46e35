package org.vistadr.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreReportView;
import org.vistadr.api.Status;

/// Reports of restores as people read them.
public final class ReportText {

  private ReportText() {}

  /// The report.
  public static List<String> lines(RestoreReportView report, ZoneId zone, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add("Restore %s: %s".formatted(report.id(), report.state()));
    if (!report.complete()) {
      lines.add("It is not over yet: this report is not final.");
    }
    fact(lines, "Asked", report.asked().words());
    fact(lines, "Asked by", report.askedBy().orElse("not known"));
    fact(lines, "Bucket", report.bucket());
    fact(lines, "Moment", Moments.echo(report.moment().at(), zone, now));
    report
        .moment()
        .scanAt()
        .ifPresent(scan ->
            fact(
                lines,
                "Known from",
                "the scan of %s, %s before the moment"
                    .formatted(
                        Moments.withZone(scan, zone),
                        Amounts.duration(
                            Duration.ofSeconds(report.moment().gapSeconds().orElse(0L))))));
    times(lines, report, zone);
    lines.add("");
    lines.addAll(results(report).lines());
    lines.add("");
    for (Map.Entry<String, Status.Amount> source : report.sources().entrySet()) {
      fact(
          lines,
          "From " + source.getKey(),
          "%s, %s"
              .formatted(
                  Amounts.count(source.getValue().objects(), "object"),
                  Amounts.bytes(source.getValue().bytes())));
    }
    if (report.nonAtomic() > 0) {
      fact(
          lines,
          "Not atomic",
          "%s written after a look: the provider holds no condition itself"
              .formatted(Amounts.count(report.nonAtomic(), "object")));
    }
    fact(lines, "Undo", undo(report));
    fact(
        lines,
        "List",
        "%s, SHA-256 %s"
            .formatted(Amounts.count(report.list().objects(), "object"), report.list().sha256()));
    for (RestorePlanView.ItemView item : report.problems()) {
      lines.add(
          "  %s: %s: %s"
              .formatted(
                  item.state().equals("pending") ? "not tried" : item.state(),
                  Keys.printable(item.key()),
                  Keys.printable(item.detail().isEmpty() ? item.reason() : item.detail())));
    }
    report.moreProblems().forEach(link -> lines.add("  and more: GET " + link));
    return lines;
  }

  private static void times(List<String> lines, RestoreReportView report, ZoneId zone) {
    RestoreReportView.Times times = report.times();
    fact(lines, "Started", Moments.withZone(times.startedAt(), zone));
    times.endedAt().ifPresent(end -> fact(lines, "Ended", Moments.withZone(end, zone)));
    fact(
        lines,
        "Recovery time",
        "%s, %s objects/s, %s/s"
            .formatted(
                Amounts.duration(Duration.ofMillis(Math.round(times.elapsedSeconds() * 1000))),
                times.objectsPerSecond(),
                Amounts.bytes(times.bytesPerSecond())));
    report
        .newest()
        .ifPresent(newest ->
            fact(
                lines,
                "Recovery point",
                "the newest version is of %s, %s before the moment: %s"
                    .formatted(
                        Moments.withZone(newest.lastModified(), zone),
                        Amounts.duration(
                            Duration.ofMillis(Math.round(newest.secondsBeforeMoment() * 1000))),
                        Keys.printable(newest.key()))));
  }

  private static Table results(RestoreReportView report) {
    Table table = new Table("ACTION", "STATE", "OBJECTS>", "BYTES>");
    for (Map.Entry<String, Status.Amount> planned : report.planned().entrySet()) {
      if (planned.getValue().objects() > 0) {
        row(table, planned.getKey(), "planned", planned.getValue());
      }
      Optional.ofNullable(report.results().get(planned.getKey()))
          .ifPresent(states -> states.forEach((state, amount) -> row(table, "", state, amount)));
    }
    return table;
  }

  private static void row(Table table, String action, String state, Status.Amount amount) {
    table.row(action, state, Amounts.count(amount.objects()), Amounts.bytes(amount.bytes()));
  }

  private static String undo(RestoreReportView report) {
    String undoes = report.undo().undoes().map(id -> "undoes " + id + "; ").orElse("");
    return undoes
        + (report.undo().undoneBy().isEmpty()
            ? "not undone; undo with: vistadr restore undo " + report.id()
            : report.undo().state() + " by " + String.join(", ", report.undo().undoneBy()));
  }

  private static void fact(List<String> lines, String name, String value) {
    lines.add("%-15s%s".formatted(name, Keys.printable(value)));
  }
}
