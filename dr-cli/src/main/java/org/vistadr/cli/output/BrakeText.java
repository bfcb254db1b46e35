package org.vistadr.cli.output;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.vistadr.api.AuditEntry;
import org.vistadr.api.BrakeView;
import org.vistadr.api.HeldChange;

/// The brake, what it holds, and the audit log.
public final class BrakeText {

  private BrakeText() {}

  /// How the brake stands.
  public static List<String> lines(BrakeView brake, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    if (brake.engaged()) {
      lines.add(
          "The brake is engaged%s. Deletions are held; content goes on being copied."
              .formatted(
                  brake.since().map(at -> " since " + Moments.withZone(at, zone)).orElse("")));
      brake.reasons().forEach(reason -> lines.add("! " + reason.detail()));
      lines.add("They were meant:      vistadr held release --reason '...'");
      lines.add("They were a mistake:  vistadr held discard --reason '...'");
    } else {
      long held = brake.held().stream().mapToLong(BrakeView.Held::deletions).sum();
      lines.add(
          held == 0
              ? "The brake is off; nothing is held."
              : "The brake is off; what is held waits for the end of the next scan.");
    }
    return lines;
  }

  /// What is held.
  public static Table table(List<Row> rows, ZoneId zone) {
    Table table = new Table("SECONDARY", "DELETED", "HELD", "KEY");
    for (Row row : rows) {
      table.row(
          row.secondary(),
          Moments.local(row.change().at(), zone),
          row.change().judged() ? "by the brake" : "until judged",
          row.change().key());
    }
    return table;
  }

  /// What secondaries do not have by decision.
  public static Table discarded(List<Row> rows, ZoneId zone) {
    Table table = new Table("SECONDARY", "CHANGED", "WHAT", "DECIDED", "KEY");
    for (Row row : rows) {
      table.row(
          row.secondary(),
          Moments.local(row.change().at(), zone),
          row.change().deletion() ? "deletion" : "content",
          row.change().decision().orElse("-"),
          row.change().key());
    }
    return table;
  }

  /// Entries of the audit log.
  public static Table audit(List<AuditEntry> entries, ZoneId zone) {
    Table table = new Table("AT", "WHO", "ACTION", "SUBJECT", "REASON", "DETAIL");
    for (AuditEntry entry : entries) {
      table.row(
          Moments.local(entry.at(), zone),
          entry.who(),
          entry.action(),
          dashed(entry.subject()),
          dashed(entry.reason()),
          dashed(entry.detail()));
    }
    return table;
  }

  private static String dashed(String text) {
    return text.isEmpty() ? "-" : text;
  }

  /// @param secondary where it is held
  /// @param change what is
  public record Row(String secondary, HeldChange change) {}
}
