package org.vistadr.server.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.vistadr.model.ObjectKey;

/// Hints on their way from a change feed to whoever looks at the keys, handed over a moment's worth
/// at a time: to follow one of them (a look at the bucket, a transaction, a replication run) costs
/// nearly as much as to follow many.
///
/// A moment begins with its first hint and ends after [#MOMENT], however many more arrive, or once
/// it has [#MOST_AT_ONCE] keys. Holds a bounded number of hints. Safe for use by many threads that
/// offer and one that takes.
final class GatheredHints {

  /// So long the first hint of a moment waits for others.
  static final Duration MOMENT = Duration.ofMillis(50);

  static final int MOST_AT_ONCE = 500;
  private static final int MOST_WAITING = 10_000;

  private final BlockingQueue<ObjectKey> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongSupplier nanos;

  /// @param nanos a clock that only goes forward, in nanoseconds
  GatheredHints(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Adds a hint.
  ///
  /// @return false when there are too many and none was taken for so long
  boolean offer(ObjectKey key, Duration patience) throws InterruptedException {
    return waiting.offer(key, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// The keys of the next moment, each once, in the order of their first hints. Blocks until the
  /// moment is over.
  ///
  /// @return empty when no hint came for so long
  Collection<ObjectKey> take(Duration patience) throws InterruptedException {
    ObjectKey next = waiting.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      return List.of();
    }
    long began = nanos.getAsLong();
    Set<ObjectKey> keys = new LinkedHashSet<>();
    while (next != null) {
      keys.add(next);
      long left = MOMENT.toNanos() - (nanos.getAsLong() - began);
      next =
          keys.size() < MOST_AT_ONCE && left > 0 ? waiting.poll(left, TimeUnit.NANOSECONDS) : null;
    }
    return keys;
  }
}
