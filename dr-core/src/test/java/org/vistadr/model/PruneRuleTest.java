package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vistadr.model.PruneRule.Copy;
import org.vistadr.model.PruneRule.Decision;
import org.vistadr.model.PruneRule.KeptSpan;
import org.vistadr.model.PruneRule.Why;

/// What retention may remove, by examples; [org.vistadr.sync.PruneRuleRandomTest] lets chance look.
final class PruneRuleTest {

  private static final SiteName ONE = new SiteName("one");
  private static final SiteName TWO = new SiteName("two");
  private static final ObjectKey KEY = new ObjectKey("projects/a/image.jpg");
  private static final Instant NOW = Instant.parse("2026-11-29T18:00:00Z");
  private static final Copy GOOD = new Copy(false, true, false);

  @Test
  void theClockOfAVersionStartsWhenItIsSuperseded() {
    // Made long ago, and superseded within the window.
    List<RecordedVersion> history = history("2020-01-01", "2026-11-20");
    assertThat(why(history, policy(35, 0, 0, 0, 0)))
        .containsExactly("2026-11-20 CURRENT", "2020-01-01 WINDOW");
    // Made and superseded before it.
    assertThat(why(history("2020-01-01", "2026-10-01", "2026-11-20"), policy(35, 0, 0, 0, 0)))
        .containsExactly("2026-11-20 CURRENT", "2026-10-01 WINDOW", "2020-01-01 NO_RULE");
  }

  @Test
  void whatWasCurrentAtTheEndOfAKeptPeriodStays() {
    List<RecordedVersion> history =
        history("2025-12-31", "2026-10-31", "2026-11-01", "2026-11-27", "2026-11-28");
    assertThat(why(history, policy(1, 0, 0, 1, 0)))
        .contains("2026-10-31 PERIOD", "2026-11-01 NO_RULE", "2025-12-31 NO_RULE");
    assertThat(why(history, policy(1, 0, 0, 0, 1)))
        .contains("2026-10-31 NO_RULE", "2025-12-31 PERIOD");
    // The last two days ended with the versions of these days, the week with one of Sunday before.
    assertThat(why(history, policy(1, 2, 1, 0, 0)))
        .contains("2026-11-28 CURRENT", "2026-11-27 PERIOD", "2026-11-01 PERIOD");
  }

  @Test
  void periodsAreThoseOfUtcAndEndBeforeTheirLastSecondIsOver() {
    RetentionPolicy policy = new RetentionPolicy(Duration.ofDays(1), 2, 1, 1, 1);
    assertThat(policy.ends(NOW))
        .containsEntry(Instant.parse("2026-11-28T23:59:59Z"), "day that ended 2026-11-28")
        .containsEntry(Instant.parse("2026-11-27T23:59:59Z"), "day that ended 2026-11-27")
        .containsEntry(Instant.parse("2026-11-22T23:59:59Z"), "week that ended 2026-11-22")
        .containsEntry(Instant.parse("2026-10-31T23:59:59Z"), "month that ended 2026-10-31")
        .containsEntry(Instant.parse("2025-12-31T23:59:59Z"), "year that ended 2025-12-31")
        .hasSize(5);
    assertThat(policy.text()).isEqualTo("keepAll 1d, daily 2, weekly 1, monthly 1, yearly 1");
    assertThatThrownBy(() -> new RetentionPolicy(Duration.ZERO, 0, 0, 0, 0))
        .hasMessageContaining("longer than nothing");
  }

  @Test
  void theLastGoodCopyOfWhatAnotherSecondaryIsToKeepStays() {
    List<RecordedVersion> history = history("2026-01-01", "2026-02-01", "2026-11-28");
    var policies = new TreeMap<SiteName, Optional<RetentionPolicy>>();
    policies.put(ONE, Optional.of(policy(35, 0, 0, 0, 0)));
    policies.put(TWO, Optional.empty());
    long old = history.getLast().id();
    assertThat(decided(history, policies, Map.of(old, GOOD)).why()).isEqualTo(Why.KEPT_ELSEWHERE);
    assertThat(decided(history, policies, Map.of(old, GOOD)).reliesOn()).contains(TWO);
    for (Map<Long, Copy> there :
        List.of(Map.<Long, Copy>of(), Map.of(old, new Copy(false, false, false)))) {
      assertThat(decided(history, policies, there).why()).isEqualTo(Why.LAST_GOOD_COPY);
    }
    // Needed nowhere, it is nobody's last copy.
    policies.put(TWO, Optional.of(policy(60, 0, 0, 0, 0)));
    assertThat(decided(history, policies, Map.of()).why()).isEqualTo(Why.NO_RULE);
  }

