package org.vistadr.restore.target;

import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Same;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;

/// A bucket, or what is below a prefix in it.
///
/// @param store the bucket
/// @param regime whether it keeps versions now
/// @param prefix what is put before each key; may be empty
/// @param inPlace whether it is the primary itself, under the objects' own keys
/// @param tagsCompare whether its entity tags and the primary's can be compared where both can be
///   MD5 sums
public record BucketTarget(
    ObjectStore store, Regime regime, String prefix, boolean inPlace, boolean tagsCompare)
    implements Target {

  @Override
  public String name() {
    return store.bucket();
  }

  @Override
  public Optional<String> place(ObjectKey key) throws StorageException.Rejected {
    return prefix.isEmpty() ? Optional.empty() : Optional.of(keyOf(key).value());
  }

  @Override
  public Regime regimeOf(ObjectKey key) {
    return store.profile().regimeOf(key, regime);
  }

  /// The key under which an object is written.
  ///
  /// @throws StorageException.Rejected when the prefix makes it too long, or one of ours
  public ObjectKey keyOf(ObjectKey key) throws StorageException.Rejected {
    if (prefix.isEmpty()) {
      return key;
    }
    try {
      var mapped = new ObjectKey(prefix + key.value());
      if (!mapped.isReserved()) {
        return mapped;
      }
    } catch (IllegalArgumentException _) {
      // Too long: told below.
    }
    throw new StorageException.Rejected(
        store.site(),
        "PutObject",
        400,
        "KeyTooLongError",
        "%s below %s is longer than %d bytes, or reserved"
            .formatted(key, prefix, ObjectKey.MAX_BYTES));
  }

  @Override
  public Looked look(ObjectKey key) throws StorageException {
    return BucketKeys.look(store, regime, prefix, key);
  }

  @Override
  public Looked look(RestoreItem item) throws StorageException {
    return look(item.key());
  }

  @Override
  public void requireRoom(RestorePlan.Amount work) {}

  @Override
  public TargetKeys below(String keyPrefix) {
    return new BucketKeys(store, regime, prefix, keyPrefix);
  }

  @Override
  public boolean shows(CurrentState current, RecordedVersion version) {
    return inPlace ? Same.content(current, version) : sameMd5(current, version);
  }

  /// By its own version id, an MD5 entity tag, or its hash.
  @Override
  public boolean holds(RestoreItem item, CurrentState current, RecordedVersion version)
      throws StorageException {
    if (!(current instanceof CurrentState.Present(var id, var etag, var size))
        || size != version.entry().bytes()
        || !(version.entry() instanceof Entry.Content)) {
      return false;
    }
    if (inPlace && isVersion(id, version)) {
      return true;
    }
    if (sameMd5(current, version)) {
      return true;
    }
    if (version.sha256().isEmpty()) {
      return false;
    }
    var found = ObjectTransfer.hash(store, keyOf(version.key()), new Revision.Matching(etag));
    return found.equals(version.sha256().get());
  }

  /// In place a secondary's bytes always pass through here, where their hash is compared before the
  /// application can see them.
  @Override
  public boolean copiesOnServer(Source source) {
    return store.profile().serverSideCopy()
        && store.sharesEndpointWith(source.store())
        && (source.atPrimary() || !inPlace);
  }

  @Override
  public boolean keepsClass(String storageClass) {
    return Sources.named(storageClass).isEmpty()
        || store.profile().storageClasses().contains(storageClass);
  }

  private boolean sameMd5(CurrentState current, RecordedVersion version) {
    return tagsCompare
        && current instanceof CurrentState.Present(_, var etag, var size)
        && version.entry() instanceof Entry.Content(var wanted, var wantedSize, _)
        && Same.mayBeMd5(etag)
        && etag.equals(wanted)
        && size == wantedSize;
  }

  private static boolean isVersion(VersionId id, RecordedVersion version) {
    return !id.isNull() && id.equals(version.versionId());
  }
}
