package org.vistadr.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One thing that a lifecycle rule removes by itself. Pure.
///
/// @param rule the rule's name, for people
/// @param kind what is removed
/// @param prefix of the keys that it is about; empty for all
/// @param others conditions besides the prefix (tags, sizes), as lines; empty for none
/// @param days after how many days, or the day since 1970 of a fixed date
/// @param keep newest old versions that stay in any case
public record LifecycleExpiry(
    String rule, Kind kind, String prefix, String others, long days, long keep) {

  /// What is removed.
  public enum Kind {
    /// Current objects, some days after they were written.
    CURRENT,
    /// Current objects, from a date on.
    DATE,
    /// Older versions, some days after they were replaced.
    NONCURRENT
  }

  /// All that a lifecycle removes. Rules that are switched off remove nothing; a number that cannot
  /// be read counts as the worst.
  public static List<LifecycleExpiry> of(ConfigNode lifecycle) {
    List<LifecycleExpiry> all = new ArrayList<>();
    for (ConfigNode rule : lifecycle.all("Rule")) {
      if (!rule.value("Status").orElse("").equals("Enabled")) {
        continue;
      }
      String name = rule.value("ID").orElse("without a name");
      Scope scope = Scope.of(rule);
      for (ConfigNode expiration : rule.all("Expiration")) {
        expiration
            .value("Days")
            .ifPresent(days -> all.add(expiry(name, Kind.CURRENT, scope, number(days), 0)));
        expiration
            .value("Date")
            .ifPresent(date -> all.add(expiry(name, Kind.DATE, scope, day(date), 0)));
      }
      for (ConfigNode noncurrent : rule.all("NoncurrentVersionExpiration")) {
        all.add(
            expiry(
                name,
                Kind.NONCURRENT,
                scope,
                noncurrent.value("NoncurrentDays").map(LifecycleExpiry::number).orElse(0L),
                noncurrent
                    .value("NewerNoncurrentVersions")
                    .map(LifecycleExpiry::number)
                    .orElse(0L)));
      }
    }
    return all;
  }

  /// What is removed now that was not removed before, or later, or less of it.
  public static List<LifecycleExpiry> added(
      Optional<ConfigNode> before, Optional<ConfigNode> after) {
    List<LifecycleExpiry> known = before.map(LifecycleExpiry::of).orElse(List.of());
    return after.map(LifecycleExpiry::of).orElse(List.of()).stream()
        .filter(expiry -> known.stream().noneMatch(old -> old.covers(expiry)))
        .toList();
  }

  /// Whether all that the other one removes was removed by this one, no later.
  private boolean covers(LifecycleExpiry other) {
    return kind == other.kind
        && other.prefix.startsWith(prefix)
        && (others.isEmpty() || others.equals(other.others))
        && days <= other.days
        && keep <= other.keep;
  }

  /// `objects below 'temp/' expire after 7 days (rule tidy)`.
  public String words() {
    String where =
        (prefix.isEmpty() ? "" : " below '%s'".formatted(prefix))
            + (others.isEmpty() ? "" : " with conditions");
    return switch (kind) {
      case CURRENT -> "objects%s expire after %d days (rule %s)".formatted(where, days, rule);
      case DATE ->
          "objects%s expire on %s (rule %s)".formatted(where, LocalDate.ofEpochDay(days), rule);
      case NONCURRENT ->
          "older versions%s are removed after %d days%s (rule %s)"
              .formatted(
                  where, days, keep == 0 ? "" : ", all but the newest %d".formatted(keep), rule);
    };
  }

  private static LifecycleExpiry expiry(String rule, Kind kind, Scope scope, long days, long keep) {
    return new LifecycleExpiry(rule, kind, scope.prefix, scope.others, days, keep);
  }

  private static long number(String text) {
    try {
      return Math.max(0, Long.parseLong(text.strip()));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private static long day(String text) {
    try {
      return text.length() > 10
          ? Instant.parse(text).getEpochSecond() / 86_400
          : LocalDate.parse(text).toEpochDay();
    } catch (DateTimeException _) {
      return 0;
    }
  }

  /// Which keys a rule is about.
  private record Scope(String prefix, String others) {

    static Scope of(ConfigNode rule) {
      Optional<ConfigNode> filter = rule.child("Filter");
      Optional<ConfigNode> and = filter.flatMap(node -> node.child("And"));
      ConfigNode holder = and.or(() -> filter).orElse(rule);
      String prefix = holder.value("Prefix").or(() -> rule.value("Prefix")).orElse("");
      if (filter.isEmpty()) {
        return new Scope(prefix, "");
      }
      ConfigNode rest =
          holder.withChildren(
              holder.children().stream().filter(node -> !node.name().equals("Prefix")).toList());
      return new Scope(prefix, String.join("\n", rest.sorted(false).lines()));
    }
  }
}
