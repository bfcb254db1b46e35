package org.vistadr.protect;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.PruneLog.Settled;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.Finding;
import org.vistadr.model.PrunePlan.Item;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;

/// Removes one replica, exactly and proved: looks that what is there is what the catalog says,
/// removes it by key and version, and looks that it is gone. Thread-safe.
final class PruneRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(PruneRemoval.class);

  private final Catalog catalog;
  private final PruneStores stores;
  private final InstantSource clock;
  private final Map<SiteName, Regime> regimes = new ConcurrentHashMap<>();

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
    Optional<Place> place = place(item.at(), replica.get());
    if (place.isEmpty()) {
      return stays(item, "its name at %s is that of the current object".formatted(item.at()));
    }
    ObjectStore store = stores.of(item.at());
    ObjectHead head;
    try {
      head = store.head(replica.get().location(), place.get().revision());
    } catch (StorageException.NotFound _) {
      return gone(item, maybeGone, replica.get());
    }
    if (head.size() != item.version().entry().bytes()
        || !head.etag().equals(replica.get().etag())) {
      return differs(
          item,
          Finding.Kind.CHANGED,
          "%s holds %d bytes with the entity tag %s, %d with %s were written"
              .formatted(
                  replica.get().location(),
                  head.size(),
                  head.etag(),
                  item.version().entry().bytes(),
                  replica.get().etag()));
    }
    try {
      place.get().removeFrom(store, replica.get());
    } catch (StorageException.AccessDenied | StorageException.Rejected e) {
      // Locked, or not allowed: asking again changes nothing.
      LOG.warn("prune refused by the site: {}", e.getMessage());
      return new Settled(item, ItemState.REFUSED, item.why(), String.valueOf(e.getMessage()));
    }
    return isAbsent(store, replica.get(), place.get())
        ? new Settled(item, ItemState.REMOVED, item.why(), item.detail())
        : new Settled(
            item,
            ItemState.REFUSED,
            item.why(),
            "the site said that it removed it, and it is there still");
  }

  /// Whether a replica that may have been removed is.
  boolean isGone(Item item) throws StorageException {
    Optional<ReplicaLog.Replica> replica = catalog.replicas().find(item.at(), item.version().id());
    if (replica.isEmpty()) {
      return true;
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
