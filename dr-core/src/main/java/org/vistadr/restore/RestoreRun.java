package org.vistadr.restore;

import java.time.Duration;
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
import org.vistadr.model.RestorePlan;
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
  private final Thawing thawing;
  private final PaceMeter pace = new PaceMeter();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile boolean cancelled;
  private volatile Optional<String> full = Optional.empty();
  private Duration busy = Duration.ZERO;
  private RestorePlan.Amount written = RestorePlan.Amount.ZERO;

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
    this.thawing = new Thawing(catalog, targets, sources, settings, clock, retries, restore);
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
    return catalog
        .restores()
        .find(restore.id())
        .map(now -> {
          var read = pace.read(now.total(), now.done());
          // How long an archive takes says nothing of the pace.
          return now.count(RestoreItem.State.THAWING) > 0
              ? new Pace(read.bytesPerSecond(), Optional.empty())
              : read;
        });
  }

  @Override
  public void run() {
    var thaw = Thread.ofVirtual().name("thawing-" + restore.id()).start(thawing);
    try {
      boolean more = true;
      while (more) {
        more = inTurn() && awaitThaw();
      }
      if (!retries.isStopped()) {
        conclude(full.orElse("too many failures in a row"));
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
      retries.stop();
      ended(thaw);
      over.countDown();
    }
  }

  /// Waits for a turn and writes what can be written.
  ///
  /// @return false when the restore is over or stopped
  private boolean inTurn() throws InterruptedException {
    boolean hasTurn = false;
    try {
      while (!hasTurn && !retries.isStopped()) {
        hasTurn = turn.tryAcquire(100, TimeUnit.MILLISECONDS);
      }
      return hasTurn && execute();
    } finally {
      if (hasTurn) {
        turn.release();
      }
    }
  }

  /// Waits, without a turn, until something that waited for an archive can be written.
  ///
  /// @return false when nothing waits any more
  private boolean awaitThaw() throws InterruptedException {
    try {
      for (boolean told = false; goesOn(); told = true) {
        var now = catalog.restores().find(restore.id()).orElseThrow();
        if (now.count(RestoreItem.State.THAWING) == 0) {
          return now.count(RestoreItem.State.PENDING) > 0;
        }
        if (now.count(RestoreItem.State.PENDING) > 0) {
          return true;
        }
        if (!told) {
          catalog.restores().move(restore.id(), Restore.State.THAWING, Optional.empty(), "");
        }
        retries.pause(settings.thaw().tick());
      }
      return false;
    } catch (StoppedException e) {
      return false;
    }
  }

  private void ended(Thread thaw) {
    try {
      thaw.join();
      if (catalog.restores().find(restore.id()).filter(now -> now.state().ended()).isPresent()) {
        catalog.thaws().forget(restore.planId());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("restore={} thawing=not-forgotten error={}", restore.id(), e.toString());
    }
  }

  /// @return false when the restore is over
  private boolean execute() throws InterruptedException {
    catalog.restores().move(restore.id(), Restore.State.RUNNING, Optional.empty(), "");
    ItemWriter writer;
    try {
      writer = writer();
    } catch (StorageException | RestoreRefusedException e) {
      end(Restore.State.FAILED, String.valueOf(e.getMessage()));
      return false;
    } catch (StoppedException e) {
      return false;
    }
    long after = 0;
    while (goesOn()) {
      var page =
          catalog.restores().itemsIn(restore.planId(), RestoreItem.State.PENDING, after, PAGE);
      if (page.isEmpty()) {
        break;
      }
      after = page.getLast().seq();
      long begun = System.nanoTime();
      carryOut(writer, page);
      busy = busy.plusNanos(System.nanoTime() - begun);
    }
    return true;
  }

  private ItemWriter writer() throws StorageException, RestoreRefusedException, StoppedException {
    for (int tries = 1; ; tries++) {
      try {
        var request = restore.request();
        var target = targets.open(request);
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
    return !retries.isStopped() && !siteFails() && full.isEmpty();
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
      full = full.or(writer::full);
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
    var frozen = items.stream().filter(item -> item.state() == RestoreItem.State.THAWING).toList();
    if (!frozen.isEmpty()) {
      catalog
          .thaws()
          .freeze(restore.planId(), frozen, clock.instant().plus(settings.thaw().firstLook()));
      items.removeAll(frozen);
    }
    catalog.restores().settle(restore.planId(), items);
    for (var item : items) {
      if (item.state() == RestoreItem.State.DONE) {
        pace.count(item.size());
        written = written.plus(1, item.size());
      }
    }
    items.clear();
  }

  private void conclude(String whyNotTried) {
    var now = catalog.restores().find(restore.id()).orElseThrow();
    SpeedRule.measured(
            catalog.planSums().portions(restore.planId()), written, busy, clock.instant())
        .ifPresent(catalog.planSums()::measured);
    var outcome = Outcome.of(now, whyNotTried);
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
