package org.vistadr.truth;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.restore.view.ViewEntry;

/// Compares what the product says and does with the [Truth], key by key, and collects what differs.
final class TruthChecks {

  private final TruthSites sites;
  private final Truth truth;
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  TruthChecks(TruthSites sites, Truth truth) {
    this.sites = sites;
    this.truth = truth;
  }

  /// What differed.
  List<String> wrong() {
    return wrong;
  }

  /// How many keys were compared in which way.
  Map<String, Integer> counts() {
    return counts;
  }

  /// The view as of a moment.
  void view(Instant moment) throws Exception {
    var view = sites.restores().view("", Optional.of(moment), Optional.empty(), false);
    Map<String, ViewEntry> shown = new HashMap<>();
    for (var step = view.step(); step.isPresent(); step = view.step()) {
      step.get().entry().ifPresent(entry -> shown.put(entry.key().value(), entry));
    }
    for (String key : truth.keys()) {
      var answer = truth.at(key, moment);
      Optional<ViewEntry> entry = Optional.ofNullable(shown.remove(key));
      Optional<RecordedVersion> found = entry.flatMap(ViewEntry::version);
      boolean ambiguous = entry.flatMap(ViewEntry::doubt).isPresent();
      if (matches(answer.states(), found)) {
        count("view " + right(answer, ambiguous));
      } else if (answer.exact()) {
        wrong.add(
            "view at %s of '%s': %s, but it held %s%n  %s"
                .formatted(moment, key, entry, answer.states(), history(key)));
      } else if (!matches(truth.ever(key), found)) {
        wrong.add("view at %s of '%s': %s, which it never held".formatted(moment, key, found));
      } else {
        untold("view at %s".formatted(moment), key, answer, found.isPresent(), ambiguous);
      }
    }
    shown.forEach(
        (key, version) -> wrong.add("view at %s shows '%s': %s".formatted(moment, key, version)));
  }

  private static String right(Truth.Answer answer, boolean ambiguous) {
    String what = answer.exact() ? "exact" : "right though untold";
    return ambiguous ? what + ", called ambiguous" : what;
  }

  /// The answer is wrong, and nothing could tell what is right. That content stood in a bucket that
  /// overwrites can be told, so it must not be presented as certain.
  private void untold(
      String what, String key, Truth.Answer answer, boolean content, boolean ambiguous) {
    if (answer.overwritten() && content && !ambiguous) {
      wrong.add(
          "%s: '%s' is presented as certain, but was overwritten unseen; it held %s%n  %s"
              .formatted(what, key, answer.states(), history(key)));
    } else {
      count(ambiguous ? "untold, called ambiguous" : "untold");
    }
  }

  /// Restores the whole bucket in place and compares what it holds then.
  void restore(Instant moment, Optional<SiteName> from) throws Exception {
    String what =
        "restore of %s from %s".formatted(moment, from.map(SiteName::value).orElse("any"));
    var plan = sites.restores().plan(request(moment, from));
    Set<String> ambiguous =
        sites.restores().ambiguousItems(plan.id(), 0, 10_000).stream()
            .map(item -> item.key().value())
            .collect(Collectors.toSet());
    var applied = sites.restores().apply(plan.id(), Optional.of(sites.bucket.name));
    var ended = sites.restores().await(applied.id(), Duration.ofMinutes(5)).orElseThrow();
    Map<String, RestoreItem> failed = failed(ended);
    boolean complete = ended.state() == Restore.State.COMPLETED;
    if (complete != failed.isEmpty() || !ended.state().ended()) {
      wrong.add("%s ended %s with failed %s".formatted(what, ended, failed.keySet()));
    }
    for (String key : truth.keys()) {
      compare(
          what,
          key,
          truth.at(key, moment),
          from,
          Optional.ofNullable(failed.get(key)),
          ambiguous.contains(key));
    }
  }

  /// All versions that stood when the history ended stand still. Where the server overwrites keys
  /// that end in a slash, the secondaries have what was there.
  void nothingIsLost() {
    var standing = new HashSet<>(sites.bucket.versions());
    truth
        .standing()
        .filter(version -> !isOverwrittenByRestores(version))
        .filter(version ->
            !standing.contains(
                new RawBucket.Listed(
                    version.key,
                    version.versionId,
                    version.content.isEmpty(),
                    version.content.map(Written.Content::etag).orElse(""),
                    version.content.map(Written.Content::size).orElse(0L))))
        .forEach(version ->
            wrong.add(
                "lost: %s of '%s'%n  %s".formatted(version, version.key, history(version.key))));
  }

  private RestorePlan.Request request(Instant moment, Optional<SiteName> from) {
    // From a secondary each key is written, so that its bytes are seen to be right.
    var overwrite =
        from.filter(site -> !site.equals(SiteName.PRIMARY)).isPresent()
            ? RestoreRules.Overwrite.ALWAYS
            : RestoreRules.Overwrite.IF_CHANGED;
    var request =
        RestorePlan.Request.of(new RestoreGoal.AsOf(Optional.of(moment)), new RestoreScope.All())
            .withRules(RestoreRules.DEFAULT.withOverwrite(overwrite).withDeleteExtra(true));
    return from.map(request::withFrom).orElse(request);
  }