  @Test
  void holdsOfKeyAndPrefixAndHeldMomentsKeepEverywhere() {
    List<RecordedVersion> history = history("2026-01-01", "2026-02-01", "2026-11-28");
    for (Hold hold :
        List.of(
            new Hold(1, true, "projects/a/", "case", NOW, "admin"),
            new Hold(2, false, KEY.value(), "case", NOW, "admin"))) {
      assertThat(rule(List.of(hold), List.of()).decide(history, all(history), Set.of(ONE)))
          .filteredOn(decision -> !decision.why().ofPolicy())
          .extracting(Decision::why)
          .containsExactly(Why.HOLD);
    }
    Hold other = new Hold(3, true, "projects/b/", "case", NOW, "admin");
    Instant then = Instant.parse("2026-01-15T00:00:00Z");
    KeptSpan held = new KeptSpan(Why.CHECKPOINT, "c", RestoreScope.ALL, then, then);
    assertThat(rule(List.of(other), List.of(held)).decide(history, all(history), Set.of(ONE)))
        .extracting(Decision::why)
        .contains(Why.CHECKPOINT)
        .doesNotContain(Why.HOLD);
  }

  @Test
  void whatTheSecondaryShowsAndWhatSharesItsBytesStays() {
    List<RecordedVersion> history = history("2026-01-01", "2026-02-01", "2026-11-28");
    long old = history.getLast().id();
    for (var row :
        Map.of(new Copy(true, true, false), Why.SHOWN, new Copy(false, true, true), Why.SHARED)
            .entrySet()) {
      assertThat(
              rule(List.of(), List.of())
                  .decide(history, Map.of(ONE, Map.of(old, row.getKey())), Set.of(ONE)))
          .extracting(Decision::why)
          .containsExactly(row.getValue());
    }
  }

  private static Decision decided(
      List<RecordedVersion> history,
      SortedMap<SiteName, Optional<RetentionPolicy>> policies,
      Map<Long, Copy> atTwo) {
    PruneRule rule = new PruneRule(policies, NOW, List.of(), List.of(), _ -> Optional.empty());
    Map<SiteName, Map<Long, Copy>> copies = new HashMap<>(all(history));
    copies.put(TWO, atTwo);
    return rule.decide(history, copies, Set.of(ONE)).getLast();
  }

  private static List<String> why(List<RecordedVersion> history, RetentionPolicy policy) {
    var policies = new TreeMap<SiteName, Optional<RetentionPolicy>>();
    policies.put(ONE, Optional.of(policy));
    return new PruneRule(policies, NOW, List.of(), List.of(), _ -> Optional.empty())
        .decide(history, all(history), Set.of(ONE)).stream()
            .map(decision ->
                "%s %s"
                    .formatted(
                        decision.version().lastModified().toString().substring(0, 10),
                        decision.why()))
            .toList();
  }

  private static PruneRule rule(List<Hold> holds, List<KeptSpan> moments) {
    var policies = new TreeMap<SiteName, Optional<RetentionPolicy>>();
    policies.put(ONE, Optional.of(policy(35, 0, 0, 0, 0)));
    return new PruneRule(policies, NOW, holds, moments, _ -> Optional.empty());
  }

  private static RetentionPolicy policy(int days, int daily, int weekly, int monthly, int yearly) {
    return new RetentionPolicy(Duration.ofDays(days), daily, weekly, monthly, yearly);
  }

  private static Map<SiteName, Map<Long, Copy>> all(List<RecordedVersion> history) {
    Map<Long, Copy> here = new HashMap<>();
    history.forEach(version -> here.put(version.id(), GOOD));
    return Map.of(ONE, here);
  }

  /// Versions of noon of these days, oldest first; returned newest first.
  private static List<RecordedVersion> history(String... days) {
    List<RecordedVersion> oldestFirst = new ArrayList<>();
    for (String day : days) {
      long id = oldestFirst.size() + 1L;
      oldestFirst.add(
          new RecordedVersion(
              id,
              KEY,
              id << 16,
              Origin.LISTED,
              new VersionId("v" + id),
              Instant.parse(day + "T12:00:00Z"),
              new Entry.Content("e" + id, 10, "STANDARD"),
              id,
              Optional.empty(),
              OptionalLong.empty(),
              Optional.empty()));
    }
    return oldestFirst.reversed();
  }
}
