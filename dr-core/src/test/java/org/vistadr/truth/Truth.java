package org.vistadr.truth;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.vistadr.model.SiteName;

/// What the bucket really held, from what the test did to it and from nothing else: no catalog, no
/// listing. It also knows what nobody can know: a state that came and went between two looks at the
/// bucket without leaving a version behind.
final class Truth {

  /// A stretch of time in which a key's state was the same.
  ///
  /// @param state content; empty when the key was deleted or not there
  /// @param top what made it current: a version, or empty when nothing was there
  /// @param removal whether it came about by removing a version, which leaves no trace of its time
  /// @param from when the request began
  /// @param by when the request was answered
  record Stretch(
      Optional<Written> state, Optional<Written> top, boolean removal, Instant from, Instant by) {}

  /// A look at the whole bucket, or a replication: between these two moments.
  record Run(Instant from, Instant to) {}

  /// What may be found of a key as of a moment.
  ///
  /// @param exact whether the only right answer is the one of `states`
  /// @param states what the key held, as far as the moment tells
  /// @param overwritten whether the answer was lost by an overwrite in a suspended bucket
  record Answer(boolean exact, Set<Optional<Written>> states, boolean overwritten) {}

  private final Map<String, List<Written>> newestFirst = new TreeMap<>();
  private final Map<String, List<Stretch>> stretches = new TreeMap<>();
  private final List<Written> all = new ArrayList<>();
  private final List<Run> scans = new ArrayList<>();
  private final Map<SiteName, List<Run>> replications = new HashMap<>();

  /// A version was written.
  ///
  /// @param from when the request began
  void pushed(Written version, Instant from) {
    all.add(version);
    if (version.isNull()) {
      // The null version is one of its kind: the earlier one is gone.
      versions(version.key).stream()
          .filter(Written::isNull)
          .toList()
          .forEach(earlier -> {
            remove(earlier, from);
            earlier.successor = Optional.of(version);
          });
    }
    newestFirst.computeIfAbsent(version.key, _ -> new ArrayList<>()).addFirst(version);
    begin(version.key, false, from, version.by);
  }

  /// A version was removed for good.
  void purged(Written version, Instant from, Instant by) {
    boolean wasTop = versions(version.key).getFirst() == version;
    remove(version, from);
    if (wasTop) {
      begin(version.key, true, from, by);
    }
  }

  void scanned(Run scan) {
    scans.add(scan);
  }

  void replicated(SiteName to, Run replication) {
    replications.computeIfAbsent(to, _ -> new ArrayList<>()).add(replication);
  }

  /// What the bucket has of a key, newest first.
  List<Written> versions(String key) {
    return Collections.unmodifiableList(newestFirst.getOrDefault(key, List.of()));
  }

  /// All versions that are in the bucket.
  Stream<Written> standing() {
    return newestFirst.values().stream().flatMap(List::stream);
  }

  Set<String> keys() {
    return stretches.keySet();
  }

  /// What a key held as of a moment. One in whole seconds means the end of its second, as all
  /// moments of the product do.
  Answer at(String key, Instant moment) {
    boolean wholeSecond = moment.equals(moment.truncatedTo(ChronoUnit.SECONDS));
    Instant limit = moment.plus(wholeSecond ? Duration.ofSeconds(1) : Duration.ofMillis(1));
    List<Stretch> line = stretches.getOrDefault(key, List.of());
    boolean exact = true;
    boolean overwritten = false;
    Set<Optional<Written>> states = new LinkedHashSet<>();
    for (int i = line.size() - 1; i >= 0; i--) {
      Stretch stretch = line.get(i);
      if (!stretch.from().isBefore(limit)) {
        continue;
      }
      Optional<Stretch> next =
          i + 1 < line.size() ? Optional.of(line.get(i + 1)) : Optional.empty();
      exact &= isTold(stretch, next, limit);
      overwritten |=
          !stretch.removal() && stretch.top().filter(this::overwrittenUnseen).isPresent();
      states.add(stretch.state());
      if (stretch.by().isBefore(limit)) {
        return new Answer(exact, states, overwritten);
      }
    }
    states.add(Optional.empty());
    return new Answer(exact, states, overwritten);
  }

  /// All that happened to a key, for a message.
  List<Stretch> line(String key) {
    return stretches.getOrDefault(key, List.of());
  }

  /// All that a key ever held.
  Set<Optional<Written>> ever(String key) {
    var result = new LinkedHashSet<Optional<Written>>();
    result.add(Optional.empty());
    stretches.getOrDefault(key, List.of()).forEach(stretch -> result.add(stretch.state()));
    return result;
  }

  /// Whether a secondary must have a version: a replication ran after a scan that saw it, while it
  /// was still there.
  boolean isSafe(Written version, SiteName at) {
    return replications.getOrDefault(at, List.of()).stream()
        .filter(run -> run.to().isBefore(version.goneFrom))
        .anyMatch(run -> seen(version, run.from()));
  }

  private boolean isTold(Stretch stretch, Optional<Stretch> next, Instant limit) {
    // The time of a removal is only known to lie before a look; looks have whole seconds.
    boolean removedInSameSecond =
        next.filter(Stretch::removal)
            .map(removal -> removal.from().truncatedTo(ChronoUnit.SECONDS).isBefore(limit))
            .orElse(false);
    if (removedInSameSecond) {
      return false;
    }
    if (!stretch.removal()) {
      return stretch.top().map(version -> seen(version, Instant.MAX)).orElse(true);
    }
    Instant end = next.map(Stretch::from).orElse(Instant.MAX);
    return scans.stream()
        .anyMatch(scan ->
            scan.from().isAfter(stretch.by())
                && scan.to().isBefore(end)
                && scan.to().isBefore(limit));
  }

  private boolean seen(Written version, Instant before) {
    return scans.stream()
        .anyMatch(scan ->
            scan.from().isAfter(version.by)
                && scan.to().isBefore(version.goneFrom)
                && scan.to().isBefore(before));
  }

  private boolean overwrittenUnseen(Written version) {
    // One that was removed by itself left no trace; one that was overwritten left another null
    // version, if that one was seen.
    return version.isNull()
        && !seen(version, Instant.MAX)
        && version
            .successor
            .filter(next -> seen(next, Instant.MAX) || overwrittenUnseen(next))
            .isPresent();
  }

  private void remove(Written version, Instant from) {
    version.goneFrom = from;
    newestFirst.getOrDefault(version.key, new ArrayList<>()).remove(version);
  }

  private void begin(String key, boolean removal, Instant from, Instant by) {
    Optional<Written> top = versions(key).stream().findFirst();
    Optional<Written> state = top.filter(version -> version.content.isPresent());
    stretches
        .computeIfAbsent(key, _ -> new ArrayList<>())
        .add(new Stretch(state, top, removal, from, by));
  }
}
