package org.vistadr.restore;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.restore.Retries.StoppedException;
import org.vistadr.storage.StorageException;

/// Executes one restore: takes its pending items a page at a time, carries them out on a bounded
/// number of virtual threads and records how they ended in batches.
final class RestoreRun implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RestoreRun.class);
  private static final int PAGE = 256;
  private static final int SETTLE_AT_ONCE = 64;
  private static final long SETTLE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /// So many failures in a row mean that the site is at fault, not the objects.
  private static final int FAILURES_IN_A_ROW = 3;

  private final Catalog catalog;
  private final Targets targets;
  private final Sources sources;
  private final RestoreSettings settings;
  private final InstantSource clock;
  private final Semaphore turn;
  private final Restore restore;
  private final Retries retries;
  private final PaceMeter pace = new PaceMeter();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile boolean cancelled;

  RestoreRun(
      Catalog catalog,
      Targets targets,
      Sources sources,
      RestoreSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Semaphore turn,
      Restore restore) {
    this.catalog = catalog;
    this.targets = targets;
    this.sources = sources;
    this.settings = settings;
    this.clock = clock;
    this.turn = turn;
    this.restore = restore;
    this.retries = new Retries(settings, random);
  }

  /// Takes up no more items; the restore goes on at the next start.
  void stop() {
    retries.stop();
  }

  /// Takes up no more items; the restore is over.
  void cancel() {
    cancelled = true;
    retries.stop();
  }

  /// Waits until this run is over.
  boolean await(long nanos) throws InterruptedException {
    return over.await(nanos, TimeUnit.NANOSECONDS);
  }

  Optional<Pace> pace() {
    return catalog.restores().find(restore.id()).map(now -> pace.read(now.total(), now.done()));
  }

  @Override
  public void run() {
    boolean hasTurn = false;
    try {
      while (!hasTurn && !retries.isStopped()) {
        hasTurn = turn.tryAcquire(100, TimeUnit.MILLISECONDS);
      }
      if (hasTurn) {
        execute();
      }
      if (cancelled) {
        end(Restore.State.CANCELLED, "cancelled; what was written stays");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("restore={} state=interrupted", restore.id(), e);
      end(Restore.State.FAILED, "broke off: " + e.getMessage());
    } finally {
      if (hasTurn) {
        turn.release();
      }
      over.countDown();
    }
  }

  private void execute() throws InterruptedException {
    catalog.restores().move(restore.id(), Restore.State.RUNNING, Optional.empty(), "");
    ItemWriter writer;
    try {
      writer = writer();
    } catch (StorageException | RestoreRefusedException e) {
      end(Restore.State.FAILED, String.valueOf(e.getMessage()));
      return;
    } catch (StoppedException e) {
      return;
    }
    long after = 0;
    while (!retries.isStopped() && !siteFails()) {
      var page =
          catalog.restores().itemsIn(restore.planId(), RestoreItem.State.PENDING, after, PAGE);
      if (page.isEmpty()) {
        break;
      }
      after = page.getLast().seq();
      carryOut(writer, page);
    }
    if (!retries.isStopped()) {
      conclude();
    }
  }

  private ItemWriter writer() throws StorageException, RestoreRefusedException, StoppedException {
    for (int tries = 1; ; tries++) {
      try {
        var request = restore.request();
        var target = targets.open(request.target());
        return new ItemWriter(
            catalog,
            sources,
            retries,
            targets.writer(target, restore.id()),
            new ItemWriter.Job(restore.id(), request, targets.primaryRegime(request)));
      } catch (StorageException e) {
        if (!retries.again(e, tries)) {
          throw e;
        }
      }
    }
  }

  private void carryOut(ItemWriter writer, List<RestoreItem> page) throws InterruptedException {
    var results = new LinkedBlockingQueue<Optional<RestoreItem>>();
    var settled = new ArrayList<RestoreItem>();
    long lastSettled = System.nanoTime();
    int inFlight = 0;
    var next = page.iterator();
    while (inFlight > 0 || (next.hasNext() && goesOn())) {
      if (inFlight < settings.parallelism() && next.hasNext() && goesOn()) {
        var item = next.next();
        inFlight++;
        Thread.ofVirtual()
            .name("restore-" + restore.id() + "-" + item.seq())
            .start(() -> results.add(outcome(writer, item)));
        continue;
      }
      var result = results.poll(SETTLE_EVERY_NANOS, TimeUnit.NANOSECONDS);
      if (result != null) {
        inFlight--;
        result.ifPresent(settled::add);
      }
      boolean due = System.nanoTime() - lastSettled > SETTLE_EVERY_NANOS;
      if (settled.size() >= SETTLE_AT_ONCE || (due && !settled.isEmpty())) {
        settle(settled);
        lastSettled = System.nanoTime();
      }
    }
    settle(settled);
  }

  private boolean goesOn() {
    return !retries.isStopped() && !siteFails();
  }

  private boolean siteFails() {
    return failuresInARow.get() >= FAILURES_IN_A_ROW * Math.max(settings.parallelism(), 4);
  }

  private Optional<RestoreItem> outcome(ItemWriter writer, RestoreItem item) {
    try {
      var ended = writer.write(item);
      if (ended.state() == RestoreItem.State.FAILED) {
        failuresInARow.incrementAndGet();
      } else {
        failuresInARow.set(0);
      }
      return Optional.of(ended);
    } catch (StoppedException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      LOG.error("restore={} key=\"{}\" state=failed", restore.id(), item.key(), e);
      return Optional.of(item.ended(RestoreItem.State.FAILED, "broke off: " + e));
    }
  }

  private void settle(List<RestoreItem> items) {
    if (items.isEmpty()) {
      return;
    }
    catalog.restores().settle(restore.planId(), items);
    for (var item : items) {
      if (item.state() == RestoreItem.State.DONE) {
        pace.count(item.size());
      }
    }
    items.clear();
  }

  private void conclude() {
    var now = catalog.restores().find(restore.id()).orElseThrow();
    var outcome = Outcome.of(now);
    end(outcome.state(), outcome.message());
  }

  private void end(Restore.State state, String message) {
    if (catalog.restores().move(restore.id(), state, Optional.of(clock.instant()), message)) {
      LOG.info(
          "restore={} plan={} state={} {}",
          restore.id(),
          restore.planId(),
          state.text(),
          message.isEmpty() ? "" : "message=\"" + message + "\"");
    }
  }
}
