package org.vistadr.restore.run;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.plan.Replan;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.run.Retries.StoppedException;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.Bandwidth;
import org.vistadr.restore.target.Targets;
import org.vistadr.storage.Sleeper;
import org.vistadr.storage.StorageException;

/// Executes one restore: has its pending items carried out by [Workers] and records how they ended
/// in batches.
public final class RestoreRun implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RestoreRun.class);
  private static final int PAGE = 256;

  /// What a run may begin from: it was asked for, or the process ended while it ran.
  private static final Set<Restore.State> UNDER_WAY =
      EnumSet.of(Restore.State.QUEUED, Restore.State.THAWING, Restore.State.RUNNING);

  /// So many failures in a row mean that the site is at fault, not the objects.
  private static final int FAILURES_IN_A_ROW = 3;

  private final Catalog catalog;
  private final Targets targets;
  private final Sources sources;
  private final RestoreSettings settings;
  private final InstantSource clock;
  private final LookAfter lookAfter;
  private final Semaphore turn;
  private final Restore restore;
  private final Retries retries;
  private final Thawing thawing;
  private final Bandwidth bandwidth;
  private final PaceMeter pace = new PaceMeter(System::nanoTime);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger failuresInARow = new AtomicInteger();

  /// The key because of which the restore is to end.
  private final AtomicReference<Optional<ObjectKey>> endedBy =
      new AtomicReference<>(Optional.empty());

  private volatile Optional<String> full = Optional.empty();
  private Duration busy = Duration.ZERO;
  private RestorePlan.Amount written = RestorePlan.Amount.ZERO;

  public RestoreRun(Equipment equipment, RandomGenerator random, Semaphore turn, Restore restore) {
    this.catalog = equipment.catalog();
    this.targets = equipment.targets();
    this.sources = equipment.sources();
    this.settings = equipment.settings();
    this.clock = equipment.clock();
    this.lookAfter = new LookAfter(catalog, equipment.moments());
    this.turn = turn;
    this.restore = restore;
    this.retries = new Retries(settings, random);
    this.thawing = new Thawing(catalog, targets, sources, settings, clock, retries, restore);
    this.bandwidth =
        new Bandwidth(
            restore.request().manner().bytesPerSecond(),
            Sleeper.REAL,
            System::nanoTime,
            retries::isStopped);
  }

  /// Takes up no more items. What the restore is then, its state says.
  void stop() {
    retries.stop();
  }

  /// Changes the most bytes that are written in a second; empty is no limit.
  void limit(OptionalLong bytesPerSecond) {
    bandwidth.limit(bytesPerSecond);
  }

  /// Waits until this run is over.
  boolean await(long nanos) throws InterruptedException {
    return over.await(nanos, TimeUnit.NANOSECONDS);
  }

  /// Waits until this run is over, whatever happens.
  void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        over.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  Optional<Pace> pace() {
    return catalog
        .restores()
        .find(restore.id())
        .map(now -> {
          var read = pace.read(left(now));
          // How long an archive takes says nothing of the pace.
          return now.count(RestoreItem.State.THAWING) > 0
              ? new Pace(read.bytesPerSecond(), Optional.empty())
              : read;
        });
  }

  private static RestorePlan.Amount left(Restore now) {
    return new RestorePlan.Amount(
        now.count(RestoreItem.State.PENDING), now.total().bytes() - now.done().bytes());
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
        lookAfter.look(restore);
        conclude(
            endedBy
                .get()
                .map(key -> key + " changed since the plan")
                .or(() -> full)
                .orElse("too many failures in a row"));
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
          catalog.course().move(restore.id(), UNDER_WAY, Restore.State.THAWING);
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
    if (!catalog.course().move(restore.id(), UNDER_WAY, Restore.State.RUNNING)) {
      retries.stop();
      return false;
    }
    catalog.reports().started(restore.id(), clock.instant());
    ChangedKeys changed;
    try {
      changed = writer();
    } catch (StorageException | RestoreRefusedException e) {
      end(Restore.State.FAILED, String.valueOf(e.getMessage()));
      return false;
    } catch (StoppedException e) {
      return false;
    }
    planAnew(changed);
    long begun = System.nanoTime();
    new Workers(
            new Upcoming(catalog, restore.planId())::next,
            this::goesOn,
            task -> outcome(changed, task))
        .run("restore-" + restore.id(), settings.parallelism(), this::settle);
    busy = busy.plusNanos(System.nanoTime() - begun);
    return true;
  }

  private ChangedKeys writer() throws StorageException, RestoreRefusedException, StoppedException {
    for (int tries = 1; ; tries++) {
      try {
        var request = restore.request();
        var target = targets.open(request);
        var primary = targets.primaryRegime(request);
        var writer =
            new ItemWriter(
                catalog,
                sources,
                retries,
                targets.writer(target, restore.id(), bandwidth),
                new ItemWriter.Job(restore.id(), request, primary));
        return new ChangedKeys(
            catalog, restore, writer, new Replan(catalog, sources, primary, request), endedBy);
      } catch (StorageException e) {
        if (!retries.again(e, tries)) {
          throw e;
        }
      }
    }
  }

  /// Items that were skipped and are to be tried again get the condition of what is there now.
  private void planAnew(ChangedKeys changed) {
    try {
      while (!retries.isStopped()) {
        var items = catalog.course().toPlanAnew(restore.planId(), PAGE);
        if (items.isEmpty()) {
          return;
        }
        for (var item : items) {
          catalog.course().plannedAnew(restore.planId(), changed.planAnew(item));
        }
      }
    } catch (StoppedException _) {
      // What is not planned anew yet is noted, and is so when the restore goes on.
    }
  }

  private boolean goesOn() {
    return !retries.isStopped() && !siteFails() && full.isEmpty() && endedBy.get().isEmpty();
  }

  private boolean siteFails() {
    return failuresInARow.get() >= FAILURES_IN_A_ROW * Math.max(settings.parallelism(), 4);
  }

  private Optional<RestoreItem> outcome(ChangedKeys changed, Upcoming.Task task) {
    var item = task.item();
    try {
      var ended = changed.carryOut(item, task.wanted());
      if (ended.state() == RestoreItem.State.FAILED) {
        failuresInARow.incrementAndGet();
      } else {
        failuresInARow.set(0);
      }
      return Optional.of(ended);
    } catch (StoppedException e) {
      full = full.or(changed::full);
      return Optional.empty();
    } catch (RuntimeException e) {
      LOG.error("restore={} key=\"{}\" state=failed", restore.id(), item.key(), e);
      return Optional.of(item.ended(RestoreItem.State.FAILED, "broke off: " + e));
    }
  }

  private void settle(List<RestoreItem> ended) {
    var frozen = ended.stream().filter(item -> item.state() == RestoreItem.State.THAWING).toList();
    if (!frozen.isEmpty()) {
      catalog
          .thaws()
          .freeze(restore.planId(), frozen, clock.instant().plus(settings.thaw().firstLook()));
    }
    var items = ended.stream().filter(item -> item.state() != RestoreItem.State.THAWING).toList();
    catalog.restores().settle(restore.planId(), items);
    for (var item : items) {
      if (item.state() == RestoreItem.State.DONE) {
        pace.count(item.size());
        written = written.plus(1, item.size());
      }
    }
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
