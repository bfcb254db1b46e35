package org.vistadr.restore.target;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.restore.source.Looked;
import org.vistadr.storage.StorageException;

/// A directory is only asked for the keys that the catalog names; other files in it are no part of
/// a restore.
///
/// @param target the directory
record FileKeys(DirectoryTarget target) implements TargetKeys {

  @Override
  public Optional<ObjectKey> peekKey() {
    return Optional.empty();
  }

  @Override
  public Looked take(ObjectKey key) throws StorageException {
    return target.look(key);
  }
}
