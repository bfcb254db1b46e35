package org.vistadr.restore.source;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ArchiveClass;
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
/// @param storageClass the class of the bytes there, as recorded; empty for the default
public record Source(
    ObjectStore store,
    ObjectKey key,
    Revision revision,
    String etag,
    boolean atPrimary,
    Optional<String> storageClass) {

  public SiteName site() {
    return store.site();
  }

  /// The archive that the bytes must be thawed from, as far as is recorded; empty when they can be
  /// read at once.
  public Optional<ArchiveClass> archive() {
    return storageClass.flatMap(
        name -> Optional.ofNullable(store.profile().archiveClasses().get(name)));
  }

  public StoreSource pinned() {
    return new StoreSource(store, key, revision, Optional.of(etag));
  }
}
