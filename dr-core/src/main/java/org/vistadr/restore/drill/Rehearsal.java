package org.vistadr.restore.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.DrillLog;
import org.vistadr.model.Drill;
import org.vistadr.model.Drill.Item.Kind;
import org.vistadr.model.RecordedVersion;
import org.vistadr.restore.drill.SampleChoice.Pick;

/// One drill under way: runs a bounded number of objects side by side, counts, names and measures.
/// For one thread; the objects have their own.
final class Rehearsal {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  /// So many objects one after the other without an answer, and the secondary is down.
  private static final int SILENT = 20;

  private final Catalog catalog;
  private final Drill drill;
  private final Drills.Settings settings;
  private final BooleanSupplier stopped;
  private final CostFit costs = new CostFit();
  private final Map<Drill.Stratum, Long> strata = new EnumMap<>(Drill.Stratum.class);
  private final Map<Kind, Integer> named = new EnumMap<>(Kind.class);
  private long wholeObjects;
  private long wholeBytes;
  private long restored;
  private long unproved;
  private long failures;
  private long archived;
  private long leftOut;
  private long bytes;
  private long spent;
  private int silent;
  private Duration elapsed = Duration.ZERO;
  private String broken = "";

  Rehearsal(Catalog catalog, Drill drill, Drills.Settings settings, BooleanSupplier stopped) {
    this.catalog = catalog;
    this.drill = drill;
    this.settings = settings;
    this.stopped = stopped;
  }

  /// An object of the whole view.
  void counts(RecordedVersion version) {
    wholeObjects++;
    wholeBytes += version.entry().bytes();
  }

  /// An object for which the bytes do not do.
  void leftOut(Pick pick) {
    leftOut++;
    name(
        pick,
        Kind.LEFT_OUT,
        "its %d bytes are more than what was left of %d"
            .formatted(pick.version().entry().bytes(), settings.bytes()));
  }

  void carryOut(Iterator<Pick> picks, OneObject one) {
    BlockingQueue<Ended> results = new LinkedBlockingQueue<>();
    long began = System.nanoTime();
    long number = 0;
    int inFlight = 0;
    while (inFlight > 0 || (goesOn() && picks.hasNext())) {
      if (inFlight < settings.parallelism() && goesOn() && picks.hasNext()) {
        Pick pick = picks.next();
        if (pick.version().entry().bytes() > settings.bytes() - spent) {
          leftOut(pick);
          continue;
        }
        spent += pick.version().entry().bytes();
        inFlight++;
        long file = ++number;
        Thread.ofVirtual()
            .name("drill-" + drill.id() + "-" + file)
            .start(() -> results.add(new Ended(pick, ended(one, pick, file))));
        continue;
      }
      settle(take(results));
      inFlight--;
    }
    elapsed = Duration.ofNanos(System.nanoTime() - began);
  }

  private static Rehearsed ended(OneObject one, Pick pick, long file) {
    try {
      return one.restore(pick.version(), file);
    } catch (RuntimeException e) {
      LOG.error("drill key=\"{}\"", pick.version().key(), e);
      return new Rehearsed.Broken("%s: %s".formatted(pick.version().key(), e));
    }
  }

  private boolean goesOn() {
    return broken.isEmpty() && silent < SILENT && !stopped.getAsBoolean();
  }

  private void settle(Ended ended) {
    Pick pick = ended.pick;
    long size = pick.version().entry().bytes();
    silent = ended.how instanceof Rehearsed.Failed failed && failed.silent() ? silent + 1 : 0;
    switch (ended.how) {
      case Rehearsed.Restored(boolean proved, double seconds) -> {
        strata.merge(pick.stratum(), 1L, Long::sum);
        restored++;
        unproved += proved ? 0 : 1;
        bytes += size;
        costs.add(size, seconds);
      }
      case Rehearsed.Failed(var kind, _, String detail) -> {
        strata.merge(pick.stratum(), 1L, Long::sum);
        failures++;
        name(pick, Kind.FAILED, detail);
        LOG.error(
            "drill id={} from={} key=\"{}\" detail=\"{}\"",
            drill.id(),
            drill.from(),
            pick.version().key(),
            detail);
        // What is wrong with a replica is a finding like the scrub's: it can be repaired as one.
        if (kind.isPresent()
            && catalog.replicas().find(drill.from(), pick.version().id()).isPresent()) {
          catalog
              .scrub()
              .found(drill.from(), pick.version().id(), kind.get(), drill.startedAt(), detail);
        }
      }
      case Rehearsed.Archived(String detail) -> {
        archived++;
        name(pick, Kind.ARCHIVED, detail);
      }
      case Rehearsed.Broken(String detail) -> broken = detail;
      case Rehearsed.Stopped() -> {}
    }
  }

  private void name(Pick pick, Kind kind, String detail) {
    if (named.merge(kind, 1, Integer::sum) <= DrillLog.NAMED) {
      List<Drill.Item> items = new ArrayList<>();
      items.add(
          new Drill.Item(pick.version().key(), pick.version().id(), kind, pick.stratum(), detail));
      catalog.drills().name(drill.id(), items);
    }
  }

  /// How it ended.
  ///
  /// @param problem what else went wrong; empty for nothing
  End end(String problem) {
    Drill.Tally tally =
        new Drill.Tally(
            restored,
            bytes,
            failures,
            unproved,
            archived,
            leftOut,
            elapsed,
            wholeObjects,
            wholeBytes,
            strata);
    Optional<Drill.Projection> projection =
        costs.project(wholeObjects, wholeBytes, elapsed.toNanos() / 1e9);
    String wrong = problem.isEmpty() ? broken : problem;
    if (!wrong.isEmpty()) {
      return new End(Drill.State.FAILED, tally, projection, wrong);
    }
    if (stopped.getAsBoolean()) {
      return new End(
          Drill.State.INTERRUPTED, tally, projection, "the daemon ended before the drill did");
    }
    return end(tally, projection);
  }

  private End end(Drill.Tally tally, Optional<Drill.Projection> projection) {
    if (silent >= SILENT) {
      return new End(
          Drill.State.FAILED,
          tally,
          projection,
          "%s does not answer; the drill ended early".formatted(drill.from()));
    }
    if (failures > 0) {
      return new End(
          Drill.State.FAILED,
          tally,
          projection,
          "%d of %d objects did not come back as they were written"
              .formatted(failures, failures + restored));
    }
    if (restored == 0 && archived + leftOut > 0) {
      return new End(
          Drill.State.FAILED,
          tally,
          projection,
          archived > 0
              ? "nothing could be read: %d objects are in an archive".formatted(archived)
              : "nothing could be read: every object is larger than drill.bytes");
    }
    return new End(Drill.State.SUCCEEDED, tally, projection, "");
  }

  private static Ended take(BlockingQueue<Ended> results) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return results.take();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private record Ended(Pick pick, Rehearsed how) {}

  /// How a drill ended.
  record End(
      Drill.State state,
      Drill.Tally tally,
      Optional<Drill.Projection> projection,
      String message) {}
}
