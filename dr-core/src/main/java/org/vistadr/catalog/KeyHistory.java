package org.vistadr.catalog;

import java.util.List;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;

/// A key with its whole recorded history.
///
/// @param key the key
/// @param newestFirst entries by falling rank; empty for a key that was never seen
public record KeyHistory(ObjectKey key, List<RecordedVersion> newestFirst) {
  /// Copies the list.
  public KeyHistory {
    newestFirst = List.copyOf(newestFirst);
  }
}
