package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.VersionId;

/// What a look at the primary adds to a key's history.
///
/// @param key the key
/// @param appended new entries, oldest first
/// @param purged catalog ids of entries that the primary no longer has
public record KeyChange(ObjectKey key, List<NewEntry> appended, List<Long> purged) {

  /// Copies the lists.
  public KeyChange {
    appended = List.copyOf(appended);
    purged = List.copyOf(purged);
  }

  /// Whether there is nothing to record.
  public boolean isEmpty() {
    return appended.isEmpty() && purged.isEmpty();
  }

  /// An entry to append, with the fields of [org.vistadr.model.RecordedVersion].
  public record NewEntry(
      long rank, Origin origin, VersionId versionId, Instant lastModified, Entry entry) {}
}
