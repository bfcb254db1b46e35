package org.vistadr.storage.transfer;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// A pinned revision of an object in a bucket. Safe for use by many threads.
///
/// @param store the bucket
/// @param key the key there
/// @param revision pinned: never [Revision.Current]
/// @param etag the entity tag that every answer must have; empty where the revision says enough
public record StoreSource(
    ObjectStore store, ObjectKey key, Revision revision, Optional<String> etag)
    implements ObjectSource {

  @Override
  public SiteName site() {
    return store.site();
  }

  @Override
  public ObjectBody open(ByteRange range) throws StorageException {
    ObjectBody body = store.open(key, revision, range);
    String found = body.head().etag();
    if (etag.isPresent() && !etag.get().equals(found)) {
      body.close();
      throw new StorageException.PreconditionFailed(
          store.site(),
          "GetObject",
          "%s has entity tag %s, expected %s".formatted(key, found, etag.get()));
    }
    return body;
  }

  @Override
  public SortedMap<String, String> tags(ObjectHead head) throws StorageException {
    if (head.tagCount() == 0 || !store.profile().tagging()) {
      return Collections.unmodifiableSortedMap(new TreeMap<>());
    }
    return store.tags(key, revision);
  }
}
