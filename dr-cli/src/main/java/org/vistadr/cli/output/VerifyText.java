package org.vistadr.cli.output;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.vistadr.api.FindingView;
import org.vistadr.api.VerificationView;

/// How far copies were looked at again, and what was found.
public final class VerifyText {

  private VerifyText() {}

  /// How far each secondary is.
  public static Table verifications(List<VerificationView> views, ZoneId zone) {
    Table table =
        new Table(
            "SECONDARY",
            "DEPTH",
            "COVERED>",
            "LOOKED AT>",
            "COMPARED>",
            "ALL SINCE",
            "FINDINGS>",
            "EXTRA>");
    for (VerificationView view : views) {
      table.row(
          view.secondary(),
          view.depth(),
          percent(view.coverage()),
          Amounts.count(view.objects()),
          view.comparedShare().map(VerifyText::percent).orElse("-"),
          view.verifiedSince().map(at -> Moments.local(at, zone)).orElse("not yet"),
          Amounts.count(view.openFindings()),
          Amounts.count(view.extraObjects()));
    }
    return table;
  }

  /// Why listings prove nothing, one sentence each.
  public static List<String> troubles(List<VerificationView> views) {
    return views.stream()
        .flatMap(
            view -> view.trouble().map(text -> "%s: %s".formatted(view.secondary(), text)).stream())
        .toList();
  }

  /// `readback 61 %, 3,104 objects`.
  public static String howFar(VerificationView view) {
    return "%s %s, %s"
        .formatted(view.depth(), percent(view.coverage()), Amounts.count(view.objects(), "object"));
  }

  /// From where copies are made again.
  public static Table repairs(List<FindingView> findings) {
    Table table = new Table("ID>", "SECONDARY", "KEY", "COPIED FROM");
    for (FindingView finding : findings) {
      table.row(
          String.valueOf(finding.id()),
          finding.secondary(),
          finding.key(),
          finding.copiedFrom().orElse("-"));
    }
    return table;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", Math.floor(share * 100));
  }

  /// What was found.
  public static Table findings(List<FindingView> findings, ZoneId zone) {
    Table table = new Table("ID>", "FOUND", "SECONDARY", "KIND", "STATE", "KEY", "DETAIL");
    for (FindingView finding : findings) {
      table.row(
          String.valueOf(finding.id()),
          Moments.local(finding.foundAt(), zone),
          finding.secondary(),
          finding.kind(),
          finding.state(),
          finding.key(),
          detail(finding));
    }
    return table;
  }

  private static String detail(FindingView finding) {
    return finding.detail()
        + finding.copiedFrom().map(" (copied from %s)"::formatted).orElse("")
        + finding.reason().map(" (acknowledged: %s)"::formatted).orElse("");
  }
}
