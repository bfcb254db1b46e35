package org.vistadr.sync;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.StoreSource;

/// Recognises at a secondary what is there without a record, so that no version arrives twice: what
/// an earlier try left after a lost answer or a crash, what a lost catalog knew, or what another
/// program copied there before. Content is recognised by its bytes alone, by their MD5 where both
/// sites tell it and else by reading both.
///
/// @param store the secondary
/// @param keepsVersions whether its bucket keeps versions by itself
record EarlierTries(ObjectStore store, boolean keepsVersions) {

  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

  /// Content that is there already.
  ///
  /// @param remoteVersion its version at the secondary
  /// @param etag its entity tag there
  /// @param annotation what reading the primary's bytes taught
  record Found(Optional<VersionId> remoteVersion, String etag, VersionLog.Annotation annotation) {}

  /// Looks for the bytes of a version.
  ///
  /// @param primary the version, pinned
  /// @param durable what is recorded of the key
  Optional<Found> content(
      StoreSource primary, ObjectKey key, long size, List<ReplicaLog.Replica> durable)
      throws StorageException {
    for (ListedVersion candidate : unrecorded(key, durable)) {
      if (candidate.entry() instanceof Entry.Content(String etag, long there, _) && there == size) {
        Optional<VersionId> remote =
            keepsVersions ? Optional.of(candidate.versionId()) : Optional.empty();
        Revision revision = Revision.pinned(remote, etag);
        VersionLog.Annotation wanted = read(primary);
        if (hasMd5(primary, etag)
            || ObjectTransfer.hash(store, key, revision).equals(wanted.sha256())) {
          return Optional.of(new Found(remote, etag, wanted));
        }
      }
    }
    return Optional.empty();
  }

  /// Whether the primary's entity tag proves the bytes: both are MD5 sums, and the same.
  private boolean hasMd5(StoreSource primary, String etag) {
    return primary.store().profile().etagIsMd5()
        && store.profile().etagIsMd5()
        && MD5.matcher(etag).matches()
        && primary.etag().equals(Optional.of(etag));
  }

  /// Looks for a delete marker.
  ///
  /// @param durable what is recorded of the key
  Optional<ListedVersion> marker(ObjectKey key, List<ReplicaLog.Replica> durable)
      throws StorageException {
    return unrecorded(key, durable).stream()
        .filter(found -> found.entry() instanceof Entry.DeleteMarker)
        .findFirst();
  }

  /// What earlier tries may have left at the secondary without a record, oldest first: what lies
  /// above the newest entry that is recorded, since versions reach the secondary one after the
  /// other.
  private List<ListedVersion> unrecorded(ObjectKey key, List<ReplicaLog.Replica> durable)
      throws StorageException {
    Set<VersionId> recorded = new HashSet<>();
    Set<String> recordedTags = new HashSet<>();
    for (ReplicaLog.Replica replica : durable) {
      replica.remoteVersion().ifPresent(recorded::add);
      if (!replica.aside()) {
        recordedTags.add(replica.etag());
      }
    }
    Regime regime = keepsVersions ? Regime.VERSIONED : Regime.UNVERSIONED;
    return ListingStream.ofKey(store, regime, key).stream()
        .takeWhile(found ->
            keepsVersions
                ? !recorded.contains(found.versionId())
                : !(found.entry() instanceof Entry.Content content
                    && recordedTags.contains(content.etag())))
        .toList()
        .reversed();
  }

  private static VersionLog.Annotation read(StoreSource primary) throws StorageException {
    try (ObjectBody body = primary.open(new ByteRange.All())) {
      ObjectAttributes attributes = body.head().attributes().withTags(primary.tags(body.head()));
      Sha256 sha256 = ObjectTransfer.hash(body, primary.site());
      return new VersionLog.Annotation(sha256, attributes);
    }
  }
}
