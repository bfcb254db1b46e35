package org.vistadr.catalog;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;

/// A range of keys whose listing says what the catalog says.
///
/// @param after the bound below, exclusive; empty is the beginning of the bucket
/// @param upTo the range's last key, inclusive
/// @param listed hash of what the primary listed of the range
public record RangeDigest(Optional<ObjectKey> after, ObjectKey upTo, Sha256 listed) {

  /// Whether a key lies in the range.
  public boolean contains(ObjectKey key) {
    return key.compareTo(upTo) <= 0 && after.map(bound -> key.compareTo(bound) > 0).orElse(true);
  }
}
