package org.vistadr.model;

import java.util.Optional;

/// A range of keys in UTF-8 order: after `after` (exclusive) up to and including `upTo`.
///
/// @param after the bound below, exclusive; empty is the beginning of the bucket
/// @param upTo the bound above, inclusive; empty is the end of the bucket
public record KeyRange(Optional<ObjectKey> after, Optional<ObjectKey> upTo) {

  /// The whole bucket.
  public static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

  /// Whether the key lies in the range.
  public boolean contains(ObjectKey key) {
    return after.map(bound -> key.compareTo(bound) > 0).orElse(true) && !isBeyond(key);
  }

  /// Whether the key lies above the range.
  public boolean isBeyond(ObjectKey key) {
    return upTo.map(bound -> key.compareTo(bound) > 0).orElse(false);
  }
}
