package org.vistadr.restore;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;

/// Sees to it that a write destroys nothing in a bucket that keeps no versions: what it would
/// replace is durable at a secondary, or is copied aside first. Safe for use by many threads.
final class Preserve {

  private static final String UNDO = ObjectKey.RESERVED_PREFIX + "undo/";

  private final ObjectStore primary;
  private final Sources sources;
  private final ServerCopy copies;

  Preserve(ObjectStore primary, Sources sources, ServerCopy copies) {
    this.primary = primary;
    this.sources = sources;
    this.copies = copies;
  }

  /// Makes the content that a write to the key would destroy safe.
  ///
  /// @return where a copy was put; empty when none was needed
  Optional<ObjectKey> beforeWrite(Regime regime, Looked looked, String restoreId)
      throws StorageException {
    if (regime == Regime.VERSIONED || looked.mutableContent().isEmpty()) {
      return Optional.empty();
    }
    ListedVersion endangered = looked.mutableContent().get();
    return switch (endangered.entry()) {
      case Entry.DeleteMarker() -> Optional.empty();
      case Entry.Content(var etag, var size, _) -> {
        if (sources.isSafe(looked.key(), etag, size)) {
          yield Optional.empty();
        }
        var place = place(restoreId, looked.key());
        Revision revision =
            regime == Regime.UNVERSIONED
                ? new Revision.Matching(etag)
                : new Revision.Version(endangered.versionId());
        var source = new Source(primary, looked.key(), revision, etag, true);
        copies.copy(source, size, place, WriteCondition.ALWAYS, Optional.empty());
        yield Optional.of(place);
      }
    };
  }

  /// Where an earlier try of the same restore put a copy.
  Optional<ObjectKey> placed(String restoreId, ObjectKey key) throws StorageException {
    var place = place(restoreId, key);
    try {
      primary.head(place, Revision.CURRENT);
      return Optional.of(place);
    } catch (StorageException.NotFound _) {
      return Optional.empty();
    }
  }

  /// The same place at each try. A key that would become too long is named by its hash.
  private static ObjectKey place(String restoreId, ObjectKey key) {
    var folder = UNDO + restoreId + "/";
    var bytes = key.utf8();
    if (folder.getBytes(StandardCharsets.UTF_8).length + bytes.length <= ObjectKey.MAX_BYTES) {
      return new ObjectKey(folder + key.value());
    }
    return new ObjectKey(folder + "sha256-" + Sha256.digest(bytes, 0, bytes.length).hex());
  }
}
