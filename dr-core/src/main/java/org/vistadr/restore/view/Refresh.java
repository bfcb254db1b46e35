package org.vistadr.restore.view;

import org.vistadr.model.RestoreScope;
import org.vistadr.storage.StorageException;

/// Brings the catalog up to the primary's state for a scope. The engine of scans supplies it, which
/// restoring does not know.
@FunctionalInterface
public interface Refresh {

  /// Nobody can.
  Refresh NONE = _ -> false;

  /// Blocks until the catalog holds everything that the primary had in the scope when this was
  /// called: by looks for a few keys, by a complete scan otherwise.
  ///
  /// @return whether it does now
  /// @throws StorageException when the primary could not be read
  boolean refresh(RestoreScope scope) throws StorageException;
}
