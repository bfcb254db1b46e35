package org.vistadr.restore.target;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.restore.source.Looked;
import org.vistadr.storage.StorageException;

/// What a target holds now, read beside the catalog in key order.
public sealed interface TargetKeys permits BucketKeys, FileKeys {

  /// The next key that the target is known to hold; empty when there are no more, or when the
  /// target is only looked at by keys that are asked for.
  Optional<ObjectKey> peekKey() throws StorageException;

  /// What the target holds of a key, in rising order of keys. The next key is passed when it is
  /// this one.
  Looked take(ObjectKey key) throws StorageException;
}
