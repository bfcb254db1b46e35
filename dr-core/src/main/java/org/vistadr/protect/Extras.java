package org.vistadr.protect;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.FindingLog.Place;
import org.vistadr.catalog.TempSpool;
import org.vistadr.model.Entry;
import org.vistadr.model.Finding;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// What a secondary has beside the copies: entries of its listing that no replica knows. Nothing
/// here removes anything. Used by one thread.
final class Extras {

  /// More than so many are counted and not named: a bucket that others use too would fill the
  /// catalog.
  static final long NAMED_AT_MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Extras.class);
  private static final int PAGE = 200;

  private final Catalog catalog;
  private final ObjectStore store;
  private final Regime regime;

  Extras(Catalog catalog, ObjectStore store, Regime regime) {
    this.catalog = catalog;
    this.store = store;
    this.regime = regime;
  }

  /// Ends a run that was told to stop.
  interface Check {
    void run() throws StorageException;
  }

  /// Looks again at what no replica knew, and at what was found earlier and was not listed now.
  ///
  /// @param listing its beginning
  /// @return entries that no replica knows
  long confirm(TempSpool<ListedVersion> candidates, Instant listing, Check running)
      throws StorageException {
    long unknown = 0;
    long named = catalog.findings().open(store.site(), FindingLog.Concern.EXTRA);
    for (Optional<ListedVersion> next = candidates.poll();
        next.isPresent();
        next = candidates.poll()) {
      running.run();
      Place place = place(next.get());
      if (catalog.findings().stillThere(store.site(), place, listing)) {
        unknown++;
      } else if (!isOurs(place)) {
        if (named >= NAMED_AT_MOST) {
          unknown++;
        } else if (isThere(place, next.get())) {
          record(place, next.get(), listing);
          unknown++;
          named++;
        }
      }
    }
    endGone(listing, running);
    return unknown;
  }

  private void record(Place place, ListedVersion entry, Instant listing) {
    String detail = detail(entry);
    LOG.warn("extra secondary={} detail=\"{}\"", store.site(), detail);
    catalog.findings().foundExtra(store.site(), place, listing, detail);
  }

  private String detail(ListedVersion entry) {
    boolean hides = entry.latest() && regime != Regime.UNVERSIONED && hasCopies(entry.key());
    String what =
        switch (entry.entry()) {
          case Entry.DeleteMarker() ->
              "%s has a delete marker of %s that is not ours"
                  .formatted(entry.key(), entry.lastModified());
          case Entry.Content(_, long size, _) ->
              "%s is no copy of ours: %d bytes of %s"
                  .formatted(entry.key(), size, entry.lastModified());
        };
    return hides ? what + "; it hides the copy" : what;
  }

  private boolean hasCopies(ObjectKey key) {
    return !catalog.replicas().ofKey(store.site(), key).isEmpty();
  }

  private Place place(ListedVersion entry) {
    return new Place(
        entry.key(),
        regime == Regime.UNVERSIONED ? Optional.empty() : Optional.of(entry.versionId()),
        entry.entry() instanceof Entry.Content(String etag, long size, _)
            ? Optional.of(new Finding.Bytes(etag, size, Optional.empty()))
            : Optional.empty());
  }

  /// Whether the catalog knows it by now, or may know it soon. The queue is read first: what leaves
  /// it is a replica in the same transaction.
  private boolean isOurs(Place place) {
    boolean onItsWay =
        catalog.queue().ofKey(store.site(), place.location()).stream()
            .anyMatch(
                row -> row.state() == ReplicaState.PENDING || row.state() == ReplicaState.GIVEN_UP);
    return onItsWay
        || catalog.replicas().ofKey(store.site(), place.location()).stream()
            .filter(replica -> replica.location().equals(place.location()))
            .anyMatch(replica ->
                regime == Regime.UNVERSIONED
                    ? !replica.marker()
                    : place
                        .remoteVersion()
                        .equals(replica.remoteVersion().or(() -> nullOf(replica.marker()))));
  }

  private static Optional<VersionId> nullOf(boolean marker) {
    return marker ? Optional.empty() : Optional.of(VersionId.NULL);
  }

  private boolean isThere(Place place, ListedVersion entry) throws StorageException {
    return switch (entry.entry()) {
      case Entry.DeleteMarker() -> isListed(place);
      case Entry.Content _ -> hasTag(place);
    };
  }

  private boolean hasTag(Place place) throws StorageException {
    try {
      Revision revision =
          ReplicaLook.revision(store.profile(), regime, place.location(), place.remoteVersion());
      ObjectHead head = store.head(place.location(), revision);
      return place.bytes().filter(bytes -> bytes.etag().equals(head.etag())).isPresent();
    } catch (StorageException.NotFound _) {
      return false;
    }
  }

  /// Nobody answers a look at a delete marker, so it is listed again.
  private boolean isListed(Place place) throws StorageException {
    ListingCursor listing =
        new ListingCursor(
            store,
            regime,
            new ListingRequest(
                place.location().value(),
                ListingRequest.Position.BEGINNING,
                ListingRequest.MAX_LIMIT));
    // The key itself is the first of all keys that start with it.
    boolean first =
        listing.peek().filter(entry -> entry.key().equals(place.location())).isPresent();
    return first
        && listing.nextKey().stream()
            .anyMatch(entry -> place.remoteVersion().equals(Optional.of(entry.versionId())));
  }

  /// What was found earlier and is gone, or is known by now, needs nobody any more.
  private void endGone(Instant listing, Check running) throws StorageException {
    long after = 0;
    for (List<FindingLog.Row> page = notSeen(listing, after);
        !page.isEmpty();
        page = notSeen(listing, after)) {
      for (FindingLog.Row row : page) {
        running.run();
        Finding finding = row.finding();
        after = finding.id();
        Place place = new Place(finding.key(), finding.remoteVersion(), row.bytes());
        boolean isThere = row.bytes().isPresent() ? hasTag(place) : isListed(place);
        if (!isThere || isOurs(place)) {
          catalog.findings().move(finding.id(), Finding.State.GONE, Optional.of(listing));
        }
      }
    }
  }

  private List<FindingLog.Row> notSeen(Instant listing, long after) {
    return catalog.findings().notSeen(store.site(), listing, after, PAGE);
  }

  /// Entries of a listing in a temporary file.
  static TempSpool<ListedVersion> spool() {
    return new TempSpool<>(new InFile());
  }

  private static final class InFile implements TempSpool.Codec<ListedVersion> {
    @Override
    public void write(DataOutputStream to, ListedVersion entry) throws IOException {
      TempSpool.write(to, entry.key());
      to.writeUTF(entry.versionId().value());
      to.writeUTF(entry.lastModified().toString());
      to.writeBoolean(entry.latest());
      switch (entry.entry()) {
        case Entry.DeleteMarker() -> to.writeBoolean(true);
        case Entry.Content(String etag, long size, String storageClass) -> {
          to.writeBoolean(false);
          to.writeUTF(etag);
          to.writeLong(size);
          to.writeUTF(storageClass);
        }
      }
    }

    @Override
    public ListedVersion read(DataInputStream from) throws IOException {
      return new ListedVersion(
          TempSpool.readKey(from),
          new VersionId(from.readUTF()),
          Instant.parse(from.readUTF()),
          from.readBoolean(),
          from.readBoolean()
              ? new Entry.DeleteMarker()
              : new Entry.Content(from.readUTF(), from.readLong(), from.readUTF()));
    }
  }
}
