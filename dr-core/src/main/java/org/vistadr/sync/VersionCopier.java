package org.vistadr.sync;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.transfer.BufferPool;
import org.vistadr.storage.transfer.BufferedObject;
import org.vistadr.storage.transfer.ObjectSource;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.StoreSource;
import org.vistadr.storage.transfer.Transferred;

/// Brings one version to one secondary. Safe for use by many threads, each with another key.
final class VersionCopier {

  /// A version that is durable now.
  ///
  /// @param outcome for the queue
  /// @param annotation what reading the bytes taught; empty for delete markers
  /// @param operation what was done
  /// @param result whether it was done now or had been done before
  /// @param bytes object bytes written
  record Copied(
      ReplicationQueue.Outcome.Durable outcome,
      Optional<VersionLog.Annotation> annotation,
      SyncListener.Operation operation,
      SyncListener.Result result,
      long bytes) {}

  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

  /// CopyObject's limit.
  private static final long LARGEST_SERVER_COPY = 5L << 30;

  private final ObjectStore primary;
  private final Regime primaryRegime;
  private final Secondary secondary;
  private final Predicate<ObjectKey> keepsVersions;
  private final Replicas replicas;
  private final OtherCopies others;
  private final ObjectTransfer transfer;
  private final SharedReads sharedReads;
  private final SharedStreams sharedStreams;
  private final InstantSource clock;

  VersionCopier(
      ObjectStore primary,
      Regime primaryRegime,
      Secondary secondary,
      Predicate<ObjectKey> keepsVersions,
      Replicas replicas,
      OtherCopies others,
      ObjectTransfer transfer,
      SharedReads sharedReads,
      SharedStreams sharedStreams,
      InstantSource clock) {
    this.primary = primary;
    this.primaryRegime = primaryRegime;
    this.secondary = secondary;
    this.keepsVersions = keepsVersions;
    this.replicas = replicas;
    this.others = others;
    this.transfer = transfer;
    this.sharedReads = sharedReads;
    this.sharedStreams = sharedStreams;
    this.clock = clock;
  }

  /// Copies a version to its place: from the primary, or from another secondary once the primary
  /// does not have it any more.
  ///
  /// @param durable the key's replicas at the secondary
  /// @param uncertain whether an earlier try may have reached the secondary without being recorded
  Copied copy(
      ReplicationQueue.Pending row,
      Placement placement,
      List<ReplicaLog.Replica> durable,
      boolean uncertain)
      throws StorageException {
    RecordedVersion version = row.version();
    return switch (version.entry()) {
      case Entry.DeleteMarker() ->
          switch (placement) {
            case Placement.Current() -> delete(version, durable, uncertain);
            case Placement.Aside _, Placement.Noted() ->
                marker(version, Optional.empty(), SyncListener.Result.SKIPPED);
          };
      case Entry.Content content -> content(row, content, placement, durable, uncertain);
    };
  }

  private Copied content(
      ReplicationQueue.Pending row,
      Entry.Content content,
      Placement placement,
      List<ReplicaLog.Replica> durable,
      boolean uncertain)
      throws StorageException {
    return others.firstGood(
        row.version(),
        pinned(row.version(), content),
        from -> content(row, content, from, placement, durable, uncertain));
  }

  private Copied content(
      ReplicationQueue.Pending row,
      Entry.Content content,
      StoreSource from,
      Placement placement,
      List<ReplicaLog.Replica> durable,
      boolean uncertain)
      throws StorageException {
    return switch (placement) {
      case Placement.Current() -> putCurrent(row, content, from, durable, uncertain);
      case Placement.Aside(ObjectKey location) ->
          put(row, content, from, location, new WriteCondition.Always());
      case Placement.Noted() ->
          throw new IllegalStateException("content is never only noted: " + row.version().key());
    };
  }

  private Copied putCurrent(
      ReplicationQueue.Pending row,
      Entry.Content content,
      StoreSource from,
      List<ReplicaLog.Replica> durable,
      boolean uncertain)
      throws StorageException {
    ObjectKey key = row.version().key();
    // What is repaired looks like what was written, and is not.
    if (uncertain && !others.isBeingRepaired(row.version())) {
      Optional<EarlierTries.Found> found = earlier(key).content(from, key, content.size(), durable);
      if (found.isPresent()) {
        requireHash(row.version(), found.get());
        return adopted(row.version(), found.get());
      }
    }
    if (keepsVersions.test(key)) {
      return put(row, content, from, key, new WriteCondition.Always());
    }
    Optional<ReplicaLog.Replica> exposed = Replicas.exposed(durable);
    if (exposed.isPresent()) {
      return put(row, content, from, key, replicas.vacate(key, exposed));
    }
    try {
      return put(row, content, from, key, new WriteCondition.Absent());
    } catch (StorageException.PreconditionFailed e) {
      if (!e.site().equals(secondary.name())) {
        throw e;
      }
      return put(row, content, from, key, vacated(row.version()));
    }
  }

