package org.vistadr.restore.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ThawLog.Step;
import org.vistadr.catalog.ThawLog.Waiting;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.TimeSpan;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.run.Retries.StoppedException;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.source.ThawRule;
import org.vistadr.restore.target.Targets;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.ThawState;

/// Gets the archived objects of one restore thawed: asks for them, looks how far they are, lets
/// them be written as soon as they can be read, and asks again before they freeze over.
///
/// All it knows is in the catalog, so that it goes on after a restart, days later. It works on a
/// bounded number of items at a time. Every move follows from a fresh look at the object, so that
/// nothing is asked for twice after a crash.
final class Thawing implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Thawing.class);
  private static final int AT_ONCE = 256;

  /// An archive that is asked so often for one object does not give it back for long enough.
  private static final int MOST_ASKS = 30;

  private final Catalog catalog;
  private final Targets targets;
  private final Sources sources;
  private final RestoreSettings settings;
  private final InstantSource clock;
  private final Retries retries;
  private final Restore restore;

  Thawing(
      Catalog catalog,
      Targets targets,
      Sources sources,
      RestoreSettings settings,
      InstantSource clock,
      Retries retries,
      Restore restore) {
    this.catalog = catalog;
    this.targets = targets;
    this.sources = sources;
    this.settings = settings;
    this.clock = clock;
    this.retries = retries;
    this.restore = restore;
  }

  /// Works until the restore is stopped.
  @Override
  public void run() {
    var tier = restore.request().manner().thaw();
    if (tier.isEmpty()) {
      return;
    }
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            settings.parallelism(),
            Thread.ofVirtual().name("thaw-" + restore.id() + "-", 0).factory())) {
      while (!retries.isStopped()) {
        if (!workOff(workers, tier.get())) {
          retries.pause(settings.thaw().tick());
        }
      }
    } catch (StoppedException _) {
      // It goes on at the next start.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("restore={} thawing=broken-off", restore.id(), e);
    }
  }

  /// Looks at the items that are due.
  ///
  /// @return whether there were any
  private boolean workOff(ExecutorService workers, ThawTier tier) throws InterruptedException {
    var due = catalog.thaws().due(restore.planId(), clock.instant(), AT_ONCE);
    if (due.isEmpty()) {
      return false;
    }
    Optional<Regime> regime;
    try {
      regime = targets.primaryRegime(restore.request());
    } catch (StorageException e) {
      LOG.warn("restore={} thawing=waits error=\"{}\"", restore.id(), e.getMessage());
      return false;
    }
    var looks = new ArrayList<Callable<Step>>();
    due.forEach(waiting -> looks.add(() -> step(waiting, tier, regime)));
    var steps = new ArrayList<Step>();
    for (var look : workers.invokeAll(looks)) {
      try {
        steps.add(look.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    catalog.thaws().record(restore.planId(), steps);
    return true;
  }

  private Step step(Waiting waiting, ThawTier tier, Optional<Regime> regime) {
    var item = waiting.item();
    boolean ended =
        switch (item.state()) {
          case PENDING, THAWING -> false;
          case DONE, SKIPPED, FAILED -> true;
        };
    if (ended) {
      return new Step.Ended(item, Optional.empty());
    }
    var version = catalog.versions().find(item.wanted().orElseThrow());
    if (version.isEmpty()) {
      return new Step.Ended(item, Optional.of("the catalog no longer knows the version"));
    }
    var candidates = candidates(version.get(), regime);
    var source =
        candidates.stream()
            .filter(known -> waiting.site().filter(known.site()::equals).isPresent())
            .findFirst()
            .or(() -> candidates.stream().findFirst());
    if (source.isEmpty()) {
      return new Step.Ended(item, Optional.of("no site has its bytes any more"));
    }
    try {
      return step(waiting, source.get(), tier);
    } catch (StorageException e) {
      return failed(waiting, source.get(), candidates, tier, e);
    }
  }

  /// The places that an item can come from. One that is not archived is as good as one that has
  /// thawed.
  private List<Source> candidates(RecordedVersion version, Optional<Regime> regime) {
    return sources.of(sources.original(version), restore.request().from(), regime);
  }

  private Step step(Waiting waiting, Source source, ThawTier tier) throws StorageException {
    var item = waiting.item();
    var now = clock.instant();
    var store = source.store();
    var head = store.head(source.key(), source.revision());
    boolean archived =
        head.attributes()
            .storageClass()
            .filter(name -> store.profile().archiveClasses().containsKey(name))
            .isPresent();
    var until = head.thaw() instanceof ThawState.Thawed(var expiry) ? expiry : Instant.MAX;
    return switch (ThawRule.next(archived, head.thaw(), now, margin())) {
      case READ -> readable(waiting, source, ThawRule.askAgain(until, margin()));
      case WAIT ->
          new Step.Wait(
              item,
              source.site(),
              waiting.asks(),
              waiting.looks() + 1,
              now.plus(ThawRule.wait(waiting.looks() + 1, firstLook(), typical(source, tier))));
      case ASK -> ask(waiting, source, tier, now);
    };
  }

  private Step ask(Waiting waiting, Source source, ThawTier tier, Instant now)
      throws StorageException {
    var item = waiting.item();
    if (waiting.asks() >= MOST_ASKS) {
      return new Step.Ended(
          item,
          Optional.of(
              "%s was asked %d times to thaw it, and it could never be read for long enough"
                  .formatted(source.site(), MOST_ASKS)));
    }
    var answer = source.store().thaw(source.key(), source.revision(), tier, settings.thaw().days());
    LOG.debug("restore={} key=\"{}\" thaw={}", restore.id(), item.key(), answer);
    return switch (answer) {
      case ASKED ->
          new Step.Wait(
              item,
              source.site(),
              waiting.asks() + 1,
              0,
              now.plus(ThawRule.wait(0, firstLook(), typical(source, tier))));
      // The next look tells until when.
      case READABLE ->
          new Step.Thawed(item, source.site(), waiting.asks() + 1, now.plus(firstLook()));
      case NOT_ARCHIVED -> readable(waiting, source, Instant.MAX);
    };
  }

  private static Step readable(Waiting waiting, Source source, Instant lookAt) {
    return new Step.Thawed(waiting.item(), source.site(), waiting.asks(), lookAt);
  }

  private Step failed(
      Waiting waiting,
      Source source,
      List<Source> candidates,
      ThawTier tier,
      StorageException failure) {
    var item = waiting.item();
    var now = clock.instant();
    LOG.warn(
        "restore={} key=\"{}\" thaw=failed error=\"{}\"",
        restore.id(),
        item.key(),
        failure.getMessage());
    boolean worn = failure.operation().equals("RestoreObject") && waiting.asks() + 1 >= MOST_ASKS;
    if (failure.retryable() && !worn) {
      int asks = waiting.asks() + (failure.operation().equals("RestoreObject") ? 1 : 0);
      return new Step.Wait(
          item,
          source.site(),
          asks,
          waiting.looks() + 1,
          now.plus(ThawRule.wait(waiting.looks() + 1, firstLook(), typical(source, tier))));
    }
    int next = candidates.indexOf(source) + 1;
    return next < candidates.size()
        ? new Step.Wait(item, candidates.get(next).site(), 0, 0, now)
        : new Step.Ended(item, Optional.of("cannot be thawed: " + failure.getMessage()));
  }

  private Duration firstLook() {
    return settings.thaw().firstLook();
  }

  private Duration margin() {
    var quarter = Duration.ofDays(settings.thaw().days()).dividedBy(4);
    var most = Duration.ofHours(12);
    return quarter.compareTo(most) < 0 ? quarter : most;
  }

  private static TimeSpan typical(Source source, ThawTier tier) {
    return source
        .archive()
        .flatMap(archive -> Optional.ofNullable(archive.tiers().get(tier)))
        .orElse(TimeSpan.hours(1, 1));
  }
}
