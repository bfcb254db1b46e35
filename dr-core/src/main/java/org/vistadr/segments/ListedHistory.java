package org.vistadr.segments;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Records what a secondary holds and the catalog does not know: what its listing shows under the
/// primary's keys, and what lies below `.vistadr/history/`. Times are the secondary's, except in
/// the history, whose names tell the primary's. Constant memory. Not thread-safe.
final class ListedHistory {

  private static final int KEYS_AT_ONCE = 500;

  private final Catalog catalog;
  private final ObjectStore store;
  private final List<SiteName> secondaries;
  private final Clock clock;
  private final Adoption.Progress progress;
  private final List<KeyChange> changes = new ArrayList<>();
  private final Map<ObjectKey, Map<Long, Place>> places = new HashMap<>();
  private long scan;
  private long versions;
  private long keys;
  private long unnamed;
  private long gone;

  /// Where the bytes of a new entry are.
  private record Place(Optional<ObjectKey> location, Optional<VersionId> version, String etag) {}

  /// @param versions recorded
  /// @param uncertain what is not known of them, one sentence each
  record Found(long versions, List<String> uncertain) {}

  ListedHistory(
      Catalog catalog,
      ObjectStore store,
      List<SiteName> secondaries,
      Clock clock,
      Adoption.Progress progress) {
    this.catalog = catalog;
    this.store = store;
    this.secondaries = secondaries;
    this.clock = clock;
    this.progress = progress;
  }

  Found record() throws StorageException {
    BucketState bucket = store.bucketState();
    catalog.declareSecondaries(secondaries);
    // The primary's regime is not known; the times of versions are what there is to go by.
    scan = catalog.scans().begin(bucket.serverTime(), Regime.VERSIONED).number();
    history();
    current(bucket.regime());
    flush();
    catalog.scans().complete(scan, clock.instant(), keys, versions);
    // What the primary has of it is seen by its next scan.
    secondaries.forEach(catalog.queue()::lookFirst);
    List<String> uncertain = new ArrayList<>();
    if (versions > 0) {
      uncertain.add(
          "%d versions were found in the listing of %s alone: their times are when they arrived there, and which ids they had at the primary is not known"
              .formatted(versions, store.site()));
    }
    if (gone > 0) {
      uncertain.add(
          "%d keys have older versions there and no current one: they were deleted, when is not known"
              .formatted(gone));
    }
    if (unnamed > 0) {
      uncertain.add(
          "%d objects below .vistadr/history-by-hash/ belong to keys that are too long to be in their names: they were left out"
              .formatted(unnamed));
    }
    return new Found(versions, uncertain);
  }

  /// What was moved aside, oldest first per key as the names sort.
  private void history() throws StorageException {
    Optional<ObjectKey> before = Optional.empty();
    for (ListingCursor listing = listing(Regime.UNVERSIONED, AsideKeys.PREFIX); ; ) {
      Optional<ListedVersion> next = listing.next();
      Optional<AsideKeys.Named> named = next.flatMap(listed -> AsideKeys.parse(listed.key()));
      Optional<ObjectKey> key = named.map(AsideKeys.Named::key);
      if (before.isPresent() && !before.equals(key)) {
        endOfHistory(before.get());
        flush();
      }
      if (next.isEmpty()) {
        break;
      }
      if (named.isPresent()) {
        aside(next.get(), named.get());
      }
      before = key;
    }
    ListingCursor hashed = listing(Regime.UNVERSIONED, AsideKeys.HASHED_PREFIX);
    while (hashed.next().isPresent()) {
      unnamed++;
    }
  }

  private void aside(ListedVersion listed, AsideKeys.Named named) {
    if (listed.entry() instanceof Entry.Content content
        && replicas(named.key()).stream()
            .noneMatch(replica -> replica.location().equals(listed.key()))) {
      append(
          named.key(),
          named.time(),
          new Entry.Content(content.etag(), content.size(), content.storageClass()),
          new VersionId("aside-" + listed.key().value().substring(AsideKeys.PREFIX.length())),
          new Place(Optional.of(listed.key()), Optional.empty(), content.etag()));
      flush();
    }
  }

