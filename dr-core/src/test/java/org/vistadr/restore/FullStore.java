package org.vistadr.restore;

import java.util.concurrent.atomic.AtomicInteger;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteReceipt;

/// A bucket that is full after some writes.
final class FullStore extends ForwardingObjectStore {

  private final AtomicInteger left;
  final AtomicInteger refused = new AtomicInteger();

  FullStore(ObjectStore delegate, int writes) {
    super(delegate);
    left = new AtomicInteger(writes);
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    if (left.getAndDecrement() <= 0) {
      refused.incrementAndGet();
      throw new StorageException.NoRoom(site(), "PutObject", "the quota is used up");
    }
    return super.put(request);
  }
}
