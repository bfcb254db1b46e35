package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Entry;
import org.vistadr.model.PruneRule;
import org.vistadr.model.PruneRule.Copy;
import org.vistadr.model.PruneRule.KeptSpan;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.model.SiteName;
import org.vistadr.model.StateAt;
import org.vistadr.model.VersionCourse;
import org.vistadr.model.ViewAt;

/// Random lives of one key: whatever any view at a kept moment shows is still there after pruning,
/// at the secondary that is to keep it.
final class PruneRuleRandomTest {

  private static final int LIVES = 2_000;
  private static final SiteName SHORT = new SiteName("short");
  private static final SiteName LONG = new SiteName("long");
  private static final SiteName ALL = new SiteName("all");

  @Test
  void viewsAtKeptMomentsStayAsTheyAre() {
    long first = Long.getLong("vistadr.seed", System.nanoTime());
    long removed = 0;
    long kept = 0;
    long markersGone = 0;
    for (long seed = first; seed < first + LIVES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      RandomLife life = new RandomLife(new SplittableRandom(seed), seed % 4 == 0);
      life.live();
      List<RecordedVersion> history = life.newestFirst();
      Instant now = Instant.ofEpochSecond(life.lastSecond() + 1 + random.nextInt(3));
      Instant held = Instant.ofEpochSecond(random.nextLong(life.firstSecond(), life.lastSecond()));
      var policies = new TreeMap<SiteName, Optional<RetentionPolicy>>();
      policies.put(SHORT, Optional.of(policy(1 + random.nextInt(60))));
      policies.put(LONG, Optional.of(policy(1 + random.nextInt(200))));
      if (random.nextInt(4) == 0) {
        policies.put(ALL, Optional.empty());
      }
      PruneRule rule =
          new PruneRule(
              policies,
              now,
              List.of(),
              List.of(new KeptSpan(Why.CHECKPOINT, "c", RestoreScope.ALL, held, held)),
              life::span);
      Map<SiteName, Map<Long, Copy>> copies = copies(history, policies.keySet(), random);
      Map<SiteName, Set<Long>> left = new HashMap<>();
      copies.forEach((site, here) -> left.put(site, new HashSet<>(here.keySet())));
      List<PruneRule.Decision> decided = rule.decide(history, copies, policies.keySet());
      for (PruneRule.Decision decision : decided) {
        if (decision.why().goes()) {
          removed++;
          left.get(decision.at()).remove(decision.version().id());
        } else {
          kept++;
        }
      }
      markersGone += markers(rule, history, copies, decided, left, random);
      for (SiteName site : policies.keySet()) {
        Instant from =
            policies.get(site).map(policy -> policy.windowStart(now)).orElse(Instant.EPOCH);
        List<Instant> moments = new ArrayList<>(List.of(held));
        for (Instant at = from; !at.isAfter(now); at = at.plusMillis(500)) {
          moments.add(at);
          if (at.getEpochSecond() < life.firstSecond()) {
            at = Instant.ofEpochSecond(life.firstSecond());
          }
        }
        for (Instant at : moments) {
          for (StateAt state :
              List.of(
                  ViewAt.state(history, at, life::span), ViewAt.scanned(history, at, life::span))) {
            for (RecordedVersion shown : shown(state)) {
              long original = VersionCourse.original(shown, history).id();
              boolean before = copies.get(site).containsKey(original);
              assertThat(!before || left.get(site).contains(original))
                  .as(
                      "-Dvistadr.seed=%d %s at %s, now %s, held %s: %s needed\n%s",
                      seed, site, at, now, held, shown, life)
                  .isTrue();
            }
          }
        }
        // Of what a site is to keep a good copy is left wherever there was one.
        for (RecordedVersion version : history) {
          boolean good =
              copies.values().stream()
                  .anyMatch(
                      here -> here.containsKey(version.id()) && here.get(version.id()).good());
          boolean wanted =
              rule.decide(history, everywhere(history, policies.keySet()), Set.of(site)).stream()
                  .anyMatch(one -> one.version().equals(version) && !one.why().goes());
          if (good && wanted) {
            assertThat(
                    left.entrySet().stream()
                        .anyMatch(entry ->
                            entry.getValue().contains(version.id())
                                && copies.get(entry.getKey()).get(version.id()).good()))
                .as("-Dvistadr.seed=%d: no good copy of %s is left for %s", seed, version, site)
                .isTrue();
          }
        }
      }
    }
    // The rule is not kept by removing nothing.
    assertThat(markersGone).isGreaterThan(LIVES / 10);
    assertThat(removed).as("kept %d", kept).isGreaterThan(kept / 10);
  }

