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
        new Table("SECONDARY", "DEPTH", "COVERED>", "THIS ROUND>", "ALL SINCE", "FINDINGS>");
    for (VerificationView view : views) {
      table.row(
          view.secondary(),
          view.depth(),
          String.format(Locale.ROOT, "%.0f %%", Math.floor(view.coverage() * 100)),
          Amounts.count(view.objects()),
          view.verifiedSince().map(at -> Moments.local(at, zone)).orElse("not yet"),
          Amounts.count(view.openFindings()));
    }
    return table;
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
          finding.detail());
    }
    return table;
  }
}
