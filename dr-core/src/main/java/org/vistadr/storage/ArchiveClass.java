package org.vistadr.storage;

import java.util.Map;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.TimeSpan;

/// A storage class whose objects must be thawed before they can be read.
///
/// @param tiers the tiers that it offers, and how long each typically takes
public record ArchiveClass(Map<ThawTier, TimeSpan> tiers) {

  /// Copies the map.
  public ArchiveClass {
    tiers = Map.copyOf(tiers);
  }
}
