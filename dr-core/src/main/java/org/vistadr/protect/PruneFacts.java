package org.vistadr.protect;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.Finding;
import org.vistadr.model.Hold;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.PruneRule;
import org.vistadr.model.PruneRule.Copy;
import org.vistadr.model.PruneRule.KeptSpan;
import org.vistadr.model.PruneRule.Markers;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.ScanSpan;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.model.ViewAt;

/// What the catalog says that decisions of retention rest on, read once. Remembers a bounded number
/// of scans and findings. Not thread-safe.
final class PruneFacts {

  private static final int SCANS_REMEMBERED = 256;
  private static final int FINDINGS_AT_MOST = 10_000;

  private final Catalog catalog;
  private final PruneSettings settings;
  private final List<Hold> holds;
  private final List<NamedCheckpoint> checkpoints;
  private final PruneRule rule;
  private final Set<Replica> doubtful = new HashSet<>();
  private final Map<Long, Optional<ScanSpan>> scans =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Optional<ScanSpan>> eldest) {
          return size() > SCANS_REMEMBERED;
        }
      };
  private boolean allDoubtful;

  PruneFacts(Catalog catalog, PruneSettings settings, Instant now) {
    this.catalog = catalog;
    this.settings = settings;
    holds = catalog.holds().all();
    checkpoints = catalog.checkpoints().holding();
    List<KeptSpan> moments = new ArrayList<>(RestoreNeeds.of(catalog, now));
    moments.addAll(spans(checkpoints));
    rule = new PruneRule(settings.policies(), now, holds, moments, this::span);
    for (Finding.State state : List.of(Finding.State.OPEN, Finding.State.BEING_REPAIRED)) {
      List<Finding> found = catalog.scrub().list(state, 0, FINDINGS_AT_MOST);
      found.forEach(finding -> doubtful.add(new Replica(finding.secondary(), finding.versionId())));
      allDoubtful |= found.size() == FINDINGS_AT_MOST;
    }
  }

  /// What held checkpoints keep.
  static List<KeptSpan> spans(List<NamedCheckpoint> checkpoints) {
    return checkpoints.stream()
        .map(checkpoint ->
            new KeptSpan(
                Why.CHECKPOINT,
                "the held checkpoint %s, of %s".formatted(checkpoint.name(), checkpoint.at()),
                RestoreScope.ALL,
                checkpoint.at(),
                checkpoint.at()))
        .toList();
  }

  /// The rule with these facts.
  PruneRule rule() {
    return rule;
  }

  /// What the rule says of a version's copy at a secondary; empty when there is none.
  Optional<PruneRule.Decision> decision(RecordedVersion version, SiteName at) {
    return decisions(catalog.versions().history(version.key()), Set.of(at)).stream()
        .filter(decision -> decision.version().id() == version.id())
        .findFirst();
  }

  /// What the rule says of all copies of a key at some secondaries, content first.
  List<PruneRule.Decision> decisions(KeyHistory history, Set<SiteName> at) {
    List<RecordedVersion> newestFirst = history.newestFirst();
    if (newestFirst.isEmpty()
        || (newestFirst.size() == 1 && ViewAt.isContent(newestFirst.getFirst()))) {
      // A key that was never changed has nothing that may go.
      return List.of();
    }
    Map<SiteName, Map<Long, Copy>> copies = copies(history.key());
    List<PruneRule.Decision> all = new ArrayList<>(rule.decide(newestFirst, copies, at));
    if (newestFirst.stream().anyMatch(version -> !ViewAt.isContent(version))) {
      Map<SiteName, Markers> markers = new HashMap<>();
      at.forEach(site -> markers.put(site, markers(site, history.key())));
      all.addAll(rule.decideMarkers(newestFirst, copies, markers, List.copyOf(all)));
    }
    return all;
  }

  private Markers markers(SiteName site, ObjectKey key) {
    Set<Long> ids = new HashSet<>();
    for (ReplicaLog.Replica replica : catalog.replicas().ofKey(site, key)) {
      if (replica.marker() && replica.remoteVersion().filter(id -> !id.isNull()).isPresent()) {
        ids.add(replica.versionId());
      }
    }
    return new Markers(
        ids,
        ids.isEmpty()
            ? OptionalLong.empty()
            : catalog.queue().ofKey(site, key).stream()
                .filter(row ->
                    switch (row.state()) {
                      case PENDING, HELD, GIVEN_UP -> true;
                      case DURABLE, MISSED, WAIVED, PRUNED -> false;
                    })
                .mapToLong(row -> row.version().rank())
                .min());
  }

  /// Hash of what people decide: policies, holds and held checkpoints.
  String basis() {
    StringBuilder text = new StringBuilder();
    settings
        .policies()
        .forEach((site, policy) -> text.append(site).append(' ').append(policy).append('\n'));
    holds.forEach(hold -> text.append(hold).append('\n'));
    checkpoints.forEach(checkpoint ->
        text.append(checkpoint.name()).append(' ').append(checkpoint.at()).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(bytes, 0, bytes.length).hex();
  }

  /// The durable replicas of a key with content, by secondary and version.
  Map<SiteName, Map<Long, Copy>> copies(ObjectKey key) {
    Map<SiteName, Map<Long, Copy>> copies = new HashMap<>();
    for (SiteName site : settings.sites().keySet()) {
      List<ReplicaLog.Replica> replicas = catalog.replicas().ofKey(site, key);
      Map<Place, Integer> places = new HashMap<>();
      replicas.stream()
          .filter(replica -> !replica.marker())
          .forEach(replica -> places.merge(Place.of(replica), 1, Integer::sum));
      Map<Long, Copy> here = new HashMap<>();
      for (int i = 0; i < replicas.size(); i++) {
        ReplicaLog.Replica replica = replicas.get(i);
        if (!replica.marker()) {
          here.put(
              replica.versionId(),
              new Copy(
                  i == 0 || isExposed(replica),
                  !allDoubtful && !doubtful.contains(new Replica(site, replica.versionId())),
                  places.getOrDefault(Place.of(replica), 1) > 1));
        }
      }
      copies.put(site, here);
    }
    return copies;
  }

  /// Whether a replica is at the key itself without a version of its own: its name is that of the
  /// current object.
  static boolean isExposed(ReplicaLog.Replica replica) {
    return !replica.aside() && replica.remoteVersion().map(VersionId::isNull).orElse(true);
  }

  private Optional<ScanSpan> span(long number) {
    return scans.computeIfAbsent(number, catalog.reach()::span);
  }

  private record Replica(SiteName at, long versionId) {}

  private record Place(ObjectKey location, Optional<VersionId> version) {
    static Place of(ReplicaLog.Replica replica) {
      return new Place(replica.location(), replica.remoteVersion());
    }
  }
}