  /// Makes room where something is that the catalog does not know. What a server itself cannot read
  /// any more cannot be moved: a copy that was found corrupt, and is to be repaired, is written
  /// over then.
  private WriteCondition vacated(RecordedVersion version) throws StorageException {
    try {
      return replicas.vacate(version.key(), Optional.empty());
    } catch (StorageException.Unavailable
        | StorageException.Throttled
        | StorageException.CorruptBody e) {
      if (!others.isDamaged(version)) {
        throw e;
      }
      return new WriteCondition.Matching(
          secondary.store().head(version.key(), Revision.CURRENT).etag());
    }
  }

  /// Looks for a version of a key of which nothing is recorded at the secondary. Copies nothing.
  Optional<Copied> find(RecordedVersion version) throws StorageException {
    if (!(version.entry() instanceof Entry.Content content)) {
      return Optional.empty();
    }
    ObjectKey key = version.key();
    return earlier(key)
        .content(pinned(version, content), key, content.size(), List.of())
        .map(found -> adopted(version, found));
  }

  private void requireHash(RecordedVersion version, EarlierTries.Found found)
      throws StorageException {
    Sha256 read = found.annotation().sha256();
    if (version.sha256().isPresent() && !version.sha256().get().equals(read)) {
      throw new StorageException.CorruptBody(
          secondary.name(),
          "GetObject",
          "%s: sha-256 %s expected, %s found"
              .formatted(version.key(), version.sha256().get().hex(), read.hex()));
    }
  }

  private EarlierTries earlier(ObjectKey key) {
    return new EarlierTries(secondary.store(), keepsVersions.test(key));
  }

  private Copied adopted(RecordedVersion version, EarlierTries.Found found) {
    return new Copied(
        new ReplicationQueue.Outcome.Durable(
            version.id(),
            Optional.empty(),
            found.remoteVersion(),
            found.etag(),
            clock.instant(),
            secondary.classOf(found.annotation().attributes())),
        annotation(version, found),
        SyncListener.Operation.PUT,
        SyncListener.Result.SKIPPED,
        0);
  }

  /// What another secondary says of a version is no news.
  private static Optional<VersionLog.Annotation> annotation(
      RecordedVersion version, EarlierTries.Found found) {
    return version.sha256().isPresent() ? Optional.empty() : Optional.of(found.annotation());
  }

  private Copied put(
      ReplicationQueue.Pending row,
      Entry.Content content,
      StoreSource from,
      ObjectKey location,
      WriteCondition condition)
      throws StorageException {
    RecordedVersion version = row.version();
    if (!from.site().equals(SiteName.PRIMARY)) {
      return putFromElsewhere(version, content, from, location, condition);
    }
    if (canCopyOnServer(content)) {
      Optional<Copied> copied = copyOnServer(version, content, location, condition);
      if (copied.isPresent()) {
        return copied.get();
      }
    }
    Transferred moved =
        transfer.move(
            source(row, content),
            content.size(),
            secondary.store(),
            location,
            secondary::adjust,
            condition,
            version.sha256());
    requireVersionId(location, moved.receipt());
    return durable(
        version,
        location,
        moved.receipt(),
        new VersionLog.Annotation(moved.sha256(), moved.attributes(), Optional.of(moved.look())),
        SyncListener.Operation.PUT,
        moved.bytes());
  }

  /// What the other secondary holds is only taken with the version's hash.
  private Copied putFromElsewhere(
      RecordedVersion version,
      Entry.Content content,
      StoreSource from,
      ObjectKey location,
      WriteCondition condition)
      throws StorageException {
    Transferred moved =
        transfer.move(
            from,
            content.size(),
            secondary.store(),
            location,
            found -> secondary.adjust(others.attributes(version, found)),
            condition,
            version.sha256());
    requireVersionId(location, moved.receipt());
    return durable(
        version,
        location,
        moved.receipt(),
        new VersionLog.Annotation(moved.sha256(), others.attributes(version, moved.attributes())),
        SyncListener.Operation.PUT,
        moved.bytes());
  }

  /// Both buckets at one endpoint: the bytes need not pass through here twice. Small objects are
  /// cheaper to send.
  private boolean canCopyOnServer(Entry.Content content) {
    return primary.sharesEndpointWith(secondary.store())
        && primary.profile().serverSideCopy()
        && primary.profile().etagIsMd5()
        && content.size() > transfer.limits().bufferLimit()
        && content.size() <= LARGEST_SERVER_COPY
        && MD5.matcher(content.etag()).matches();
  }

