package org.vistadr.protect;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.PlacedReplica;
import org.vistadr.catalog.PlacedReplicas;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.catalog.TempSpool;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Looks at a whole secondary with nothing but its listing: merges it with the catalog's replicas,
/// both in the order of keys, in constant memory. What seems to be wrong is set aside until the
/// listing was read to its proved end, and then looked at again, one by one, in the catalog and at
/// the secondary: what was copied, moved or removed meanwhile is no finding. A listing that broke
/// off, or that left out what is there, proves nothing. One run.
final class ListingRound {

  private final Catalog catalog;
  private final ObjectStore store;
  private final Regime regime;
  private final ReplicaLook look;
  private final InstantSource clock;
  private final BooleanSupplier stopped;
  private final Extras extras;
  private long objects;
  private long bytes;
  private long compared;

  ListingRound(
      Catalog catalog,
      ObjectStore store,
      Regime regime,
      ReplicaLook look,
      InstantSource clock,
      BooleanSupplier stopped) {
    this.catalog = catalog;
    this.store = store;
    this.regime = regime;
    this.look = look;
    this.clock = clock;
    this.stopped = stopped;
    this.extras = new Extras(catalog, store, regime);
  }

  /// Lists, and records what is wrong.
  ///
  /// @throws StorageException when the listing proves nothing; nothing is recorded then but that
  Scrub.Report run() throws StorageException {
    Instant began = clock.instant();
    try (PlacedReplicas replicas = catalog.replicas().placed(store.site());
        TempSpool<PlacedReplica> missing = PlacedReplicas.spool();
        TempSpool<PlacedReplica> changed = PlacedReplicas.spool();
        TempSpool<PlacedReplica> gone = PlacedReplicas.spool();
        TempSpool<ListedVersion> extra = Extras.spool()) {
      merge(replicas, missing, changed, extra);
      long lookedFor = requireNothingLeftOut(missing, gone);
      long findings = confirm(gone) + confirm(changed);
      long unknown = extras.confirm(extra, began, this::requireRunning);
      ScrubLog.Tally tally = new ScrubLog.Tally(objects, bytes, compared, objects - compared);
      catalog.scrub().listed(store.site(), began, tally, unknown);
      return new Scrub.Report(tally, findings, unknown, lookedFor);
    } catch (StorageException e) {
      catalog
          .scrub()
          .notListed(
              store.site(),
              "the listing of %s proves nothing, so nothing was concluded from it: %s"
                  .formatted(began, e.getMessage()));
      throw e;
    }
  }

  private void merge(
      PlacedReplicas replicas,
      TempSpool<PlacedReplica> missing,
      TempSpool<PlacedReplica> changed,
      TempSpool<ListedVersion> extra)
      throws StorageException {
    ListingCursor listing = new ListingCursor(store, regime, ListingRequest.ALL);
    while (true) {
      requireRunning();
      Optional<ObjectKey> listedKey = listing.peek().map(ListedVersion::key);
      Optional<ObjectKey> knownKey = replicas.peekKey();
      if (listedKey.isEmpty() && knownKey.isEmpty()) {
        return;
      }
      int order = order(listedKey, knownKey);
      compare(
          order > 0 ? List.of() : listing.nextKey(),
          order < 0 ? List.of() : replicas.next().orElseThrow().replicas(),
          missing,
          changed,
          extra);
    }
  }

  /// Which one comes first; what has ended comes last.
  private static int order(Optional<ObjectKey> listed, Optional<ObjectKey> known) {
    if (listed.isEmpty()) {
      return 1;
    }
    return known.map(key -> listed.get().compareTo(key)).orElse(-1);
  }

