package org.vistadr.protect;

import org.vistadr.model.SiteName;

/// Told of what retention does.
@FunctionalInterface
public interface PruneListener {

  /// Nobody listens.
  PruneListener NONE = _ -> {};

  /// Replicas at a secondary were removed and are recorded as pruned.
  void pruned(SiteName secondary);
}
