package org.vistadr.restore;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.transfer.StoreSource;

/// A place that has the bytes of a version, pinned.
///
/// @param store the site
/// @param key the key there
/// @param revision never whatever is current
/// @param etag the entity tag that the bytes must come with
/// @param atPrimary whether it is the primary's own version
record Source(ObjectStore store, ObjectKey key, Revision revision, String etag, boolean atPrimary) {

  SiteName site() {
    return store.site();
  }

  StoreSource pinned() {
    return new StoreSource(store, key, revision, Optional.of(etag));
  }
}
