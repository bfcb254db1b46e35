package org.vistadr.restore.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// An even choice of a few from a stream of unknown length: after n items each of them is in it
/// with the chance capacity / n. The k-th item replaces a random place with the chance capacity /
/// k, which keeps that true from step to step. Memory does not grow with the stream.
final class Reservoir<T> {

  private final int capacity;
  private final RandomGenerator random;
  private final List<T> kept = new ArrayList<>();
  private long seen;

  Reservoir(int capacity, RandomGenerator random) {
    this.capacity = capacity;
    this.random = random;
  }

  void offer(T item) {
    seen++;
    if (kept.size() < capacity) {
      kept.add(item);
      return;
    }
    long place = random.nextLong(seen);
    if (place < capacity) {
      kept.set((int) place, item);
    }
  }

  List<T> kept() {
    return List.copyOf(kept);
  }
}
