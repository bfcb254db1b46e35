package org.vistadr.protect;

import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.AttributeDrift;
import org.vistadr.model.Entry;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;

/// Looks at single replicas of one secondary. Used by one thread.
final class ReplicaLook {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaLook.class);
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

  private final Catalog catalog;
  private final ObjectStore store;
  private final Regime regime;
  private final boolean primaryTagIsMd5;
  private final java.time.InstantSource clock;

  /// @param regime of the secondary's bucket
  /// @param primaryTagIsMd5 whether the primary's entity tags are MD5 sums
  ReplicaLook(
      Catalog catalog,
      ObjectStore store,
      Regime regime,
      boolean primaryTagIsMd5,
      java.time.InstantSource clock) {
    this.catalog = catalog;
    this.store = store;
    this.regime = regime;
    this.primaryTagIsMd5 = primaryTagIsMd5;
    this.clock = clock;
  }

  /// What is wrong with a replica.
  ///
  /// @param bytes what is there instead
  record Wrong(Finding.Kind kind, String detail, Optional<Finding.Bytes> bytes) {}

  /// What a look told.
  ///
  /// @param wrong empty when the replica is as it should be, as far as was looked
  /// @param compared whether something was said of its bytes that could be compared
  record Seen(Optional<Wrong> wrong, boolean compared) {
    static final Seen NOT_COMPARABLE = new Seen(Optional.empty(), false);
    static final Seen COMPARED = new Seen(Optional.empty(), true);

    static Seen wrong(Finding.Kind kind, String detail, Optional<Finding.Bytes> bytes) {
      return new Seen(Optional.of(new Wrong(kind, detail, bytes)), bytes.isPresent());
    }
  }

  /// Looks, and looks again when something is wrong: only what two looks agree on is recorded as a
  /// finding.
  Seen twice(ScrubDepth depth, RecordedVersion version) throws StorageException {
    Optional<ReplicaLog.Replica> before = replica(version.id());
    if (before.isEmpty()) {
      return Seen.NOT_COMPARABLE;
    }
    Seen seen = once(depth, version, before.get());
    return seen.wrong().isEmpty() ? seen : confirmed(depth, version);
  }

  /// The second look at what seemed to be wrong.
  Seen confirmed(ScrubDepth depth, RecordedVersion version) throws StorageException {
    // Replication may have moved it meanwhile.
    Optional<ReplicaLog.Replica> now = replica(version.id());
    if (now.isEmpty()) {
      return Seen.NOT_COMPARABLE;
    }
    Seen again = once(depth, version, now.get());
    if (again.wrong().isEmpty()) {
      return again;
    }
    // Retention may have removed it meanwhile. In this order: what is removed is recorded as such
    // in the transaction that takes the replica away.
    if (catalog.prunes().mayBeRemoving(store.site(), version.id())
        || replica(version.id()).isEmpty()) {
      return Seen.NOT_COMPARABLE;
    }
    Wrong wrong = again.wrong().get();
    LOG.error(
        "finding secondary={} key=\"{}\" kind={} detail=\"{}\"",
        store.site(),
        version.key(),
        wrong.kind(),
        wrong.detail());
    catalog
        .findings()
        .found(
            store.site(),
            version.id(),
            wrong.kind(),
            clock.instant(),
            wrong.detail(),
            Optional.of(
                new FindingLog.Place(
                    now.get().location(), now.get().remoteVersion(), wrong.bytes())));
    return again;
  }

  Optional<ReplicaLog.Replica> replica(long versionId) {
    return catalog.replicas().find(store.site(), versionId);
  }

  /// One look. Records nothing.
  Seen once(ScrubDepth depth, RecordedVersion version, ReplicaLog.Replica replica)
      throws StorageException {
    if (replica.marker()) {
      return marker(replica);
    }
    Revision revision = revision(replica);
    try {
      ObjectHead head =
          depth == ScrubDepth.CHECKSUM
              ? store.headWithChecksum(replica.location(), revision)
              : store.head(replica.location(), revision);
      if (head.size() != version.entry().bytes() || !head.etag().equals(replica.etag())) {
        return changed(depth, version, replica, revision, head);
      }
      Optional<String> drift =
          AttributeDrift.of(
              catalog.versions().attributes(version.id()).orElse(ObjectAttributes.NONE),
              head.attributes());
      if (drift.isPresent()) {
        return Seen.wrong(
            Finding.Kind.METADATA,
            "%s: %s".formatted(replica.location(), drift.get()),
            Optional.empty());
      }
      return switch (depth) {
        case LISTING -> Seen.NOT_COMPARABLE;
        case CHECKSUM -> checksum(version, replica, head);
        case READ_BACK -> read(version, replica, revision);
      };
    } catch (StorageException.NotFound _) {
      return Seen.wrong(
          Finding.Kind.MISSING, "nothing is at %s".formatted(replica.location()), Optional.empty());
    } catch (StorageException.Archived _) {
      // Nothing is read from an archive: that it is there has to do.
      return Seen.NOT_COMPARABLE;
    } catch (StorageException.CorruptBody e) {
      return Seen.wrong(Finding.Kind.CORRUPT, String.valueOf(e.getMessage()), Optional.empty());
    }
  }

  /// A deletion is there as long as the key shows nothing.
  private Seen marker(ReplicaLog.Replica replica) throws StorageException {
    try {
      ObjectHead head = store.head(replica.location(), Revision.CURRENT);
      return Seen.wrong(
          Finding.Kind.MISSING,
          "%s was deleted, and is there again with %d bytes: the delete marker is gone"
              .formatted(replica.location(), head.size()),
          Optional.empty());
    } catch (StorageException.NotFound _) {
      return Seen.NOT_COMPARABLE;
    }
  }

  private Seen changed(
      ScrubDepth depth,
      RecordedVersion version,
      ReplicaLog.Replica replica,
      Revision revision,
      ObjectHead head)
      throws StorageException {
    // Reading tells whose bytes these are, if they are those of another version.
    Optional<Sha256> sha256 =
        depth == ScrubDepth.READ_BACK && head.size() <= version.entry().bytes()
            ? Optional.of(ObjectTransfer.hash(store, replica.location(), revision))
            : Optional.empty();
    return Seen.wrong(
        Finding.Kind.CHANGED,
        "%s holds %d bytes with the entity tag %s, %d with %s were written"
            .formatted(
                replica.location(),
                head.size(),
                head.etag(),
                version.entry().bytes(),
                replica.etag()),
        Optional.of(new Finding.Bytes(head.etag(), head.size(), sha256)));
  }

  private Seen checksum(RecordedVersion version, ReplicaLog.Replica replica, ObjectHead head) {
    if (head.sha256().isPresent() && version.sha256().isPresent()) {
      return head.sha256().equals(version.sha256())
          ? Seen.COMPARED
          : otherBytes(version, replica, head.sha256().get());
    }
    String primaryTag = version.entry() instanceof Entry.Content(String etag, _, _) ? etag : "";
    return sameMd5(primaryTag, head.etag()) ? Seen.COMPARED : Seen.NOT_COMPARABLE;
  }

  /// Whether what both sites say of the bytes is an MD5, and the same. Tags that differ prove
  /// nothing: those of encrypted objects, and of objects in parts, are no MD5.
  boolean sameMd5(String primaryTag, String tag) {
    return primaryTagIsMd5
        && store.profile().etagIsMd5()
        && MD5.matcher(tag).matches()
        && tag.equals(primaryTag);
  }

  private Seen read(RecordedVersion version, ReplicaLog.Replica replica, Revision revision)
      throws StorageException {
    if (version.sha256().isEmpty()) {
      return Seen.NOT_COMPARABLE;
    }
    Sha256 found;
    try {
      found = ObjectTransfer.hash(store, replica.location(), revision);
    } catch (StorageException.Throttled e) {
      // MinIO says that it is busy when no disk has the bytes as they were written.
      if (!String.valueOf(e.getMessage()).contains("SlowDownRead")) {
        throw e;
      }
      return unreadable(replica, revision, e);
    } catch (StorageException.Unavailable e) {
      return unreadable(replica, revision, e);
    }
    return found.equals(version.sha256().get())
        ? Seen.COMPARED
        : otherBytes(version, replica, found);
  }

  private static Seen otherBytes(
      RecordedVersion version, ReplicaLog.Replica replica, Sha256 found) {
    return Seen.wrong(
        Finding.Kind.CORRUPT,
        "%s has the SHA-256 %s, %s was written"
            .formatted(
                replica.location(),
                found.hex().substring(0, 16),
                version.sha256().orElseThrow().hex().substring(0, 16)),
        Optional.of(
            new Finding.Bytes(replica.etag(), version.entry().bytes(), Optional.of(found))));
  }

  /// A server that knows that its bytes are damaged does not give them. One that is down does not
  /// answer the look either.
  private Seen unreadable(ReplicaLog.Replica replica, Revision revision, Exception reason)
      throws StorageException {
    store.head(replica.location(), revision);
    return Seen.wrong(
        Finding.Kind.CORRUPT,
        "the bytes of %s cannot be read: %s".formatted(replica.location(), reason.getMessage()),
        Optional.empty());
  }

  private Revision revision(ReplicaLog.Replica replica) {
    return revision(store.profile(), regime, replica.location(), replica.remoteVersion());
  }

  /// What to ask for. A copy that was written before its bucket kept versions is the version `null`
  /// there, whatever was put over it since.
  static Revision revision(
      ProviderProfile profile,
      Regime regime,
      ObjectKey location,
      Optional<VersionId> remoteVersion) {
    boolean hasVersions =
        regime != Regime.UNVERSIONED
            && profile.regimeOf(location, Regime.VERSIONED) == Regime.VERSIONED;
    return remoteVersion
        .or(() -> hasVersions ? Optional.of(VersionId.NULL) : Optional.empty())
        .<Revision>map(Revision.Version::new)
        .orElse(Revision.CURRENT);
  }
}
