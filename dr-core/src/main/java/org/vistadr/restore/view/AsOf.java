package org.vistadr.restore.view;

import java.time.Instant;
import java.util.Optional;

/// A moment that somebody asks for.
///
/// @param at the moment; empty is the newest state that the catalog knows
/// @param nearest whether the last completed scan before it may stand for a moment between two
///   scans of a primary that keeps no versions; without it such a moment is refused
public record AsOf(Optional<Instant> at, boolean nearest) {

  /// The newest state that the catalog knows.
  public static final AsOf LATEST = new AsOf(Optional.empty(), false);

  /// Exactly a moment.
  public static AsOf exactly(Instant at) {
    return new AsOf(Optional.of(at), false);
  }
}
