package org.vistadr.server.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreScope;
import org.vistadr.restore.view.Refresh;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.AlreadyRunningException;
import org.vistadr.sync.Synchronizer;

/// Brings the catalog up to the primary's state before a restore is planned: a look at each of a
/// few keys, a complete scan for anything else.
///
/// @param synchronizer looks and scans
record CatalogRefresh(Synchronizer synchronizer) implements Refresh {

  private static final int KEYS_LOOKED_AT = 100;

  @Override
  public boolean refresh(RestoreScope scope) throws StorageException {
    if (scope instanceof RestoreScope.Parts(var keys, var prefixes)
        && prefixes.isEmpty()
        && keys.size() <= KEYS_LOOKED_AT) {
      for (ObjectKey key : keys) {
        synchronizer.look(key);
      }
      return true;
    }
    while (!Thread.currentThread().isInterrupted()) {
      try {
        synchronizer.scan();
        return true;
      } catch (AlreadyRunningException _) {
        // That scan began before we were asked, so it proves nothing here: wait for our turn.
        LockSupport.parkNanos(this, Duration.ofMillis(100).toNanos());
      }
    }
    return false;
  }
}
