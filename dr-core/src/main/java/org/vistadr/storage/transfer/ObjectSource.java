package org.vistadr.storage.transfer;

import java.util.SortedMap;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.StorageException;

/// One pinned state of an object to read from. Every read gives the same bytes or fails.
public interface ObjectSource {

  /// Where the bytes come from.
  SiteName site();

  /// Opens a part of the object.
  ObjectBody open(ByteRange range) throws StorageException;

  /// The object's tags.
  ///
  /// @param head what a read said of the object
  SortedMap<String, String> tags(ObjectHead head) throws StorageException;

  /// Reads the whole object into memory; only called for small ones. Implementations may share the
  /// answer between several readers, and then have to take arrays that are not used again.
  ///
  /// @param pool where the array comes from and goes back to when the object is closed
  default BufferedObject readWhole(BufferPool pool) throws StorageException {
    try (ObjectBody body = open(new ByteRange.All())) {
      return BufferedObject.read(body, this, pool);
    }
  }
}
