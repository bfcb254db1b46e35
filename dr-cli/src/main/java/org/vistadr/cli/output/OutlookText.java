package org.vistadr.cli.output;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.vistadr.api.PlanOutlook;
import org.vistadr.api.RestoreView;

/// What a plan will take, in words.
final class OutlookText {

  private static final int REASONS = 10;

  private OutlookText() {}

  /// Egress, cost, time and thaw; and what the plan's source never had.
  static List<String> lines(PlanOutlook outlook, String planId) {
    List<String> lines = new ArrayList<>();
    outlook
        .lost()
        .filter(lost -> lost.amount().objects() > 0)
        .ifPresent(lost ->
            lines.add(
                "%s%s (%s) were still on their way to %s: vistadr restore plan show %s --lost"
                    .formatted(
                        lost.more() ? "More than " : "",
                        Amounts.count(lost.amount().objects(), "change"),
                        Amounts.bytes(lost.amount().bytes()),
                        lost.site(),
                        planId)));
    outlook
        .lostClasses()
        .forEach(lost ->
            lines.add(
                "%s (%s) of class %s will get the default class: the target has no such one."
                    .formatted(
                        Amounts.count(lost.amount().objects(), "object"),
                        Amounts.bytes(lost.amount().bytes()),
                        Keys.printable(lost.storageClass()))));
    if (!outlook.sources().isEmpty()) {
      lines.add(String.join(" ", sentences(outlook)));
    }
    return lines;
  }

  /// Why objects cannot be brought back, added up.
  static List<String> reasons(PlanOutlook outlook, String planId) {
    List<String> lines = new ArrayList<>();
    outlook.cannot().stream()
        .limit(REASONS)
        .forEach(reason ->
            lines.add(
                "  cannot: %s, %s: %s"
                    .formatted(
                        Amounts.count(reason.amount().objects(), "object"),
                        Amounts.bytes(reason.amount().bytes()),
                        Keys.printable(reason.reason()))));
    if (!lines.isEmpty()) {
      lines.add("  see each: vistadr restore plan show %s --cannot".formatted(planId));
    }
    return lines;
  }

  private static List<String> sentences(PlanOutlook outlook) {
    List<String> sentences = new ArrayList<>();
    boolean onServer = outlook.sources().stream().allMatch(PlanOutlook.Source::onServer);
    if (onServer) {
      sentences.add("Server-side copies, no egress.");
    } else if (outlook.egress().objects() == 0) {
      sentences.add("No egress.");
    } else {
      sentences.add("Egress %s.".formatted(Amounts.bytes(outlook.egress().bytes())));
    }
    cost(outlook, onServer).forEach(sentences::add);
    sentences.add(
        outlook
            .time()
            .map(time -> "About %s.".formatted(range(time)))
            .orElse("How long it takes cannot be told before the first restore."));
    outlook
        .thaw()
        .ifPresent(thaw ->
            sentences.add(
                "Thaw: %s, %s, %s, %s."
                    .formatted(
                        Amounts.count(thaw.amount().objects(), "object"),
                        Amounts.bytes(thaw.amount().bytes()),
                        thaw.tier(),
                        range(thaw.time()))));
    if (!onServer && outlook.thaw().isEmpty()) {
      sentences.add("Thaw: none.");
    }
    return sentences;
  }

  private static List<String> cost(PlanOutlook outlook, boolean onServer) {
    List<String> sentences = new ArrayList<>();
    String amounts =
        outlook.cost().amounts().entrySet().stream()
            .filter(amount -> amount.getValue() >= 0.005)
            .map(
                amount -> String.format(Locale.ROOT, "%.2f %s", amount.getValue(), amount.getKey()))
            .collect(Collectors.joining(" and "));
    String day =
        outlook.cost().lists().values().stream()
            .map(list -> list.asOf().toString())
            .min(String::compareTo)
            .map(" at list prices of %s"::formatted)
            .orElse("");
    if (!amounts.isEmpty()) {
      sentences.add("About %s%s.".formatted(amounts, day));
    }
    // The requests of a copy on one's own server have no price, which is no news.
    List<String> unknown =
        outlook.cost().unknown().stream()
            .filter(what -> !onServer || !what.startsWith("requests "))
            .toList();
    if (!unknown.isEmpty()) {
      sentences.add("Price unknown: %s.".formatted(String.join(", ", unknown)));
    }
    return sentences;
  }

  /// `40-70 s`, `2-4 min`, `8-10 h`, `3-5 d`: never less than what is left.
  static String range(RestoreView.Eta time) {
    Duration high = Duration.ofSeconds(time.high());
    if (high.toSeconds() <= 90) {
      return range(time, 1, "s");
    }
    if (high.toMinutes() <= 90) {
      return range(time, 60, "min");
    }
    return high.toHours() <= 72 ? range(time, 3600, "h") : range(time, 86_400, "d");
  }

  private static String range(RestoreView.Eta time, long unit, String name) {
    long low = Math.max(1, time.low() / unit);
    long high = Math.max(low, (time.high() + unit - 1) / unit);
    return low == high ? "%d %s".formatted(low, name) : "%d-%d %s".formatted(low, high, name);
  }
}
