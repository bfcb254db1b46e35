package org.vistadr.protect;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.PruneLog.Settled;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.Entry;
import org.vistadr.model.Finding;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.PrunePlan.Item;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;

/// Removes one replica, exactly and proved: looks that what is there is what the catalog says,
/// removes it by key and version, and looks that it is gone. Thread-safe.
final class PruneRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(PruneRemoval.class);

  /// A key has few versions; a longer history takes more pages.
  private static final int VERSIONS_AT_ONCE = 100;

  private final Catalog catalog;
  private final PruneStores stores;
  private final InstantSource clock;
  private final Map<SiteName, Regime> regimes = new ConcurrentHashMap<>();
  private final LongAdder locked = new LongAdder();

  PruneRemoval(Catalog catalog, PruneStores stores, InstantSource clock) {
    this.catalog = catalog;
    this.stores = stores;
    this.clock = clock;
  }

  /// Removes the replica of an item that was recorded as about to be removed.
  ///
  /// @param maybeGone whether an earlier try may have removed it
  /// @throws StorageException when it is not known what became of it
  Settled remove(Item item, boolean maybeGone) throws StorageException {
    Optional<ReplicaLog.Replica> replica = catalog.replicas().find(item.at(), item.version().id());
    if (replica.isEmpty()) {
      return stays(item, "it is not there any more");
    }
    return replica.get().marker()
        ? removeMarker(item, maybeGone, replica.get())
        : removeContent(item, maybeGone, replica.get());
  }

  private Settled removeContent(Item item, boolean maybeGone, ReplicaLog.Replica replica)
      throws StorageException {
    Optional<Place> place = place(item.at(), replica);
    if (place.isEmpty()) {
      return stays(item, "its name at %s is that of the current object".formatted(item.at()));
    }
    ObjectStore store = stores.of(item.at());
    ObjectHead head;
    try {
      head = store.head(replica.location(), place.get().revision());
    } catch (StorageException.NotFound _) {
      return gone(item, maybeGone, replica);
    } catch (StorageException.AccessDenied e) {
      return mayNotLook(item, maybeGone, store, replica, e);
    }
    if (head.size() != item.version().entry().bytes() || !head.etag().equals(replica.etag())) {
      return differs(
          item,
          Finding.Kind.CHANGED,
          "%s holds %d bytes with the entity tag %s, %d with %s were written"
              .formatted(
                  replica.location(),
                  head.size(),
                  head.etag(),
                  item.version().entry().bytes(),
                  replica.etag()));
    }
    try {
      place.get().removeFrom(store, replica);
    } catch (StorageException.AccessDenied | StorageException.Rejected e) {
      return refused(item, store, replica, e);
    }
    return isAbsent(store, replica, place.get())
        ? new Settled(item, ItemState.REMOVED, item.why(), item.detail())
        : new Settled(
            item,
            ItemState.REFUSED,
            item.why(),
            "the site said that it removed it, and it is there still");
  }

  /// Removes a delete marker by its own id, once the site shows that nothing is below it: a listing
  /// is the only thing that tells, and what it hides would become current.
  private Settled removeMarker(Item item, boolean maybeGone, ReplicaLog.Replica replica)
      throws StorageException {
    ObjectStore store = stores.of(item.at());
    VersionId id = replica.remoteVersion().orElseThrow();
    List<ListedVersion> there;
    try {
      there = versions(store, replica.location());
    } catch (StorageException.AccessDenied e) {
      return mayNotLook(item, maybeGone, store, replica, e);
    }
    int place = there.stream().map(ListedVersion::versionId).toList().indexOf(id);
    if (place < 0) {
      return new Settled(item, ItemState.REMOVED, item.why(), item.detail());
    }
    if (!(there.get(place).entry() instanceof Entry.DeleteMarker)) {
      return stays(item, "what has its id at %s is no delete marker".formatted(item.at()));
    }
    if (there.subList(place, there.size()).stream()
        .anyMatch(version -> version.entry() instanceof Entry.Content)) {
      return new Settled(
          item,
          ItemState.STAYS,
          PruneRule.Why.HIDES,
          "%s has content below it".formatted(item.at()));
    }
    try {
      store.deleteVersion(replica.location(), id);
    } catch (StorageException.AccessDenied | StorageException.Rejected e) {
      return refused(item, store, replica, e);
    }
    return isMarkerAbsent(store, replica)
        ? new Settled(item, ItemState.REMOVED, item.why(), item.detail())
        : new Settled(
            item,
            ItemState.REFUSED,
            item.why(),
            "the site said that it removed it, and it is there still");
  }

  /// The key may not even look, so nothing was removed now.
  private Settled mayNotLook(
      Item item,
      boolean maybeGone,
      ObjectStore store,
      ReplicaLog.Replica replica,
      StorageException denied)
      throws StorageException {
    if (maybeGone) {
      throw denied;
    }
    return refused(item, store, replica, denied);
  }

  /// Locked, or not allowed: asking again changes nothing.
  private Settled refused(
      Item item, ObjectStore store, ReplicaLog.Replica replica, StorageException refusal) {
    LOG.warn("prune refused by the site: {}", refusal.getMessage());
    Optional<String> lock = lock(store, replica);
    lock.ifPresent(_ -> locked.increment());
    return new Settled(
        item,
        ItemState.REFUSED,
        item.why(),
        lock.map("it is locked there: %s"::formatted).orElse(String.valueOf(refusal.getMessage())));
  }

  private Optional<String> lock(ObjectStore store, ReplicaLog.Replica replica) {
    if (replica.marker() || replica.remoteVersion().isEmpty()) {
      return Optional.empty();
    }
    try {
      ObjectLock.State state = store.lock(replica.location(), replica.remoteVersion().get());
      return state.legalHold()
          ? Optional.of("it has a legal hold")
          : state.until().filter(clock.instant()::isBefore).map(until -> "until " + until);
    } catch (StorageException _) {
      return Optional.empty();
    }
  }

  /// How many were refused because they are locked.
  long locked() {
    return locked.sum();
  }

  private static boolean isMarkerAbsent(ObjectStore store, ReplicaLog.Replica replica)
      throws StorageException {
    VersionId id = replica.remoteVersion().orElseThrow();
    return versions(store, replica.location()).stream()
        .noneMatch(version -> version.versionId().equals(id));
  }

  /// All versions of exactly one key, newest first.
  private static List<ListedVersion> versions(ObjectStore store, ObjectKey key)
      throws StorageException {
    // Of all keys that begin with this one it is the first.
    List<ListedVersion> first =
        new ListingCursor(
                store,
                Regime.VERSIONED,
                new ListingRequest(
                    key.value(), ListingRequest.Position.BEGINNING, VERSIONS_AT_ONCE))
            .nextKey();
    return first.isEmpty() || !first.getFirst().key().equals(key) ? List.of() : first;
  }

  /// Whether a replica that may have been removed is.
  boolean isGone(Item item) throws StorageException {
    Optional<ReplicaLog.Replica> replica = catalog.replicas().find(item.at(), item.version().id());
    if (replica.isEmpty()) {
      return true;
    }
    if (replica.get().marker()) {
      return isMarkerAbsent(stores.of(item.at()), replica.get());
    }
    Optional<Place> place = place(item.at(), replica.get());
    return place.isPresent() && isAbsent(stores.of(item.at()), replica.get(), place.get());
  }

  /// Finds out about replicas that may have been removed.
  ///
  /// @param ifThere what becomes of those that were not
  void settleUnsure(String plan, ItemState ifThere) {
    for (List<Item> page = unsure(plan, 0);
        !page.isEmpty();
        page = unsure(plan, page.getLast().seq())) {
      for (Item item : page) {
        try {
          Settled settled =
              isGone(item)
                  ? new Settled(item, ItemState.REMOVED, item.why(), item.detail())
                  : new Settled(item, ifThere, item.why(), item.detail());
          catalog.prunes().settle(plan, List.of(settled), clock.instant());
        } catch (StorageException e) {
          LOG.warn(
              "it is not known whether it was pruned plan={} key=\"{}\" error=\"{}\"",
              plan,
              item.version().key(),
              e.getMessage());
        }
      }
    }
  }

  private List<Item> unsure(String plan, long after) {
    return catalog.prunes().items(plan, List.of(ItemState.REMOVING), after, 200);
  }

  private static boolean isAbsent(ObjectStore store, ReplicaLog.Replica replica, Place place)
      throws StorageException {
    try {
      store.head(replica.location(), place.revision());
      return false;
    } catch (StorageException.NotFound _) {
      return true;
    }
  }

  /// Nothing is there. It was this plan that removed it, when it had begun to.
  private Settled gone(Item item, boolean maybeGone, ReplicaLog.Replica replica) {
    return maybeGone
        ? new Settled(item, ItemState.REMOVED, item.why(), item.detail())
        : differs(item, Finding.Kind.MISSING, "nothing is at %s".formatted(replica.location()));
  }

  private Settled differs(Item item, Finding.Kind kind, String detail) {
    LOG.error(
        "finding secondary={} key=\"{}\" kind={} detail=\"{}\"",
        item.at(),
        item.version().key(),
        kind,
        detail);
    catalog.scrub().found(item.at(), item.version().id(), kind, clock.instant(), detail);
    return new Settled(item, ItemState.DIFFERS, item.why(), detail);
  }

  static Settled stays(Item item, String detail) {
    return new Settled(item, ItemState.STAYS, PruneRule.Why.SHOWN, detail);
  }

  /// Which one of the versions of a name it is; empty when the name alone is that of the current
  /// object.
  private Optional<Place> place(SiteName site, ReplicaLog.Replica replica) throws StorageException {
    if (replica.remoteVersion().filter(id -> !id.isNull()).isPresent()) {
      return Optional.of(new Place.Version(replica.remoteVersion().get()));
    }
    if (PruneFacts.isExposed(replica)) {
      return Optional.empty();
    }
    Regime regime = regimes.get(site);
    if (regime == null) {
      regime = stores.of(site).bucketState().regime();
      regimes.put(site, regime);
    }
    return Optional.of(
        switch (regime) {
          case UNVERSIONED -> new Place.Name();
          // The bucket began to keep versions since.
          case VERSIONED, SUSPENDED -> new Place.Version(VersionId.NULL);
        });
  }

  private sealed interface Place {

    record Version(VersionId id) implements Place {}

    record Name() implements Place {}

    default Revision revision() {
      return switch (this) {
        case Version(VersionId id) -> new Revision.Version(id);
        case Name() -> new Revision.Current();
      };
    }

    default void removeFrom(ObjectStore store, ReplicaLog.Replica replica) throws StorageException {
      switch (this) {
        case Version(VersionId id) -> store.deleteVersion(replica.location(), id);
        case Name() -> store.delete(replica.location(), WriteCondition.ALWAYS);
      }
    }
  }
}
