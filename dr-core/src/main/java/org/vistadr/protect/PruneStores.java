package org.vistadr.protect;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;

/// The secondaries of one run, opened with the keys that may remove versions. Closing forgets the
/// keys.
record PruneStores(Map<SiteName, ObjectStore> stores) implements AutoCloseable {

  static PruneStores open(Set<SiteName> secondaries, Prune.Keys keys) throws PruneRefusedException {
    PruneStores opened = new PruneStores(new HashMap<>());
    try {
      for (SiteName secondary : secondaries) {
        opened.stores.put(secondary, keys.open(secondary));
      }
      return opened;
    } catch (PruneRefusedException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  ObjectStore of(SiteName secondary) {
    return java.util.Objects.requireNonNull(stores.get(secondary));
  }

  @Override
  public void close() {
    stores.values().forEach(ObjectStore::close);
    stores.clear();
  }
}
