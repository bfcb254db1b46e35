package org.vistadr.storage.transfer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/// Arrays that objects pass through. Bounds the memory of all transfers that use it together, and
/// uses arrays again: a collector that has to clear away a megabyte for every object of that size
/// takes a fifth of the time of the copy. Small arrays are not worth it: they are always new and
/// not counted. Safe for use by many threads.
public final class BufferPool {

  /// Gives new arrays, without a bound, and keeps none. For arrays that others bound.
  public static final BufferPool NONE = new BufferPool(0);

  private static final int SMALLEST = 64 << 10;

  /// Permits are in units of the smallest array.
  private final int units;

  private final Semaphore free;
  private final Deque<byte[]> kept = new ArrayDeque<>();

  /// @param bytes that may be in use at the same time; one array that is larger is in use alone
  public BufferPool(int bytes) {
    units = bytes / SMALLEST;
    free = new Semaphore(units, true);
  }

  /// An array of at least that many bytes, with any content; the caller's until it is given back.
  /// Waits until there is room for it.
  byte[] take(int size) {
    if (size < SMALLEST || units == 0) {
      return new byte[size];
    }
    int length = roundedUp(size);
    try {
      free.acquire(permits(length));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for memory", e);
    }
    return keptOrNew(length);
  }

  /// Nobody uses the array any more.
  void giveBack(byte[] array) {
    if (array.length < SMALLEST || units == 0) {
      return;
    }
    synchronized (kept) {
      kept.addFirst(array);
    }
    free.release(permits(array.length));
  }

  /// A kept array of just this length. Otherwise a new one, and kept ones are let go until in use
  /// and kept together have room again.
  private byte[] keptOrNew(int length) {
    synchronized (kept) {
      for (byte[] array : kept) {
        if (array.length == length) {
          kept.removeFirstOccurrence(array);
          return array;
        }
      }
      int room = kept.stream().mapToInt(array -> permits(array.length)).sum();
      while (room > free.availablePermits()) {
        room -= permits(kept.removeLast().length);
      }
    }
    return new byte[length];
  }

  private int permits(int length) {
    return Math.min(units, length / SMALLEST);
  }

  /// To a power of two, so that sizes that differ a little use the same arrays.
  private static int roundedUp(int size) {
    int power = Integer.highestOneBit(size);
    return power == size || power == 1 << 30 ? size : 2 * power;
  }
}
