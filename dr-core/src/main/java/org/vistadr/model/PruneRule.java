package org.vistadr.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// Decides which replicas of a key retention may remove. Pure.
///
/// Whatever a view at a moment can show that a policy, a hold, a held checkpoint or a restore keeps
/// stays; so does what is current, at the primary or at the secondary. What another secondary is to
/// keep goes only where that one has a good copy of it.
///
/// @param policies of every secondary; empty keeps everything
/// @param now moments of policies count from here
/// @param holds by key and prefix
/// @param moments what must be able to be looked at, and why
/// @param scans when scans read the primary, by their numbers
public record PruneRule(
    SortedMap<SiteName, Optional<RetentionPolicy>> policies,
    Instant now,
    List<Hold> holds,
    List<KeptSpan> moments,
    LongFunction<Optional<ScanSpan>> scans) {

  /// Copies the lists.
  public PruneRule {
    policies = new TreeMap<>(policies);
    holds = List.copyOf(holds);
    moments = List.copyOf(moments);
  }

  /// A span within which every view of some keys has to stay as it is.
  ///
  /// @param why it has to
  /// @param name of the checkpoint or the restore
  /// @param first first moment
  /// @param last last moment
  public record KeptSpan(Why why, String name, RestoreScope scope, Instant first, Instant last) {}

  /// A durable replica of a version with content.
  ///
  /// @param shown whether it is, or may be, what the secondary shows as current
  /// @param good whether it was verified and nothing was found wrong with it
  /// @param shared whether its bytes stand for another version, too
  public record Copy(boolean shown, boolean good, boolean shared) {}

  /// The delete markers of a key that a secondary has as versions of their own.
  ///
  /// @param ids of the versions
  /// @param oldestWaiting rank of the oldest version that may still come there; empty for none
  public record Markers(Set<Long> ids, OptionalLong oldestWaiting) {
    /// Copies the set.
    public Markers {
      ids = Set.copyOf(ids);
    }
  }

  /// What a decision rests on.
  public enum Why {
    /// It may go: no secondary is to keep it.
    NO_RULE,
    /// It may go: another secondary keeps it and has a good copy.
    KEPT_ELSEWHERE,
    /// It may go: a delete marker that hides nothing any longer.
    HIDES_NOTHING,
    /// It is the key's newest entry.
    CURRENT,
    /// It was current within `keepAll`.
    WINDOW,
    /// It was current at the end of a kept day, week, month or year.
    PERIOD,
    /// The secondary has no policy.
    NO_POLICY,
    /// A hold of its key or of a prefix.
    HOLD,
    /// A view at a held checkpoint shows it.
    CHECKPOINT,
    /// A restore that is not over, or its undo, may need it.
    RESTORE,
    /// Another secondary is to keep it and has no good copy.
    LAST_GOOD_COPY,
    /// The secondary shows it as current.
    SHOWN,
    /// Its bytes stand for another version, too.
    SHARED,
    /// A delete marker with content below it that stays, or may still come.
    HIDES;

    /// Whether it may go.
    public boolean goes() {
      return this == NO_RULE || this == KEPT_ELSEWHERE || this == HIDES_NOTHING;
    }

    /// Whether a policy itself keeps it, so that no list needs to name it.
    public boolean ofPolicy() {
      return switch (this) {
        case CURRENT, WINDOW, PERIOD, NO_POLICY, HIDES -> true;
        case NO_RULE,
            KEPT_ELSEWHERE,
            HIDES_NOTHING,
            HOLD,
            CHECKPOINT,
            RESTORE,
            LAST_GOOD_COPY,
            SHOWN,
            SHARED ->
            false;
      };
    }
  }

  /// What is decided about a replica.
  ///
  /// @param at the secondary
  /// @param why it goes or stays
  /// @param detail one sentence for people
  /// @param reliesOn the secondary whose copy is relied on
  public record Decision(
      SiteName at, RecordedVersion version, Why why, String detail, Optional<SiteName> reliesOn) {}

  /// Decides about all replicas of a key with content at some secondaries.
  ///
  /// @param newestFirst the key's history by falling rank
  /// @param copies by secondary and the version's id, of all secondaries
  /// @param from only these secondaries may lose anything
  public List<Decision> decide(
      List<RecordedVersion> newestFirst,
      Map<SiteName, Map<Long, Copy>> copies,
      Set<SiteName> from) {
    if (newestFirst.size() < 2) {
      return List.of();
    }
    List<VersionCourse> courses = VersionCourse.of(newestFirst, scans);
    Map<SiteName, Map<Long, Kept>> keeps = new TreeMap<>();
    policies.forEach((site, policy) -> keeps.put(site, keeps(courses, newestFirst, policy)));
    Map<Long, Kept> exempt = exempt(courses, newestFirst);
    List<Decision> decisions = new ArrayList<>();
    for (SiteName site : policies.keySet()) {
      if (!from.contains(site)) {
        continue;
      }
      Map<Long, Copy> here = copies.getOrDefault(site, Map.of());
      for (VersionCourse course : courses) {
        Copy copy = here.get(course.version().id());
        if (copy != null && ViewAt.isContent(course.version())) {
          decisions.add(decide(site, course, copy, keeps, exempt, copies));
        }
      }
    }
    return decisions;
  }

  /// Decides about the delete markers of a key, once it is decided about its content: one that is
  /// older than the window goes when no content below it stays, or may still come.
  ///
  /// @param newestFirst the key's history by falling rank
  /// @param copies see [#decide(List, Map, Set)]
  /// @param markers by secondary; only these may lose any
  /// @param decided what was decided about the content
  public List<Decision> decideMarkers(
      List<RecordedVersion> newestFirst,
      Map<SiteName, Map<Long, Copy>> copies,
      Map<SiteName, Markers> markers,
      List<Decision> decided) {
    List<Decision> decisions = new ArrayList<>();
    Optional<Map<Long, Kept>> exempt = Optional.empty();
    for (Map.Entry<SiteName, Markers> here : new TreeMap<>(markers).entrySet()) {
      SiteName site = here.getKey();
      Optional<RetentionPolicy> policy = policies.getOrDefault(site, Optional.empty());
      if (policy.isEmpty() || here.getValue().ids().isEmpty()) {
        continue;
      }
      if (exempt.isEmpty()) {
        exempt = Optional.of(exempt(VersionCourse.of(newestFirst, scans), newestFirst));
      }
      long oldestStaying =
          oldestStaying(newestFirst, copies.getOrDefault(site, Map.of()), site, decided);
      for (RecordedVersion marker : newestFirst) {
        if (here.getValue().ids().contains(marker.id()) && !ViewAt.isContent(marker)) {
          Kept kept =
              Optional.ofNullable(exempt.get().get(marker.id()))
                  .orElseGet(() ->
                      marker(
                          marker,
                          policy.get(),
                          Math.min(
                              oldestStaying,
                              here.getValue().oldestWaiting().orElse(Long.MAX_VALUE))));
          decisions.add(new Decision(site, marker, kept.why, kept.detail, Optional.empty()));
        }
      }
    }
    return decisions;
  }

  /// @param oldestContent rank of the oldest content that stays or may come
  private Kept marker(RecordedVersion marker, RetentionPolicy policy, long oldestContent) {
    Instant effect = marker.effectiveAt().plusSeconds(1);
    Instant certain =
        scans
            .apply(marker.seenInScan())
            .flatMap(ScanSpan::endedAt)
            .filter(effect::isBefore)
            .orElse(effect);
    if (certain.isAfter(policy.windowStart(now))) {
      return new Kept(Why.WINDOW, "the key was deleted at " + marker.effectiveAt());
    }
    return oldestContent < marker.rank()
        ? new Kept(Why.HIDES, "content below it is kept")
        : new Kept(
            Why.HIDES_NOTHING,
            "a delete marker of %s, outside of %s, with nothing below it any more"
                .formatted(marker.effectiveAt(), policy.text()));
  }

  private static long oldestStaying(
      List<RecordedVersion> newestFirst,
      Map<Long, Copy> here,
      SiteName site,
      List<Decision> decided) {
    Set<Long> going = new HashSet<>();
    decided.stream()
        .filter(decision -> decision.at().equals(site) && decision.why().goes())
        .forEach(decision -> going.add(decision.version().id()));
    return newestFirst.stream()
        .filter(version -> here.containsKey(version.id()) && !going.contains(version.id()))
        .mapToLong(RecordedVersion::rank)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private Decision decide(
      SiteName site,
      VersionCourse course,
      Copy copy,
      Map<SiteName, Map<Long, Kept>> keeps,
      Map<Long, Kept> exempt,
      Map<SiteName, Map<Long, Copy>> copies) {
    RecordedVersion version = course.version();
    Optional<Kept> kept =
        Optional.ofNullable(keeps.getOrDefault(site, Map.of()).get(version.id()))
            .or(() -> Optional.ofNullable(exempt.get(version.id())))
            .or(() -> copy.shown() ? Optional.of(SHOWN_THERE) : Optional.empty())
            .or(() -> copy.shared() ? Optional.of(SHARED_BYTES) : Optional.empty());
    if (kept.isPresent()) {
      return new Decision(site, version, kept.get().why, kept.get().detail, Optional.empty());
    }
    String superseded =
        "superseded at the latest at %s, outside of %s".formatted(course.until(), policyText(site));
    List<SiteName> keepers =
        keeps.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(site))
            .filter(entry -> entry.getValue().containsKey(version.id()))
            .map(Map.Entry::getKey)
            .toList();
    if (keepers.isEmpty()) {
      return new Decision(
          site,
          version,
          Why.NO_RULE,
          superseded + "; no secondary is to keep it",
          Optional.empty());
    }
    Optional<SiteName> holder =
        keepers.stream()
            .filter(other ->
                Optional.ofNullable(copies.getOrDefault(other, Map.of()).get(version.id()))
                    .filter(Copy::good)
                    .isPresent())
            .min(Comparator.naturalOrder());
    return holder
        .map(other ->
            new Decision(
                site,
                version,
                Why.KEPT_ELSEWHERE,
                "%s; %s keeps it and has a good copy".formatted(superseded, other),
                Optional.of(other)))
        .orElseGet(() ->
            new Decision(
                site,
                version,
                Why.LAST_GOOD_COPY,
                "%s is to keep it and has no good copy: this is the last one"
                    .formatted(keepers.getFirst()),
                Optional.empty()));
  }

  private String policyText(SiteName site) {
    return policies
        .getOrDefault(site, Optional.empty())
        .map(RetentionPolicy::text)
        .orElse("any policy");
  }

  /// What a policy keeps of a key.
  private Map<Long, Kept> keeps(
      List<VersionCourse> courses,
      List<RecordedVersion> newestFirst,
      Optional<RetentionPolicy> policy) {
    Map<Long, Kept> kept = new TreeMap<>();
    Map<Instant, String> ends = policy.map(known -> known.ends(now)).orElse(Map.of());
    for (VersionCourse course : courses) {
      keptBy(course, policy, ends)
          .ifPresent(reason -> keep(kept, course.version(), newestFirst, reason));
    }
    return kept;
  }

  private Optional<Kept> keptBy(
      VersionCourse course, Optional<RetentionPolicy> policy, Map<Instant, String> ends) {
    if (course.until().equals(Instant.MAX)) {
      return Optional.of(new Kept(Why.CURRENT, "it is, or may be, what the key holds"));
    }
    if (policy.isEmpty()) {
      return Optional.of(new Kept(Why.NO_POLICY, "everything is kept there"));
    }
    if (course.until().isAfter(policy.get().windowStart(now))) {
      return Optional.of(new Kept(Why.WINDOW, "it was current until " + course.until()));
    }
    return ends.entrySet().stream()
        .filter(end -> course.covers(end.getKey()))
        .findFirst()
        .map(end -> new Kept(Why.PERIOD, "it was current at the end of the " + end.getValue()));
  }

  /// Versions of a key that a hold, or one of the kept spans, keeps.
  ///
  /// @param newestFirst the key's history by falling rank
  public Set<Long> exempt(List<RecordedVersion> newestFirst) {
    return newestFirst.isEmpty()
        ? Set.of()
        : exempt(VersionCourse.of(newestFirst, scans), newestFirst).keySet();
  }

  /// What no policy may remove.
  private Map<Long, Kept> exempt(List<VersionCourse> courses, List<RecordedVersion> newestFirst) {
    Map<Long, Kept> kept = new TreeMap<>();
    ObjectKey key = newestFirst.getFirst().key();
    Optional<Hold> hold = holds.stream().filter(one -> one.covers(key)).findFirst();
    List<KeptSpan> spans = moments.stream().filter(span -> span.scope().contains(key)).toList();
    for (VersionCourse course : courses) {
      hold.map(one ->
              new Kept(
                  Why.HOLD, "hold %d of %s: %s".formatted(one.id(), one.words(), one.reason())))
          .or(() ->
              spans.stream()
                  .filter(span -> course.overlaps(span.first(), span.last()))
                  .findFirst()
                  .map(span -> new Kept(span.why(), span.name())))
          .ifPresent(reason -> keep(kept, course.version(), newestFirst, reason));
    }
    return kept;
  }

  /// The bytes of an inferred entry are those of the version that it shows again.
  private static void keep(
      Map<Long, Kept> kept,
      RecordedVersion version,
      List<RecordedVersion> newestFirst,
      Kept reason) {
    kept.putIfAbsent(version.id(), reason);
    kept.putIfAbsent(VersionCourse.original(version, newestFirst).id(), reason);
  }

  private static final Kept SHOWN_THERE =
      new Kept(Why.SHOWN, "the secondary shows it, or has nothing newer");
  private static final Kept SHARED_BYTES =
      new Kept(Why.SHARED, "its bytes there stand for another version, too");

  private record Kept(Why why, String detail) {}

  /// Secondaries that a policy gives anything to do.
  public Set<SiteName> withPolicy() {
    Set<SiteName> sites = new HashSet<>();
    policies.forEach((site, policy) -> policy.ifPresent(_ -> sites.add(site)));
    return sites;
  }
}
