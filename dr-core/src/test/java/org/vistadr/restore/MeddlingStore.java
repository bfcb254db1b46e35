package org.vistadr.restore;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// A bucket to which somebody else writes, each time right before a key is written for the first
/// time.
final class MeddlingStore extends ForwardingObjectStore {

  private final Meddler meddler;
  private final java.util.Set<ObjectKey> written = ConcurrentHashMap.newKeySet();

  MeddlingStore(ObjectStore delegate, Meddler meddler) {
    super(delegate);
    this.meddler = meddler;
  }

  /// What somebody does.
  @FunctionalInterface
  interface Meddler {
    /// Called before the first write to a key.
    void before(ObjectKey key) throws StorageException;
  }

  private void meddle(ObjectKey key) throws StorageException {
    if (written.add(key)) {
      meddler.before(key);
    }
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    meddle(request.key());
    return super.put(request);
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    meddle(target);
    return super.copy(source, target, attributes, condition);
  }

  @Override
  public Optional<VersionId> delete(ObjectKey key, WriteCondition condition)
      throws StorageException {
    meddle(key);
    return super.delete(key, condition);
  }
}
