package org.vistadr.catalog;

import java.util.Optional;
import org.vistadr.model.ObjectKey;

/// A range of keys whose listing says what the catalog says.
///
/// @param after the bound below, exclusive; empty is the beginning of the bucket
/// @param upTo the range's last key, inclusive
/// @param listed hashes of what the primary listed of each key
public record RangeDigest(Optional<ObjectKey> after, ObjectKey upTo, KeyHashes listed) {

  /// Whether another range begins and ends at the same keys.
  public boolean hasBoundsOf(RangeDigest other) {
    return upTo.equals(other.upTo) && after.equals(other.after);
  }

  /// Whether a key lies in the range.
  public boolean contains(ObjectKey key) {
    return key.compareTo(upTo) <= 0 && after.map(bound -> key.compareTo(bound) > 0).orElse(true);
  }
}
