package org.vistadr.sync;

import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.VersionId;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.StoreSource;
import org.vistadr.storage.transfer.Transferred;

/// Moves what is current at a secondary aside before something else takes its place. Only needed
/// where the bucket does not keep versions by itself. Nothing is removed here: bytes are first
/// proved to be at the new place.
final class Replicas {

  private final ReplicaLog log;
  private final VersionLog versions;
  private final Secondary secondary;
  private final ObjectTransfer transfer;

  Replicas(ReplicaLog log, VersionLog versions, Secondary secondary, ObjectTransfer transfer) {
    this.log = log;
    this.versions = versions;
    this.secondary = secondary;
    this.transfer = transfer;
  }

  /// Makes room at a key.
  ///
  /// @param known the replica that the catalog has there; empty when it has none
  /// @return the condition under which the key may be written or deleted now
  WriteCondition vacate(ObjectKey key, Optional<ReplicaLog.Replica> known) throws StorageException {
    Optional<ObjectHead> there = headOf(key);
    if (known.isPresent()
        && there.map(head -> !head.etag().equals(known.get().etag())).orElse(true)) {
      // Somebody wrote or deleted here behind our back: the replica is gone and is copied again.
      log.refute(
          secondary.name(),
          known.get().versionId(),
          "the secondary's object %s is not the replica that was written".formatted(key));
    }
    if (there.isEmpty()) {
      return new WriteCondition.Absent();
    }
    ObjectHead head = there.get();
    Optional<ReplicaLog.Replica> intact =
        known.filter(replica -> replica.etag().equals(head.etag()));
    if (intact.isPresent()) {
      RecordedVersion version = versions.find(intact.get().versionId()).orElseThrow();
      ObjectKey place = HistoryKeys.of(version);
      WriteReceipt receipt = moveAside(key, head, place, version.sha256());
      log.relocate(secondary.name(), version.id(), place, receipt.versionId(), receipt.etag());
    } else {
      moveAside(
          key,
          head,
          HistoryKeys.ofUnknown(key, head.lastModified(), head.etag()),
          Optional.empty());
    }
    return new WriteCondition.Matching(head.etag());
  }

  private Optional<ObjectHead> headOf(ObjectKey key) throws StorageException {
    try {
      return Optional.of(secondary.store().head(key, new Revision.Current()));
    } catch (StorageException.NotFound _) {
      return Optional.empty();
    }
  }

  private WriteReceipt moveAside(
      ObjectKey key, ObjectHead head, ObjectKey place, Optional<org.vistadr.model.Sha256> sha256)
      throws StorageException {
    ObjectStore store = secondary.store();
    Revision revision = new Revision.Matching(head.etag());
    if (store.profile().serverSideCopy()
        && head.size() <= Math.min(store.profile().singlePutLimit(), 5L << 30)) {
      WriteReceipt receipt =
          store.copy(
              new CopySource(store.bucket(), key, revision),
              place,
              Optional.empty(),
              new WriteCondition.Always());
      if (!receipt.etag().equals(head.etag())) {
        requireSameBytes(key, revision, place, sha256);
      }
      return receipt;
    }
    Transferred moved =
        transfer.move(
            new StoreSource(store, key, revision, Optional.of(head.etag())),
            head.size(),
            store,
            place,
            attributes -> attributes,
            new WriteCondition.Always(),
            sha256);
    return moved.receipt();
  }

  private void requireSameBytes(
      ObjectKey key, Revision revision, ObjectKey place, Optional<org.vistadr.model.Sha256> sha256)
      throws StorageException {
    ObjectStore store = secondary.store();
    var wanted = sha256.isPresent() ? sha256.get() : ObjectTransfer.hash(store, key, revision);
    var found = ObjectTransfer.hash(store, place, new Revision.Current());
    if (!wanted.equals(found)) {
      throw new StorageException.CorruptBody(
          store.site(),
          "CopyObject",
          "%s moved to %s has sha-256 %s, expected %s"
              .formatted(key, place, found.hex(), wanted.hex()));
    }
  }

  /// Whether a bucket in this regime keeps what a write or delete replaces.
  static boolean keepsVersions(Regime regime) {
    return switch (regime) {
      case VERSIONED -> true;
      case SUSPENDED, UNVERSIONED -> false;
    };
  }

  /// The replica whose bytes a write to the key would replace in a bucket that does not keep
  /// versions.
  static Optional<ReplicaLog.Replica> exposed(java.util.List<ReplicaLog.Replica> replicas) {
    return replicas.stream()
        .filter(replica -> !replica.marker() && !replica.aside())
        .filter(replica -> replica.remoteVersion().map(VersionId::isNull).orElse(true))
        .findFirst();
  }

  /// The highest rank that is durable, whether content or marker.
  static OptionalLong newestRank(java.util.List<ReplicaLog.Replica> replicas) {
    return replicas.stream().mapToLong(ReplicaLog.Replica::rank).max();
  }
}