  /// All that is listed of a key, newest first, and all that the catalog has there.
  private void compare(
      List<ListedVersion> listed,
      List<PlacedReplica> known,
      TempSpool<PlacedReplica> missing,
      TempSpool<PlacedReplica> changed,
      TempSpool<ListedVersion> extra) {
    Map<VersionId, ListedVersion> unknown = HashMap.newHashMap(listed.size());
    listed.forEach(entry -> unknown.put(entry.versionId(), entry));
    Map<VersionId, ListedVersion> all = Map.copyOf(unknown);
    for (PlacedReplica replica : known) {
      VersionId id =
          regime == Regime.UNVERSIONED
              ? VersionId.NULL
              : replica.remoteVersion().orElse(VersionId.NULL);
      Optional<ListedVersion> there = Optional.ofNullable(all.get(id));
      if (replica.marker()) {
        if (replica.remoteVersion().isPresent()) {
          unknown.remove(id);
        }
        if (isUndone(replica, known, listed)) {
          missing.add(replica);
        }
        continue;
      }
      objects++;
      bytes += replica.size();
      unknown.remove(id);
      switch (there.map(ListedVersion::entry).orElseGet(Entry.DeleteMarker::new)) {
        case Entry.DeleteMarker() -> missing.add(replica);
        case Entry.Content(String etag, long size, _)
            when size != replica.size() || !etag.equals(replica.etag()) ->
            changed.add(replica);
        case Entry.Content(String etag, _, _) ->
            compared += look.sameMd5(replica.primaryEtag(), etag) ? 1 : 0;
      }
    }
    // What is below the reserved prefix is our own: segments, history, marks, checks.
    listed.stream()
        .filter(entry -> unknown.containsKey(entry.versionId()) && !entry.key().isReserved())
        .forEach(extra::add);
  }

  /// Whether the key's newest state is a deletion that we made there, and the key shows content.
  private boolean isUndone(
      PlacedReplica marker, List<PlacedReplica> known, List<ListedVersion> listed) {
    return regime == Regime.VERSIONED
        && marker.remoteVersion().isPresent()
        && known.stream().noneMatch(other -> other.rank() > marker.rank())
        && !listed.isEmpty()
        && listed.getFirst().entry() instanceof Entry.Content;
  }

  /// The first of two looks at what the listing did not show.
  ///
  /// @param gone gets what is not there
  /// @return how many looks it took
  private long requireNothingLeftOut(
      TempSpool<PlacedReplica> missing, TempSpool<PlacedReplica> gone) throws StorageException {
    long looks = 0;
    for (Optional<PlacedReplica> next = missing.poll(); next.isPresent(); next = missing.poll()) {
      requireRunning();
      PlacedReplica replica = next.get();
      Optional<RecordedVersion> version = stillRecorded(replica);
      if (version.isEmpty()) {
        continue;
      }
      looks++;
      ReplicaLog.Replica now = look.replica(replica.versionId()).orElseThrow();
      boolean isThere = look.once(ScrubDepth.LISTING, version.get(), now).wrong().isEmpty();
      if (!isThere) {
        gone.add(replica);
      } else if (!replica.marker() && stillRecorded(replica).isPresent()) {
        throw new StorageException.Unproved(
            store.site(),
            "ListObjects",
            "the listing left out %s, which is there".formatted(replica.location()));
      }
    }
    return looks;
  }

  private long confirm(TempSpool<PlacedReplica> suspects) throws StorageException {
    long findings = 0;
    for (Optional<PlacedReplica> next = suspects.poll(); next.isPresent(); next = suspects.poll()) {
      requireRunning();
      Optional<RecordedVersion> version = stillRecorded(next.get());
      if (version.isPresent()
          && look.confirmed(ScrubDepth.LISTING, version.get()).wrong().isPresent()) {
        findings++;
      }
    }
    return findings;
  }

  /// The version of a replica that is where it was, as it was.
  private Optional<RecordedVersion> stillRecorded(PlacedReplica before) {
    return look.replica(before.versionId())
        .filter(now ->
            now.location().equals(before.location())
                && now.remoteVersion().equals(before.remoteVersion())
                && now.etag().equals(before.etag())
                && now.durableAt().equals(before.durableAt()))
        .filter(now -> !now.marker() || isNewest(now))
        .flatMap(_ -> catalog.versions().find(before.versionId()));
  }

  private boolean isNewest(ReplicaLog.Replica replica) {
    return catalog.queue().ofKey(store.site(), replica.location()).isEmpty()
        && catalog.replicas().ofKey(store.site(), replica.location()).getFirst().versionId()
            == replica.versionId();
  }

  private void requireRunning() throws StorageException {
    if (stopped.getAsBoolean()) {
      throw new StorageException.Unproved(
          store.site(), "ListObjects", "the daemon was told to stop");
    }
  }
}