  /// The provider's MD5 of source and copy must be equal; the copy is read once to learn the
  /// SHA-256.
  private Optional<Copied> copyOnServer(
      RecordedVersion version, Entry.Content content, ObjectKey location, WriteCondition condition)
      throws StorageException {
    StoreSource source = pinned(version, content);
    ObjectHead head = primary.head(version.key(), source.revision());
    ObjectAttributes attributes = head.attributes().withTags(source.tags(head));
    WriteReceipt receipt =
        secondary
            .store()
            .copy(
                new CopySource(primary.bucket(), version.key(), source.revision()),
                location,
                secondary.classOf(attributes).map(_ -> secondary.adjust(attributes)),
                condition);
    requireVersionId(location, receipt);
    if (!receipt.etag().equals(content.etag())) {
      return Optional.empty();
    }
    Sha256 sha256 = ObjectTransfer.hash(secondary.store(), location, receipt.written());
    return Optional.of(
        durable(
            version,
            location,
            receipt,
            new VersionLog.Annotation(sha256, attributes),
            SyncListener.Operation.COPY,
            content.size()));
  }

  private Copied durable(
      RecordedVersion version,
      ObjectKey location,
      WriteReceipt receipt,
      VersionLog.Annotation annotation,
      SyncListener.Operation operation,
      long bytes) {
    boolean aside = !location.equals(version.key());
    return new Copied(
        new ReplicationQueue.Outcome.Durable(
            version.id(),
            aside ? Optional.of(location) : Optional.empty(),
            receipt.versionId(),
            receipt.etag(),
            clock.instant(),
            secondary.classOf(annotation.attributes())),
        Optional.of(annotation),
        operation,
        SyncListener.Result.OK,
        bytes);
  }

  private Copied delete(
      RecordedVersion version, List<ReplicaLog.Replica> durable, boolean uncertain)
      throws StorageException {
    ObjectKey key = version.key();
    ObjectStore store = secondary.store();
    if (!keepsVersions.test(key)) {
      WriteCondition condition = replicas.vacate(key, Replicas.exposed(durable));
      if (condition instanceof WriteCondition.Absent) {
        return marker(version, Optional.empty(), SyncListener.Result.SKIPPED);
      }
      store.delete(key, condition);
      return marker(version, Optional.empty(), SyncListener.Result.OK);
    }
    if (uncertain) {
      Optional<ListedVersion> unrecorded = earlier(key).marker(key, durable);
      if (unrecorded.isPresent()) {
        return marker(
            version, Optional.of(unrecorded.get().versionId()), SyncListener.Result.SKIPPED);
      }
    }
    Optional<VersionId> made = store.delete(key, new WriteCondition.Always());
    if (made.isEmpty()) {
      return unnamedMarker(version);
    }
    return marker(version, made, SyncListener.Result.OK);
  }

  /// The bucket named no delete marker. MinIO makes none where there is nothing to hide; anywhere
  /// else it means that the bucket keeps no versions any more.
  private Copied unnamedMarker(RecordedVersion version) throws StorageException {
    ObjectStore store = secondary.store();
    if (ListingStream.ofKey(store, Regime.VERSIONED, version.key()).isEmpty()) {
      return marker(version, Optional.empty(), SyncListener.Result.OK);
    }
    throw new StorageException.Unproved(
        store.site(),
        "DeleteObject",
        "%s: a versioned bucket must name the delete marker it made".formatted(version.key()));
  }

  private Copied marker(
      RecordedVersion version, Optional<VersionId> remote, SyncListener.Result result) {
    return new Copied(
        new ReplicationQueue.Outcome.Durable(
            version.id(), Optional.empty(), remote, "", clock.instant()),
        Optional.empty(),
        SyncListener.Operation.DELETE_MARKER,
        result,
        0);
  }

  private void requireVersionId(ObjectKey key, WriteReceipt receipt) throws StorageException {
    if (keepsVersions.test(key) && receipt.versionId().map(VersionId::isNull).orElse(true)) {
      throw new StorageException.Unproved(
          secondary.name(),
          "PutObject",
          "%s: the bucket no longer gives version ids; was its versioning switched off?"
              .formatted(key));
    }
  }

  /// The version at the primary, pinned and read once for all secondaries that want it now.
  private ObjectSource source(ReplicationQueue.Pending row, Entry.Content content) {
    StoreSource pinned = pinned(row.version(), content);
    return new ObjectSource() {
      @Override
      public SiteName site() {
        return pinned.site();
      }

      @Override
      public ObjectBody open(ByteRange range) throws StorageException {
        return sharedStreams.open(
            row.version().id(), row.wantedBy(), range, () -> pinned.open(range));
      }

      @Override
      public java.util.SortedMap<String, String> tags(ObjectHead head) throws StorageException {
        return pinned.tags(head);
      }

      @Override
      public BufferedObject readWhole(BufferPool pool) throws StorageException {
        return sharedReads.read(
            row.version().id(), content.size(), row.wantedBy(), pool, pinned::readWhole);
      }
    };
  }

  private StoreSource pinned(RecordedVersion version, Entry.Content content) {
    Revision revision =
        switch (primaryRegime) {
          case UNVERSIONED -> new Revision.Matching(content.etag());
          case VERSIONED, SUSPENDED -> new Revision.Version(version.versionId());
        };
    return new StoreSource(primary, version.key(), revision, Optional.of(content.etag()));
  }
}
