package org.vistadr.sync;

import java.util.Optional;
import java.util.SplittableRandom;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// A real store whose writes fail on the way there, lose their answer on the way back, or are the
/// last thing that the daemon did. Seeded.
final class FlakyStore extends ForwardingObjectStore {

  /// Stands for `kill -9`: what was sent is there, nothing was recorded.
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash");
    }
  }

  private final ObjectStore store;
  private final SplittableRandom random;
  private volatile boolean healed;

  FlakyStore(ObjectStore store, SplittableRandom random) {
    super(store);
    this.store = store;
    this.random = random;
  }

  /// From now on nothing fails.
  void heal() {
    healed = true;
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    before("PutObject");
    WriteReceipt receipt = super.put(request);
    after("PutObject");
    return receipt;
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<org.vistadr.model.ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    before("CopyObject");
    WriteReceipt receipt = super.copy(source, target, attributes, condition);
    after("CopyObject");
    return receipt;
  }

  @Override
  public Optional<VersionId> delete(ObjectKey key, WriteCondition condition)
      throws StorageException {
    before("DeleteObject");
    Optional<VersionId> marker = super.delete(key, condition);
    after("DeleteObject");
    return marker;
  }

  private void before(String operation) throws StorageException {
    if (chance(15)) {
      throw new StorageException.Unavailable(
          store.site(), operation, "never arrived", new java.io.IOException("test"));
    }
  }

  private void after(String operation) throws StorageException {
    if (chance(15)) {
      throw new StorageException.Unavailable(
          store.site(), operation, "the answer was lost", new java.io.IOException("test"));
    }
    if (chance(10)) {
      throw new Crash();
    }
  }

  private boolean chance(int percent) {
    synchronized (random) {
      return !healed && random.nextInt(100) < percent;
    }
  }
}