  private Map<String, RestoreItem> failed(Restore restore) {
    Map<String, RestoreItem> result = new HashMap<>();
    for (var state : List.of(RestoreItem.State.FAILED, RestoreItem.State.SKIPPED)) {
      for (var item : sites.restores().items(restore.id(), Optional.of(state), 0, 10_000)) {
        result.put(item.key().value(), item);
      }
    }
    return result;
  }

  private void compare(
      String what,
      String key,
      Truth.Answer answer,
      Optional<SiteName> from,
      Optional<RestoreItem> failed,
      boolean ambiguous) {
    if (failed.isPresent()) {
      boolean mustSucceed =
          answer.exact()
              && answer.states().stream()
                  .allMatch(state -> state.map(w -> isHad(w, from)).orElse(true));
      count(mustSucceed ? "wrong" : answer.exact() ? "cannot" : "cannot, untold");
      if (mustSucceed) {
        wrong.add("%s: '%s' failed: %s\n  %s".formatted(what, key, failed.get(), history(key)));
      }
      return;
    }
    Optional<RawBucket.Found> found = sites.bucket.read(key);
    if (holds(answer.states(), found)) {
      count(right(answer, ambiguous));
    } else if (answer.exact()) {
      wrong.add(
          "%s: '%s' holds %s instead of %s\n  %s"
              .formatted(what, key, found.map(TruthChecks::words), answer.states(), history(key)));
    } else if (!holds(truth.ever(key), found)) {
      wrong.add(
          "%s: '%s' holds %s, which it never did"
              .formatted(what, key, found.map(TruthChecks::words)));
    } else {
      untold(what, key, answer, found.isPresent(), ambiguous);
    }
  }

  /// Whether the source must have the bytes.
  private boolean isHad(Written version, Optional<SiteName> from) {
    boolean atPrimary = !version.isGone() && !isOverwrittenByRestores(version);
    if (from.isPresent()) {
      return from.get().equals(SiteName.PRIMARY) ? atPrimary : truth.isSafe(version, from.get());
    }
    return atPrimary
        || truth.isSafe(version, TruthSites.VERSIONED)
        || truth.isSafe(version, TruthSites.UNVERSIONED);
  }

  /// Where the server overwrites keys that end in a slash, an earlier restore did so.
  private static boolean isOverwrittenByRestores(Written version) {
    return version.isNull() && version.key.endsWith("/");
  }

  private static boolean matches(Set<Optional<Written>> states, Optional<RecordedVersion> found) {
    return states.stream()
        .anyMatch(state ->
            state.isEmpty()
                ? found.isEmpty()
                : found
                    .filter(version ->
                        version.versionId().value().equals(state.get().versionId)
                            && version
                                .entry()
                                .equals(
                                    new org.vistadr.model.Entry.Content(
                                        state.get().content.orElseThrow().etag(),
                                        state.get().content.orElseThrow().size(),
                                        state
                                            .get()
                                            .content
                                            .orElseThrow()
                                            .attributes()
                                            .storageClass()
                                            .orElse("STANDARD"))))
                    .isPresent());
  }

  private static boolean holds(Set<Optional<Written>> states, Optional<RawBucket.Found> found) {
    return states.stream()
        .anyMatch(state ->
            state.isEmpty()
                ? found.isEmpty()
                : found
                    .filter(object -> holds(state.get().content.orElseThrow(), object))
                    .isPresent());
  }

  private static boolean holds(Written.Content content, RawBucket.Found found) {
    return found.bytes().length == content.size()
        && Sha256.digest(found.bytes(), 0, found.bytes().length).equals(content.sha256())
        && found.attributes().equals(content.attributes());
  }

  private static String words(RawBucket.Found found) {
    return "%d bytes, %s".formatted(found.bytes().length, found.attributes());
  }

  private String history(String key) {
    return "catalog\n"
        + sites.catalog().versions().history(new ObjectKey(key)).newestFirst().stream()
            .map(version ->
                "    %d %s %s %s %s after %s seen in %d purged in %s replicas %s%n"
                    .formatted(
                        version.id(),
                        version.origin(),
                        version.versionId(),
                        version.lastModified(),
                        version.entry(),
                        version.visibleAfter(),
                        version.seenInScan(),
                        version.purgedInScan(),
                        sites.catalog().replicas().everywhere(version.id()).stream()
                            .map(ReplicaLog.Replica::secondary)
                            .toList()))
            .collect(Collectors.joining())
        + "  truth\n"
        + truth.line(key).stream()
            .map(stretch ->
                "    %s %s from %s%n"
                    .formatted(
                        stretch.removal() ? "removed to" : "", stretch.top(), stretch.from()))
            .collect(Collectors.joining());
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