  /// A marker that goes is older than the window and has nothing below it that is left or may come.
  ///
  /// @return how many go
  private static long markers(
      PruneRule rule,
      List<RecordedVersion> history,
      Map<SiteName, Map<Long, Copy>> copies,
      List<PruneRule.Decision> decided,
      Map<SiteName, Set<Long>> left,
      SplittableRandom random) {
    Set<Long> ids = new HashSet<>();
    history.stream()
        .filter(version -> version.entry() instanceof Entry.DeleteMarker)
        .forEach(version -> ids.add(version.id()));
    OptionalLong waiting =
        random.nextInt(3) == 0
            ? OptionalLong.of(history.get(random.nextInt(history.size())).rank())
            : OptionalLong.empty();
    Map<SiteName, PruneRule.Markers> markers = new HashMap<>();
    copies.keySet().forEach(site -> markers.put(site, new PruneRule.Markers(ids, waiting)));
    long gone = 0;
    for (PruneRule.Decision decision : rule.decideMarkers(history, copies, markers, decided)) {
      if (decision.why().goes()) {
        gone++;
        RecordedVersion marker = decision.version();
        assertThat(marker.entry()).isInstanceOf(Entry.DeleteMarker.class);
        assertThat(marker.rank()).isLessThanOrEqualTo(waiting.orElse(Long.MAX_VALUE));
        assertThat(marker.effectiveAt())
            .isBefore(rule.policies().get(decision.at()).orElseThrow().windowStart(rule.now()));
        assertThat(history)
            .filteredOn(version -> version.rank() < marker.rank())
            .noneMatch(version -> left.get(decision.at()).contains(version.id()));
      }
    }
    return gone;
  }

  private static RetentionPolicy policy(int seconds) {
    return new RetentionPolicy(Duration.ofSeconds(seconds), 0, 0, 0, 0);
  }

  private static Map<SiteName, Map<Long, Copy>> copies(
      List<RecordedVersion> history, Set<SiteName> sites, SplittableRandom random) {
    Map<SiteName, Map<Long, Copy>> copies = new HashMap<>();
    for (SiteName site : sites) {
      Map<Long, Copy> here = new HashMap<>();
      for (RecordedVersion version : history) {
        if (version.entry() instanceof Entry.Content && random.nextInt(6) > 0) {
          here.put(version.id(), new Copy(false, random.nextInt(5) > 0, false));
        }
      }
      copies.put(site, here);
    }
    return copies;
  }

  private static Map<SiteName, Map<Long, Copy>> everywhere(
      List<RecordedVersion> history, Set<SiteName> sites) {
    Map<Long, Copy> all = new HashMap<>();
    history.forEach(version -> all.put(version.id(), new Copy(false, false, false)));
    Map<SiteName, Map<Long, Copy>> copies = new HashMap<>();
    sites.forEach(site -> copies.put(site, all));
    return copies;
  }

  private static List<RecordedVersion> shown(StateAt state) {
    List<RecordedVersion> shown = new ArrayList<>();
    state.content().ifPresent(shown::add);
    state.ambiguity().flatMap(doubt -> doubt.other().content()).ifPresent(shown::add);
    return shown;
  }
}
