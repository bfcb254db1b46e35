package org.vistadr.storage;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many requests may be in flight: grows after as many successes as the limit is, if most of
/// them came as quickly as they can; shrinks to 0.9 of itself if most of them were slow, and to 0.7
/// when the site asks to slow down or fails, at most once per window of requests. It grows by a
/// half until it shrinks for the first time, so that a distant site is soon made use of, and by one
/// from then on. Safe for many threads.
final class AdaptiveLimit {

  private static final int START = 16;
  private static final double CUT = 0.7;
  private static final double EASE = 0.9;

  /// Reads hold their slot until the body is closed, often while the same thread writes to the same
  /// site. Had both one pool, readers could fill it and wait for each other for ever.
  enum Lane {
    READ,
    OTHER
  }

  private final int ceiling;
  private final ReentrantLock lock = new ReentrantLock();
  private final EnumMap<Lane, Condition> freed = new EnumMap<>(Lane.class);
  private final EnumMap<Lane, Integer> inFlight = new EnumMap<>(Lane.class);
  private int limit;
  private boolean shrunk;
  private int successes;
  private int slow;
  private int untilNextCut;

  AdaptiveLimit(int ceiling) {
    this.ceiling = Math.max(1, ceiling);
    this.limit = Math.min(START, this.ceiling);
    for (Lane lane : Lane.values()) {
      freed.put(lane, lock.newCondition());
      inFlight.put(lane, 0);
    }
  }

  /// Waits for a slot.
  void acquire(Lane lane) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (requireNonNull(inFlight.get(lane)) >= limit) {
        freed(lane).await();
      }
      inFlight.merge(lane, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
  }

  /// Gives a slot back.
  void release(Lane lane) {
    lock.lock();
    try {
      inFlight.merge(lane, -1, Integer::sum);
      // One slot, one waiter: waking all of them costs more than a small request.
      freed(lane).signal();
    } finally {
      lock.unlock();
    }
  }

  /// The site answered as it should.
  ///
  /// @param slowly whether it took much longer than it has to
  void succeeded(boolean slowly) {
    lock.lock();
    try {
      untilNextCut = Math.max(0, untilNextCut - 1);
      successes++;
      slow += slowly ? 1 : 0;
      if (successes < limit) {
        return;
      }
      if (2 * slow > successes) {
        shrinkTo(EASE);
      } else if (limit < ceiling) {
        limit = shrunk ? limit + 1 : Math.min(ceiling, limit + limit / 2 + 1);
        freed.values().forEach(Condition::signalAll);
      }
      beginWindow();
    } finally {
      lock.unlock();
    }
  }

  /// The site is overloaded or down.
  void pushedBack() {
    lock.lock();
    try {
      beginWindow();
      if (untilNextCut > 0) {
        // One of the requests that were in flight at the cut: the same news once more.
        untilNextCut--;
        return;
      }
      untilNextCut = limit;
      shrinkTo(CUT);
    } finally {
      lock.unlock();
    }
  }

  private void shrinkTo(double share) {
    shrunk = true;
    limit = Math.max(1, (int) (limit * share));
  }

  private void beginWindow() {
    successes = 0;
    slow = 0;
  }

  private Condition freed(Lane lane) {
    return requireNonNull(freed.get(lane));
  }

  /// The limit now.
  int limit() {
    lock.lock();
    try {
      return limit;
    } finally {
      lock.unlock();
    }
  }
}
