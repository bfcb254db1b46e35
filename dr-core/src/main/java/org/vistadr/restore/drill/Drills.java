package org.vistadr.restore.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Drill;
import org.vistadr.model.Lag;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.View;
import org.vistadr.restore.view.Views;

/// Rehearses restores: takes a sample of what a secondary would give back at its recovery point,
/// restores it from that secondary alone into a scratch place, compares every byte with what was
/// written, measures, and projects how long everything takes. Writes to no site. One drill at a
/// time. Safe for use by many threads.
public final class Drills implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Drills.class);

  private final Catalog catalog;
  private final Views views;
  private final Sources sources;
  private final List<SiteName> secondaries;
  private final Path directory;
  private final Settings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Semaphore turn = new Semaphore(1, true);
  private volatile boolean stopped;

  /// Removes what drills left that were killed.
  ///
  /// @param secondaries by name
  /// @param directory the scratch place is made below it
  /// @param random seeds of samples
  public Drills(
      Catalog catalog,
      Views views,
      Sources sources,
      List<SiteName> secondaries,
      Path directory,
      Settings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.catalog = catalog;
    this.views = views;
    this.sources = sources;
    this.secondaries = List.copyOf(secondaries);
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    catalog.drills().closeInterrupted(clock.instant());
    Scratch.clear(directory);
  }

  /// How drills go about it.
  ///
  /// @param sample objects, where a request names no number
  /// @param bytes that a drill reads at most, and that are on the disk at most
  /// @param parallelism objects at the same time, as restores have it
  public record Settings(int sample, long bytes, int parallelism) {}

  /// What is asked for.
  ///
  /// @param prefix only keys that start with it; empty for the whole bucket
  /// @param sample so many objects; empty for the configured number, or all below a prefix
  /// @param who who asks
  public record Request(SiteName from, Optional<String> prefix, OptionalInt sample, String who) {}

  /// Begins a drill; it goes on by itself.
  ///
  /// @throws DrillRefusedException when it cannot begin, or another one is under way
  public Drill start(Request request) throws DrillRefusedException {
    if (!turn.tryAcquire()) {
      throw new DrillRefusedException(
          DrillRefusedException.Reason.RUNNING, "another drill is under way");
    }
    boolean begun = false;
    try {
      Prepared prepared = prepare(request);
      Thread.ofVirtual()
          .name("drill-" + prepared.drill.id())
          .start(() -> {
            try {
              carryOut(prepared);
            } finally {
              turn.release();
            }
          });
      begun = true;
      return prepared.drill;
    } finally {
      if (!begun) {
        turn.release();
      }
    }
  }

  /// Does a whole drill, after the one that is under way.
  ///
  /// @return how it ended
  /// @throws DrillRefusedException when it cannot begin
  public Drill run(Request request) throws DrillRefusedException {
    turn.acquireUninterruptibly();
    try {
      Prepared prepared = prepare(request);
      carryOut(prepared);
      return find(prepared.drill.id());
    } finally {
      turn.release();
    }
  }

  /// Ends the drill that is under way after the objects that it is at.
  @Override
  public void close() {
    stopped = true;
    turn.acquireUninterruptibly();
    turn.release();
  }

  private record Prepared(Drill drill, AsOf asOf) {}

  private Prepared prepare(Request request) throws DrillRefusedException {
    if (stopped) {
      throw new DrillRefusedException(
          DrillRefusedException.Reason.STOPPING, "the daemon is stopping");
    }
    SiteName from = request.from();
    if (!secondaries.contains(from)) {
      throw new DrillRefusedException(
          DrillRefusedException.Reason.UNKNOWN_SECONDARY,
          "there is no secondary '%s'".formatted(from));
    }
    if (!(catalog.queue().lag(from, clock.instant()) instanceof Lag.Known(var moment, _))) {
      throw noRecoveryPoint("%s has no recovery point yet".formatted(from));
    }
    // Of a primary without versions the view is that of the scan that the point comes from.
    AsOf asOf = new AsOf(Optional.of(moment), true);
    if (request.prefix().isPresent() && view(request.prefix().get(), asOf).next().isEmpty()) {
      throw new DrillRefusedException(
          DrillRefusedException.Reason.NOTHING_THERE,
          "nothing was below '%s' at %s".formatted(request.prefix().get(), moment));
    }
    OptionalInt sample =
        request.sample().isPresent() || request.prefix().isPresent()
            ? request.sample()
            : OptionalInt.of(settings.sample());
    long id =
        catalog
            .drills()
            .begin(
                from,
                request.who(),
                moment,
                request.prefix(),
                sample,
                random.nextLong(),
                clock.instant());
    return new Prepared(find(id), asOf);
  }

  private Drill find(long id) {
    return catalog.drills().find(id).orElseThrow();
  }

  private void carryOut(Prepared prepared) {
    Drill drill = prepared.drill;
    Rehearsal rehearsal = new Rehearsal(catalog, drill, settings, () -> stopped);
    String problem = "";
    Scratch.clear(directory);
    try (Scratch scratch = Scratch.open(directory, drill.id())) {
      OneObject one =
          new OneObject(
              sources, catalog.versions()::attributes, drill.from(), scratch, () -> stopped);
      rehearsal.carryOut(picks(prepared, rehearsal), one);
    } catch (IOException | DrillRefusedException e) {
      problem = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("drill id={} failed", drill.id(), e);
      problem = "the drill broke off: " + e;
    }
    Rehearsal.End end = rehearsal.end(problem);
    catalog
        .drills()
        .end(
            drill.id(), end.state(), clock.instant(), end.tally(), end.projection(), end.message());
    LOG.info(
        "drill id={} from={} state={} restored={} failures={} bytes={} elapsed={} message=\"{}\"",
        drill.id(),
        drill.from(),
        end.state(),
        end.tally().restored(),
        end.tally().failures(),
        end.tally().bytes(),
        end.tally().elapsed(),
        end.message());
  }

  /// Counts the whole view and chooses from it.
  private Iterator<SampleChoice.Pick> picks(Prepared prepared, Rehearsal rehearsal)
      throws DrillRefusedException {
    Drill drill = prepared.drill;
    String prefix = drill.prefix().orElse("");
    Optional<SampleChoice> choice =
        drill.sample().isPresent()
            ? Optional.of(
                new SampleChoice(
                    drill.sample().getAsInt(),
                    settings.bytes(),
                    new SplittableRandom(drill.seed())))
            : Optional.empty();
    View whole = view("", prepared.asOf);
    for (var shown = whole.next(); shown.isPresent() && !stopped; shown = whole.next()) {
      rehearsal.counts(shown.get().version());
      if (choice.isPresent() && shown.get().key().value().startsWith(prefix)) {
        choice.get().offer(shown.get().version());
      }
    }
    if (choice.isPresent()) {
      SampleChoice.Chosen chosen = choice.get().chosen();
      chosen.leftOut().forEach(rehearsal::leftOut);
      return chosen.picks().iterator();
    }
    View below = view(prefix, prepared.asOf);
    return new Iterator<>() {
      private Optional<View.Shown> next = below.next();

      @Override
      public boolean hasNext() {
        return next.isPresent();
      }

      @Override
      public SampleChoice.Pick next() {
        var version = next.orElseThrow().version();
        next = below.next();
        return new SampleChoice.Pick(version, Drill.Stratum.ALL);
      }
    };
  }

  private View view(String prefix, AsOf asOf) throws DrillRefusedException {
    try {
      return views.view(prefix, asOf, Optional.empty(), false);
    } catch (RestoreRefusedException e) {
      throw noRecoveryPoint(String.valueOf(e.getMessage()));
    }
  }

  private static DrillRefusedException noRecoveryPoint(String message) {
    return new DrillRefusedException(DrillRefusedException.Reason.NO_RECOVERY_POINT, message);
  }
}
