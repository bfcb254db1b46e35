package org.vistadr.sync;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.BufferPool;
import org.vistadr.storage.transfer.BufferedObject;

/// Reads a small version from the primary once for all secondaries that want it at about the same
/// time. Keeps what others still want within a budget of memory; what does not fit is read again.
/// Safe for use by many threads.
final class SharedReads {

  /// Reads the bytes.
  @FunctionalInterface
  interface Read {
    /// @param pool for the array
    BufferedObject read(BufferPool pool) throws StorageException;
  }

  /// What an object costs beside its bytes: attributes, head and places in maps. Of small objects
  /// it is the larger part.
  static final int OVERHEAD = 3 << 10;

  private static final class Slot {
    private final CompletableFuture<BufferedObject> object = new CompletableFuture<>();
    private final long cost;
    private int wanted;

    private Slot(long cost, int wanted) {
      this.cost = cost;
      this.wanted = wanted;
    }
  }

  private final long budget;
  private final Map<Long, Slot> slots = new LinkedHashMap<>();
  private long kept;

  /// @param budget memory for what is kept for others; bytes
  SharedReads(long budget) {
    this.budget = budget;
  }

  /// The bytes of a version.
  ///
  /// @param versionId catalog id
  /// @param wantedBy number of secondaries that want it, the caller included
  /// @param pool for an array that nobody else will use
  BufferedObject read(long versionId, long size, int wantedBy, BufferPool pool, Read read)
      throws StorageException {
    Slot slot;
    boolean reader = false;
    synchronized (slots) {
      slot = slots.get(versionId);
      if (slot == null) {
        if (wantedBy < 2 || !makeRoom(size + OVERHEAD)) {
          slot = null;
        } else {
          slot = new Slot(size + OVERHEAD, wantedBy);
          slots.put(versionId, slot);
          kept += slot.cost;
          reader = true;
        }
      }
    }
    if (slot == null) {
      return read.read(pool);
    }
    if (reader) {
      fill(versionId, slot, read);
    }
    try {
      return slot.object.get();
    } catch (ExecutionException e) {
      // Somebody else's read failed; this one may fare better and reports its own failure.
      return read.read(pool);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a shared read", e);
    } finally {
      release(versionId, slot);
    }
  }

  private void fill(long versionId, Slot slot, Read read) throws StorageException {
    try {
      slot.object.complete(read.read(BufferPool.NONE));
    } catch (StorageException | RuntimeException e) {
      slot.object.completeExceptionally(e);
      remove(versionId, slot);
      throw e;
    }
  }

  /// Frees the oldest finished reads until there is room.
  private boolean makeRoom(long cost) {
    Iterator<Map.Entry<Long, Slot>> oldest = slots.entrySet().iterator();
    while (kept + cost > budget && oldest.hasNext()) {
      Slot slot = oldest.next().getValue();
      if (slot.object.isDone()) {
        oldest.remove();
        kept -= slot.cost;
      }
    }
    return kept + cost <= budget;
  }

  private void release(long versionId, Slot slot) {
    synchronized (slots) {
      slot.wanted--;
      if (slot.wanted <= 0) {
        remove(versionId, slot);
      }
    }
  }

  private void remove(long versionId, Slot slot) {
    synchronized (slots) {
      if (slots.remove(versionId, slot)) {
        kept -= slot.cost;
      }
    }
  }
}
