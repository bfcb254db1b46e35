package org.vistadr.restore.target;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.Sha256;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;

/// Sees to it that a write destroys nothing in a bucket that keeps no versions: what it would
/// replace is durable at a secondary, or is copied aside first. Safe for use by many threads.
final class Preserve {

  private static final String UNDO = ObjectKey.RESERVED_PREFIX + "undo/";

  private final BucketTarget target;
  private final ObjectStore store;
  private final Sources sources;
  private final ServerCopy copies;

  Preserve(BucketTarget target, Sources sources, ServerCopy copies) {
    this.target = target;
    this.store = target.store();
    this.sources = sources;
    this.copies = copies;
  }

  /// Whether content that is in the bucket now is durable at a secondary. Only of objects in place
  /// that is known.
  boolean isSafe(ObjectKey key, String etag, long size) {
    return target.inPlace() && sources.isSafe(key, etag, size);
  }

  /// Whether what a deletion takes away is known to be the bytes of a version that is elsewhere: at
  /// a secondary, or at the primary, which has to prove it now.
  boolean isElsewhere(RestoreItem deletion) throws StorageException {
    return sources.isElsewhere(deletion.wanted(), false)
        || (!target.inPlace() && sources.primaryHas(deletion.wanted()));
  }

  /// Makes the content that a write to the key would destroy safe.
  ///
  /// @return where a copy was put; empty when none was needed
  Optional<ObjectKey> beforeWrite(Looked looked, String restoreId) throws StorageException {
    var regime = target.regimeOf(looked.key());
    if (regime == Regime.VERSIONED || looked.mutableContent().isEmpty()) {
      return Optional.empty();
    }
    ListedVersion endangered = looked.mutableContent().get();
    return switch (endangered.entry()) {
      case Entry.DeleteMarker() -> Optional.empty();
      case Entry.Content(var etag, var size, var className) -> {
        if (isSafe(looked.key(), etag, size)) {
          yield Optional.empty();
        }
        var endangeredKey = target.keyOf(looked.key());
        var place = place(restoreId, endangeredKey);
        Revision revision =
            regime == Regime.UNVERSIONED
                ? new Revision.Matching(etag)
                : new Revision.Version(endangered.versionId());
        var source =
            new Source(store, endangeredKey, revision, etag, true, Sources.named(className));
        copies.copy(source, size, place, Optional.empty(), WriteCondition.ALWAYS, Optional.empty());
        yield Optional.of(place);
      }
    };
  }

  /// Where an earlier try of the same restore put a copy.
  Optional<ObjectKey> placed(String restoreId, ObjectKey key) throws StorageException {
    var place = place(restoreId, target.keyOf(key));
    try {
      store.head(place, Revision.CURRENT);
      return Optional.of(place);
    } catch (StorageException.NotFound _) {
      return Optional.empty();
    }
  }

  /// The same place at each try. A key that would become too long is named by its hash.
  static ObjectKey place(String restoreId, ObjectKey key) {
    var folder = UNDO + restoreId + "/";
    var bytes = key.utf8();
    if (folder.getBytes(StandardCharsets.UTF_8).length + bytes.length <= ObjectKey.MAX_BYTES) {
      return new ObjectKey(folder + key.value());
    }
    return new ObjectKey(folder + "sha256-" + Sha256.digest(bytes, 0, bytes.length).hex());
  }
}
