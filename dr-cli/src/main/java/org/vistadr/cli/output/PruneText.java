package org.vistadr.cli.output;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.vistadr.api.HoldView;
import org.vistadr.api.PrunePlanView;

/// What retention removes, as people read it.
public final class PruneText {

  private static final Set<String> GOING = Set.of("to-go", "removing");

  private PruneText() {}

  /// Plans, one a line.
  public static Table plans(List<PrunePlanView> plans, ZoneId zone) {
    Table table =
        new Table("PLAN", "MADE", "STATE", "TO GO>", "REMOVED>", "STAYS>", "LEFT>", "DETAIL");
    for (PrunePlanView plan : plans) {
      table.row(
          plan.id(),
          Moments.local(plan.madeAt(), zone),
          plan.state(),
          Amounts.count(versions(plan, GOING)),
          Amounts.count(versions(plan, Set.of("removed"))),
          Amounts.count(versions(plan, Set.of("stays"))),
          Amounts.count(versions(plan, Set.of("refused", "differs"))),
          plan.message().isEmpty() ? plan.reason() : plan.message());
    }
    return table;
  }

  /// One plan without its versions.
  public static List<String> page(PrunePlanView plan, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Plan %s: %s%s"
            .formatted(
                plan.id(),
                plan.state().toUpperCase(Locale.ROOT),
                plan.message().isEmpty() ? "" : ", " + Keys.printable(plan.message())));
    lines.add("");
    lines.add(
        "  made      %s by %s, good until %s"
            .formatted(
                Moments.withZone(plan.madeAt(), zone),
                plan.madeBy(),
                Moments.local(plan.expiresAt(), zone)));
    lines.add("  policies  " + plan.policies());
    if (!plan.reliesOn().isEmpty()) {
      lines.add("  relies    on the copies at " + String.join(", ", plan.reliesOn()));
    }
    plan.startedAt()
        .ifPresent(at ->
            lines.add(
                "  run       %s by %s: %s"
                    .formatted(
                        Moments.withZone(at, zone),
                        plan.startedBy(),
                        Keys.printable(plan.reason()))));
    plan.endedAt().ifPresent(at -> lines.add("  ended     " + Moments.withZone(at, zone)));
    if (plan.truncated()) {
      lines.add("  more may go than one plan names: make another one afterwards");
    }
    lines.add("");
    return lines;
  }

  /// Sums of a plan.
  public static Table sums(PrunePlanView plan) {
    Table table = new Table("SECONDARY", "WHAT", "WHY", "VERSIONS>", "SIZE>");
    for (PrunePlanView.PruneSum sum : plan.sums()) {
      table.row(
          sum.secondary(),
          state(sum.state()),
          why(sum.why()),
          Amounts.count(sum.versions()),
          Amounts.bytes(sum.bytes()));
    }
    return table;
  }

  /// Versions of a plan.
  public static Table items(List<PrunePlanView.PruneItem> items, ZoneId zone) {
    Table table = new Table("SECONDARY", "WHAT", "OF", "SIZE>", "KEY", "VERSION", "WHY");
    for (PrunePlanView.PruneItem item : items) {
      table.row(
          item.secondary(),
          state(item.state()),
          Moments.local(item.lastModified(), zone),
          Amounts.bytes(item.size()),
          item.key(),
          item.versionId(),
          item.detail());
    }
    return table;
  }

  /// Holds, one a line.
  public static Table holds(List<HoldView> holds, ZoneId zone) {
    Table table = new Table("ID>", "MADE", "BY", "COVERS", "REASON");
    for (HoldView hold : holds) {
      table.row(
          String.valueOf(hold.id()),
          Moments.local(hold.madeAt(), zone),
          hold.madeBy(),
          covers(hold),
          hold.reason());
    }
    return table;
  }

  /// What a hold covers.
  public static String covers(HoldView hold) {
    return hold.prefix()
        .map(prefix -> "all keys that start with " + prefix)
        .orElseGet(() -> hold.key().orElse(""));
  }

  /// Versions in some states.
  public static long versions(PrunePlanView plan, Set<String> states) {
    return plan.sums().stream()
        .filter(sum -> states.contains(sum.state()))
        .mapToLong(PrunePlanView.PruneSum::versions)
        .sum();
  }

  /// Bytes in some states.
  public static long bytes(PrunePlanView plan, Set<String> states) {
    return plan.sums().stream()
        .filter(sum -> states.contains(sum.state()))
        .mapToLong(PrunePlanView.PruneSum::bytes)
        .sum();
  }

  private static String state(String state) {
    return switch (state) {
      case "to-go" -> "would go";
      case "removing" -> "being removed";
      case "refused" -> "site refused";
      case "differs" -> "not as written";
      default -> state;
    };
  }

  private static String why(String why) {
    return switch (why) {
      case "no-rule" -> "no secondary is to keep it";
      case "kept-elsewhere" -> "another secondary keeps it";
      case "hides-nothing" -> "a delete marker with nothing below it";
      case "hides" -> "a delete marker with content below it";
      case "hold" -> "a hold";
      case "checkpoint" -> "a held checkpoint";
      case "restore" -> "a restore or its undo";
      case "last-good-copy" -> "the last good copy";
      case "shown" -> "shown as current there";
      default -> why.replace('-', ' ');
    };
  }
}