  /// A key with a history and without a current object was deleted.
  private void endOfHistory(ObjectKey key) throws StorageException {
    KeyHistory known = catalog.versions().history(key);
    boolean deleted =
        known.newestFirst().isEmpty()
            || known.newestFirst().getFirst().entry() instanceof Entry.DeleteMarker;
    if (deleted) {
      return;
    }
    try {
      store.head(key, Revision.CURRENT);
    } catch (StorageException.NotFound _) {
      gone++;
      append(
          key,
          clock.instant(),
          new Entry.DeleteMarker(),
          VersionId.NULL,
          new Place(Optional.empty(), Optional.empty(), ""));
    }
  }

  private void current(Regime regime) throws StorageException {
    ListingCursor listing = listing(regime, "");
    for (var ofKey = listing.nextKey(); !ofKey.isEmpty(); ofKey = listing.nextKey()) {
      if (ofKey.getFirst().key().isReserved()) {
        continue;
      }
      record(ofKey, regime);
      keys++;
      if (changes.size() >= KEYS_AT_ONCE) {
        flush();
        progress.at("listed keys", keys, 0);
      }
    }
  }

  /// Entries above the newest one that the catalog has a replica of.
  private void record(List<ListedVersion> newestFirst, Regime regime) {
    ObjectKey key = newestFirst.getFirst().key();
    Set<VersionId> recorded = new HashSet<>();
    Set<String> tags = new HashSet<>();
    for (ReplicaLog.Replica replica : replicas(key)) {
      replica.remoteVersion().ifPresent(recorded::add);
      if (!replica.aside()) {
        tags.add(replica.etag());
      }
    }
    List<ListedVersion> unknown =
        newestFirst.stream()
            .takeWhile(listed ->
                !recorded.contains(listed.versionId())
                    && !(regime == Regime.UNVERSIONED
                        && listed.entry() instanceof Entry.Content content
                        && tags.contains(content.etag())))
            .toList()
            .reversed();
    for (ListedVersion listed : unknown) {
      String etag = listed.entry() instanceof Entry.Content content ? content.etag() : "";
      append(
          key,
          listed.lastModified(),
          listed.entry(),
          listed.versionId(),
          new Place(
              Optional.empty(),
              regime == Regime.UNVERSIONED ? Optional.empty() : Optional.of(listed.versionId()),
              etag));
    }
  }

  private List<ReplicaLog.Replica> replicas(ObjectKey key) {
    return catalog.replicas().ofKey(store.site(), key);
  }

  private void append(ObjectKey key, Instant time, Entry entry, VersionId id, Place place) {
    Map<Long, Place> ranks = places.computeIfAbsent(key, _ -> new HashMap<>());
    long newest =
        ranks.keySet().stream()
            .mapToLong(rank -> rank)
            .max()
            .orElseGet(() ->
                catalog.versions().history(key).newestFirst().stream()
                    .mapToLong(RecordedVersion::rank)
                    .max()
                    .orElse(0));
    long rank = newest == 0 ? VersionLog.FIRST_RANK : newest + VersionLog.RANK_STEP;
    ranks.put(rank, place);
    changes.add(
        new KeyChange(
            key, List.of(new KeyChange.NewEntry(rank, Origin.LISTED, id, time, entry)), List.of()));
    versions++;
  }

  private void flush() {
    if (changes.isEmpty()) {
      return;
    }
    catalog.versions().record(scan, Optional.empty(), List.copyOf(changes), Long.MAX_VALUE);
    List<ReplicationQueue.Outcome> durable = new ArrayList<>();
    places.forEach((key, ranks) -> {
      for (RecordedVersion version : catalog.versions().history(key).newestFirst()) {
        Place place = ranks.get(version.rank());
        if (place != null) {
          durable.add(
              new ReplicationQueue.Outcome.Durable(
                  version.id(), place.location, place.version, place.etag, clock.instant()));
        }
      }
    });
    catalog.queue().settle(store.site(), durable);
    changes.clear();
    places.clear();
  }

  private ListingCursor listing(Regime regime, String prefix) {
    return new ListingCursor(
        store,
        regime,
        new ListingRequest(prefix, ListingRequest.Position.BEGINNING, ListingRequest.MAX_LIMIT));
  }
}
