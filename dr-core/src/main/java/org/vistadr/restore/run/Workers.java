package org.vistadr.restore.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.vistadr.model.RestoreItem;

/// Carries items out on a bounded number of virtual threads, none of which waits for the others,
/// and hands over how they ended in batches: a commit costs more than what one item writes. What
/// ended is handed over within a moment, and workers wait when that falls behind.
final class Workers {

  private static final int SETTLE_AT_ONCE = 512;
  private static final long SETTLE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final int MOST_UNSETTLED = 2 * SETTLE_AT_ONCE;

  private final Supplier<Optional<Upcoming.Task>> upcoming;
  private final BooleanSupplier goesOn;
  private final Function<Upcoming.Task, Optional<RestoreItem>> carryOut;

  /// How an item ended, or empty when a worker did.
  private final BlockingQueue<Optional<RestoreItem>> results =
      new ArrayBlockingQueue<>(MOST_UNSETTLED);

  private final AtomicReference<Optional<RuntimeException>> failure =
      new AtomicReference<>(Optional.empty());
  private volatile boolean abandoned;

  /// @param upcoming gives what to do next; empty when nothing is left
  /// @param goesOn whether another item is to be taken up
  /// @param carryOut carries an item out and gives how it ended; empty when it did not
  Workers(
      Supplier<Optional<Upcoming.Task>> upcoming,
      BooleanSupplier goesOn,
      Function<Upcoming.Task, Optional<RestoreItem>> carryOut) {
    this.upcoming = upcoming;
    this.goesOn = goesOn;
    this.carryOut = carryOut;
  }

  /// Works until nothing is left or it does not go on, and all that was taken up has ended.
  ///
  /// @param name of the threads
  /// @param settle is given items that ended, on the calling thread
  /// @throws RuntimeException when items could not be read or settled
  void run(String name, int atOnce, Consumer<List<RestoreItem>> settle)
      throws InterruptedException {
    try {
      for (int i = 0; i < atOnce; i++) {
        Thread.ofVirtual().name(name + "-" + i).start(this::work);
      }
      collect(atOnce, settle);
    } finally {
      abandoned = true;
    }
    var failed = failure.get();
    if (failed.isPresent()) {
      throw failed.get();
    }
  }

  private void collect(int workers, Consumer<List<RestoreItem>> settle)
      throws InterruptedException {
    var ended = new ArrayList<RestoreItem>();
    long settledAt = System.nanoTime();
    int working = workers;
    while (working > 0) {
      var result = results.poll(SETTLE_EVERY_NANOS, TimeUnit.NANOSECONDS);
      if (result != null) {
        result.ifPresent(ended::add);
        working -= result.isEmpty() ? 1 : 0;
      }
      boolean due = System.nanoTime() - settledAt > SETTLE_EVERY_NANOS;
      if (ended.size() >= SETTLE_AT_ONCE || working == 0 || (due && !ended.isEmpty())) {
        settle.accept(ended);
        ended.clear();
        settledAt = System.nanoTime();
      }
    }
  }

  private void work() {
    try {
      while (!abandoned && goesOn.getAsBoolean()) {
        var task = upcoming.get();
        if (task.isEmpty()) {
          break;
        }
        var ended = carryOut.apply(task.get());
        if (ended.isPresent()) {
          handOver(ended);
        }
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(Optional.empty(), Optional.of(e));
    } finally {
      handOver(Optional.empty());
    }
  }

  /// Not for ever: nobody takes it when recording failed.
  private void handOver(Optional<RestoreItem> result) {
    boolean interrupted = false;
    boolean taken = false;
    while (!taken && !abandoned) {
      try {
        taken = results.offer(result, 100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
