package org.vistadr.cli.output;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vistadr.api.DrillView;

/// Rehearsals of restores as people read them.
public final class DrillText {

  private DrillText() {}

  /// Drills, one a line.
  public static Table drills(List<DrillView> drills, ZoneId zone) {
    Table table =
        new Table(
            "ID>",
            "STARTED",
            "FROM",
            "STATE",
            "OBJECTS>",
            "SIZE>",
            "FAILED>",
            "WHOLE BUCKET",
            "DETAIL");
    for (DrillView drill : drills) {
      table.row(
          String.valueOf(drill.id()),
          Moments.local(drill.startedAt(), zone),
          drill.secondary(),
          drill.state(),
          Amounts.count(drill.restored()),
          Amounts.bytes(drill.bytes()),
          Amounts.count(drill.failures()),
          range(drill),
          drill.message().isEmpty() ? drill.prefix().orElse("") : drill.message());
    }
    return table;
  }

  /// One drill as a page.
  public static List<String> page(DrillView drill, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Drill %d from %s: %s%s"
            .formatted(
                drill.id(),
                drill.secondary(),
                drill.state().toUpperCase(Locale.ROOT),
                drill.message().isEmpty() ? "" : ", " + drill.message()));
    lines.add("");
    line(lines, "as of", Moments.withZone(drill.moment(), zone) + ", its recovery point");
    line(
        lines,
        "started",
        "%s by %s".formatted(Moments.withZone(drill.startedAt(), zone), drill.who()));
    drill.prefix().ifPresent(prefix -> line(lines, "below", Keys.printable(prefix)));
    if (drill.state().equals("running")) {
      return lines;
    }
    line(
        lines,
        "came back",
        "%s, %s, in %s%s"
            .formatted(
                Amounts.count(drill.restored(), "object"),
                Amounts.bytes(drill.bytes()),
                seconds(drill.elapsedSeconds()),
                rates(drill)));
    if (!drill.strata().isEmpty()) {
      line(
          lines,
          "chosen as",
          new TreeMap<>(drill.strata())
                  .entrySet().stream()
                      .map(entry -> entry.getKey() + " " + Amounts.count(entry.getValue()))
                      .collect(Collectors.joining(", "))
              + (drill.sample().isPresent() ? " (seed %d)".formatted(drill.seed()) : ""));
    }
    line(lines, "failed", Amounts.count(drill.failures()));
    more(lines, "unproved", drill.unproved(), "no hash is known; size and entity tag agree");
    more(lines, "archived", drill.archived(), "would have to be thawed");
    more(lines, "left out", drill.leftOut(), "above drill.bytes");
    line(
        lines,
        "whole bucket",
        "%s, %s"
            .formatted(
                Amounts.count(drill.wholeObjects(), "object"), Amounts.bytes(drill.wholeBytes())));
    drill
        .projectedHighSeconds()
        .ifPresent(high ->
            line(
                lines,
                "all of it in",
                "%s; %s is allowed: %s"
                    .formatted(
                        range(drill),
                        Amounts.duration(Duration.ofSeconds(drill.objectiveSeconds())),
                        high <= drill.objectiveSeconds() ? "within it" : "TOO SLOW")));
    if (!drill.items().isEmpty()) {
      lines.add("");
    }
    for (DrillView.Item item : drill.items()) {
      lines.add(
          "%s  %s  (%s)  %s"
              .formatted(item.kind(), Keys.printable(item.key()), item.stratum(), item.detail()));
    }
    if (drill.items().stream().anyMatch(item -> item.kind().equals("failed"))) {
      lines.add("");
      lines.add("Copy them again from the primary: vistadr verify repair --all");
    }
    return lines;
  }

  private static void line(List<String> lines, String name, String text) {
    lines.add(String.format(Locale.ROOT, "  %-13s %s", name, text));
  }

  private static void more(List<String> lines, String name, long count, String words) {
    if (count > 0) {
      line(lines, name, "%s (%s)".formatted(Amounts.count(count), words));
    }
  }

  private static String rates(DrillView drill) {
    return drill
        .objectsPerSecond()
        .flatMap(objects ->
            drill
                .bytesPerSecond()
                .map(bytes ->
                    String.format(
                        Locale.ROOT,
                        " (%.1f objects/s, %s/s)",
                        objects,
                        Amounts.bytes(bytes.longValue()))))
        .orElse("");
  }

  private static String seconds(double seconds) {
    return seconds < 10
        ? String.format(Locale.ROOT, "%.1fs", seconds)
        : Amounts.duration(Duration.ofSeconds((long) seconds));
  }

  private static String range(DrillView drill) {
    return drill
        .projectedLowSeconds()
        .flatMap(low ->
            drill
                .projectedHighSeconds()
                .map(high ->
                    "%s to %s"
                        .formatted(
                            Amounts.duration(Duration.ofSeconds(low)),
                            Amounts.duration(Duration.ofSeconds(high)))))
        .orElse("-");
  }
}
