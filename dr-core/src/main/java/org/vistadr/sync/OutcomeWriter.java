package org.vistadr.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogException;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.SiteName;

/// Writes outcomes of copies to the catalog, many in one transaction, in the order in which they
/// came: a commit costs more than what one copy writes, so they are gathered for a moment unless
/// somebody waits for them. One thread of its own; others wait when it falls behind.
final class OutcomeWriter implements AutoCloseable {

  /// @param outcomes the outcomes of one key, in order
  /// @param annotations what reading the bytes taught
  /// @param committed called once all of it is on disk
  record Batch(
      List<ReplicationQueue.Outcome> outcomes,
      Map<Long, VersionLog.Annotation> annotations,
      Runnable committed) {}

  private static final int MOST_AT_ONCE = 1000;
  private static final long GATHERING_MILLIS = 100;

  private final Catalog catalog;
  private final SiteName secondary;
  private final BlockingQueue<Optional<Batch>> queue = new ArrayBlockingQueue<>(2 * MOST_AT_ONCE);
  private final Semaphore hurry = new Semaphore(0);
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;

  OutcomeWriter(Catalog catalog, SiteName secondary) {
    this.catalog = catalog;
    this.secondary = secondary;
    this.thread = Thread.ofVirtual().name("outcomes-" + secondary).start(this::run);
  }

  /// Hands outcomes over.
  ///
  /// @throws RuntimeException when the catalog failed before; nothing is recorded any more then
  void write(Batch batch) throws InterruptedException {
    requireHealthy();
    queue.put(Optional.of(batch));
  }

  /// Waits until everything handed over so far is on disk.
  void flush() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    write(new Batch(List.of(), Map.of(), reached::countDown));
    hurry.release();
    reached.await();
    requireHealthy();
  }

  /// Waits until everything handed over is on disk and ends the thread.
  @Override
  public void close() {
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(Optional.empty());
        hurry.release();
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    requireHealthy();
  }

  private void requireHealthy() {
    RuntimeException failed = failure;
    if (failed != null) {
      // A new one each time: flush() and close() may both throw, and one becomes the other's
      // suppressed exception.
      throw new CatalogException(
          "cannot record what arrived at %s: %s".formatted(secondary, failed.getMessage()), failed);
    }
  }

  private void run() {
    List<Optional<Batch>> taken = new ArrayList<>();
    boolean open = true;
    while (open) {
      try {
        taken.add(queue.take());
      } catch (InterruptedException e) {
        // Only close() ends this thread, so that nothing acknowledged by a secondary goes
        // unrecorded.
        continue;
      }
      gather();
      queue.drainTo(taken, MOST_AT_ONCE);
      open = taken.stream().allMatch(Optional::isPresent);
      commit(taken.stream().flatMap(Optional::stream).toList());
      taken.clear();
    }
  }

  private void gather() {
    try {
      if (hurry.tryAcquire(GATHERING_MILLIS, TimeUnit.MILLISECONDS)) {
        hurry.drainPermits();
      }
    } catch (InterruptedException e) {
      // What was taken is written without waiting for more.
    }
  }

  private void commit(List<Batch> batches) {
    try {
      if (failure == null && !batches.isEmpty()) {
        Map<Long, VersionLog.Annotation> annotations = new HashMap<>();
        List<ReplicationQueue.Outcome> outcomes = new ArrayList<>();
        for (Batch batch : batches) {
          annotations.putAll(batch.annotations());
          outcomes.addAll(batch.outcomes());
        }
        catalog.queue().settle(secondary, outcomes, annotations);
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (Error e) {
      // Whoever waits for this thread has to learn of it, too.
      failure = new IllegalStateException(String.valueOf(e.getMessage()), e);
    } finally {
      batches.forEach(batch -> batch.committed().run());
    }
  }
}
