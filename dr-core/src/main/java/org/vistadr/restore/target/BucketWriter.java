package org.vistadr.restore.target;

import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.Sha256;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.source.ThawRule;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.transfer.ObjectTransfer;

/// Writes into a bucket: by a copy on the server side where source and target share an endpoint,
/// else streamed. What a bucket without versions would lose is copied aside first.
final class BucketWriter implements TargetWriter {

  private final Catalog catalog;
  private final BucketTarget target;
  private final ObjectStore store;
  private final ServerCopy copies;
  private final Preserve preserve;
  private final ObjectTransfer transfer;
  private final BucketRemovals removals;
  private final Bandwidth bandwidth;
  private final String restoreId;

  /// @param bandwidth holds the bytes that pass through here
  /// @param restoreId names the place of copies that are put aside
  BucketWriter(
      Catalog catalog,
      BucketTarget target,
      Sources sources,
      ObjectTransfer transfer,
      Bandwidth bandwidth,
      String restoreId) {
    this.catalog = catalog;
    this.target = target;
    this.store = target.store();
    this.copies = new ServerCopy(store);
    this.preserve = new Preserve(target, sources, copies);
    this.transfer = transfer;
    this.removals = new BucketRemovals(target, preserve);
    this.bandwidth = bandwidth;
    this.restoreId = restoreId;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public RestoreItem write(RestoreItem item, RecordedVersion version, Source source)
      throws StorageException {
    var prepared = item;
    if (target.regimeOf(item.key()) != Regime.VERSIONED) {
      var looked = target.look(item.key());
      if (!looked.asSeen(item.saw())) {
        throw new StorageException.PreconditionFailed(
            store.site(), "HeadObject", "%s is not as the plan saw it".formatted(item.key()));
      }
      prepared = item.withAside(preserve.beforeWrite(looked, restoreId));
    }
    var lost = notHeld(version);
    var unproved =
        !source.atPrimary() && version.sha256().isEmpty()
            ? "; no hash of it was ever recorded, so its bytes are those that the source gave"
            : "";
    return prepared.done(send(item, version, source), detail(version, source) + lost + unproved);
  }

  private Written send(RestoreItem item, RecordedVersion version, Source source)
      throws StorageException {
    long size = version.entry().bytes();
    var condition = condition(item.saw());
    var key = target.keyOf(item.key());
    if (target.copiesOnServer(source)) {
      var attributes = classed(version, source);
      var receipt = copies.copy(source, size, key, attributes, condition, version.sha256());
      return written(receipt, version.sha256(), source, copies.isAtomic(size));
    }
    var recorded = catalog.versions().attributes(version.id());
    var sent =
        transfer.move(
            bandwidth.held(source.pinned()),
            size,
            store,
            key,
            found -> holdable(recorded.orElse(found)),
            condition,
            version.sha256());
    return written(
        sent.receipt(), Optional.of(sent.sha256()), source, store.profile().conditionalPut());
  }

  private static Written written(
      WriteReceipt receipt, Optional<Sha256> sha256, Source source, boolean atomic) {
    return new Written(
        receipt.versionId(), receipt.etag(), sha256, Optional.of(source.site()), atomic);
  }

  /// What a copy on the server side gets. A copy keeps its source's attributes but not its class,
  /// and a replica has not always all attributes of its version.
  private Optional<ObjectAttributes> classed(RecordedVersion version, Source source)
      throws StorageException {
    boolean standard =
        version.entry() instanceof Entry.Content(_, _, var name) && name.equals("STANDARD");
    if (source.atPrimary() && standard) {
      return Optional.empty();
    }
    var found = catalog.versions().attributes(version.id());
    if (found.isEmpty()) {
      var head = source.store().head(source.key(), source.revision());
      found = Optional.of(head.attributes().withTags(source.pinned().tags(head)));
    }
    return found.map(this::holdable);
  }

  private ObjectAttributes holdable(ObjectAttributes attributes) {
    var readable = ThawRule.readable(attributes, store.profile());
    return store.profile().tagging() ? readable : readable.withTags(Map.of());
  }

  /// What the target cannot hold of a version, for the item's detail.
  private String notHeld(RecordedVersion version) {
    return version.entry() instanceof Entry.Content(_, _, var name) && !target.keepsClass(name)
        ? "; %s has no class %s: the default one".formatted(store.site(), name)
        : "";
  }

  private static WriteCondition condition(CurrentState saw) {
    return switch (saw) {
      case CurrentState.Absent _ -> WriteCondition.ABSENT;
      case CurrentState.Present(_, var etag, _) -> new WriteCondition.Matching(etag);
    };
  }

  private static String detail(RecordedVersion version, Source source) {
    if (source.atPrimary() && source.key().isReserved()) {
      return "copied back from where it was put aside";
    }
    if (version.id() == Offer.UNRECORDED) {
      return "copied from the version that was there before";
    }
    return source.atPrimary() ? "copied from the primary's own version" : "from " + source.site();
  }

  @Override
  public Optional<Offer> kept(RestoreItem item, String undone) throws StorageException {
    return Offer.kept(store, target.keyOf(item.key()), item, undone);
  }

  @Override
  public RestoreItem found(RestoreItem item, RecordedVersion version, CurrentState current)
      throws StorageException {
    if (!(current instanceof CurrentState.Present(var id, var etag, _))) {
      throw new IllegalArgumentException("nothing was found for " + item.key());
    }
    var aside =
        target.regimeOf(item.key()) == Regime.VERSIONED
            ? item.aside()
            : preserve.placed(restoreId, item.key());
    return item.withAside(aside)
        .done(
            new Written(Optional.of(id), etag, version.sha256(), Optional.empty(), false),
            "has the wanted content already");
  }

  @Override
  public RestoreItem delete(RestoreItem item) throws StorageException {
    return removals.delete(item);
  }

  @Override
  public RestoreItem removeMarkers(RestoreItem item) throws StorageException {
    return removals.removeMarkers(item);
  }
}
