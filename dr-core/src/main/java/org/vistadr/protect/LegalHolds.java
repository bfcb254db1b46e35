package org.vistadr.protect;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.LegalHoldLog.Placed;
import org.vistadr.catalog.LegalHoldLog.State;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.Hold;
import org.vistadr.model.KeyRange;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.PruneRule;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Gives the copies of what people hold (by key, prefix or held checkpoint) a legal hold at
/// secondaries that are configured so, and lifts it when nothing holds them any more. A run brings
/// the secondary to what is held now, so one that was cut off is simply followed by another. Lifts
/// only what it set itself. Safe for use by many threads; one run per secondary at a time.
public final class LegalHolds implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LegalHolds.class);
  private static final int PAGE = 200;

  /// Requests at a time; the site's own limit holds besides.
  private static final int AT_ONCE = 8;

  private final Catalog catalog;
  private final Map<SiteName, ObjectStore> secondaries;
  private final InstantSource clock;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /// What a run did.
  ///
  /// @param held copies that got a legal hold
  /// @param found those that had one which is not ours
  /// @param lifted copies that lost theirs
  public record Report(long held, long found, long lifted) {}

  /// @param secondaries those where what is held gets a legal hold
  public LegalHolds(Catalog catalog, Map<SiteName, ObjectStore> secondaries, InstantSource clock) {
    this.catalog = catalog;
    this.secondaries = Map.copyOf(secondaries);
    this.clock = clock;
  }

  /// Where what is held gets a legal hold.
  public Set<SiteName> sites() {
    return secondaries.keySet();
  }

  /// Brings a secondary to what is held now.
  ///
  /// @throws StorageException when it refuses, cannot do it, or does not answer; what was done
  ///   stays done
  public Report run(SiteName secondary) throws StorageException {
    ObjectStore store =
        Optional.ofNullable(secondaries.get(secondary))
            .orElseThrow(() -> new IllegalArgumentException("no legal holds at " + secondary));
    List<Hold> holds = catalog.holds().all();
    List<NamedCheckpoint> checkpoints = catalog.checkpoints().holding();
    PruneRule rule =
        new PruneRule(
            new TreeMap<>(),
            clock.instant(),
            holds,
            PruneFacts.spans(checkpoints),
            catalog.reach()::span);
    Setting setting = new Setting(secondary, store, rule);
    if (!checkpoints.isEmpty()) {
      setting.all(catalog.versions().histories(KeyRange.ALL));
    } else {
      for (Hold hold : holds) {
        if (hold.prefix()) {
          setting.all(catalog.versions().histories(hold.text(), Optional.empty()));
        } else {
          setting.add(catalog.versions().history(new ObjectKey(hold.text())));
        }
      }
    }
    setting.flush();
    long lifted = stopped.get() ? 0 : lift(secondary, store, rule);
    LOG.info(
        "legal holds secondary={} held={} found={} lifted={}",
        secondary,
        setting.held,
        setting.found,
        lifted);
    return new Report(setting.held, setting.found, lifted);
  }

  @Override
  public void close() {
    stopped.set(true);
  }

  /// Sets what is missing, a page at a time.
  private final class Setting {
    private final SiteName secondary;
    private final ObjectStore store;
    private final PruneRule rule;
    private final List<Placed> waiting = new ArrayList<>();
    private long held;
    private long found;

    private Setting(SiteName secondary, ObjectStore store, PruneRule rule) {
      this.secondary = secondary;
      this.store = store;
      this.rule = rule;
    }

    void all(HistoryCursor histories) throws StorageException {
      for (Optional<KeyHistory> history = histories.next();
          history.isPresent() && !stopped.get();
          history = histories.next()) {
        add(history.get());
      }
    }

    void add(KeyHistory history) throws StorageException {
      Set<Long> exempt = rule.exempt(history.newestFirst());
      if (exempt.isEmpty()) {
        return;
      }
      for (ReplicaLog.Replica replica : catalog.replicas().ofKey(secondary, history.key())) {
        if (exempt.contains(replica.versionId()) && !replica.marker()) {
          placed(replica)
              .filter(one ->
                  catalog
                      .legalHolds()
                      .find(secondary, one.versionId(), one.version())
                      .filter(known -> known.state() != State.SETTING)
                      .isEmpty())
              .ifPresent(waiting::add);
        }
      }
      if (waiting.size() >= PAGE) {
        flush();
      }
    }

    void flush() throws StorageException {
      List<Placed> fresh = new ArrayList<>();
      List<Placed> toSet = new ArrayList<>();
      for (Placed one : waiting) {
        (catalog.legalHolds().find(secondary, one.versionId(), one.version()).isEmpty()
                ? fresh
                : toSet)
            .add(one);
      }
      waiting.clear();
      // Looked at before anything is recorded: what is on now is not ours.
      List<Placed> others = new ArrayList<>();
      Outcomes looks = atOnce(fresh, one -> store.lock(one.location(), one.version()).legalHold());
      looks.done.forEach((one, on) -> {
        if (on) {
          others.add(one.in(State.FOUND));
        } else {
          toSet.add(one);
        }
      });
      catalog.legalHolds().put(secondary, others, clock.instant());
      found += others.size();
      looks.require();
      catalog.legalHolds().put(secondary, toSet, clock.instant());
      Outcomes sets =
          atOnce(
              toSet,
              one -> {
                store.legalHold(one.location(), one.version(), true);
                return true;
              });
      catalog
          .legalHolds()
          .put(
              secondary,
              sets.done.keySet().stream().map(one -> one.in(State.SET)).toList(),
              clock.instant());
      catalog.legalHolds().forget(secondary, sets.gone);
      held += sets.done.size();
      sets.require();
    }
  }

  private static Optional<Placed> placed(ReplicaLog.Replica replica) {
    return replica
        .remoteVersion()
        .map(
            version -> new Placed(replica.versionId(), replica.location(), version, State.SETTING));
  }

  private long lift(SiteName secondary, ObjectStore store, PruneRule rule) throws StorageException {
    long lifted = 0;
    Optional<Placed> after = Optional.empty();
    while (!stopped.get()) {
      List<Placed> page = catalog.legalHolds().list(secondary, after, PAGE);
      if (page.isEmpty()) {
        break;
      }
      after = Optional.of(page.getLast());
      List<Placed> free = page.stream().filter(one -> !isHeld(secondary, rule, one)).toList();
      Outcomes lifts =
          atOnce(
              free.stream().filter(one -> one.state() != State.FOUND).toList(),
              one -> {
                store.legalHold(one.location(), one.version(), false);
                return true;
              });
      List<Placed> over = new ArrayList<>(lifts.done.keySet());
      over.addAll(lifts.gone);
      free.stream().filter(one -> one.state() == State.FOUND).forEach(over::add);
      catalog.legalHolds().forget(secondary, over);
      lifted += lifts.done.size();
      lifts.require();
    }
    return lifted;
  }

  /// A replica that was copied anew has another version there, and that one is held.
  private boolean isHeld(SiteName secondary, PruneRule rule, Placed placed) {
    Optional<RecordedVersion> version = catalog.versions().find(placed.versionId());
    return version.isPresent()
        && catalog
            .replicas()
            .find(secondary, placed.versionId())
            .flatMap(ReplicaLog.Replica::remoteVersion)
            .equals(Optional.of(placed.version()))
        && rule.exempt(catalog.versions().history(version.get().key()).newestFirst())
            .contains(placed.versionId());
  }

  /// One call.
  private interface Call {
    boolean make(Placed placed) throws StorageException;
  }

  /// @param done what was answered
  /// @param gone what is not there; the scrub tells of it
  /// @param failure the first one
  private record Outcomes(
      Map<Placed, Boolean> done, List<Placed> gone, Optional<StorageException> failure) {

    void require() throws StorageException {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  private Outcomes atOnce(List<Placed> targets, Call call) {
    Map<Placed, Boolean> done = new java.util.LinkedHashMap<>();
    List<Placed> gone = new ArrayList<>();
    Optional<StorageException> failure = Optional.empty();
    Map<Placed, Future<Boolean>> running = new java.util.LinkedHashMap<>();
    AtomicBoolean failed = new AtomicBoolean();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (Placed one : targets) {
        running.put(
            one,
            threads.submit(() -> {
              if (failed.get() || stopped.get()) {
                throw new Skipped();
              }
              try {
                return call.make(one);
              } catch (StorageException e) {
                failed.compareAndSet(false, !(e instanceof StorageException.NotFound));
                throw e;
              }
            }));
      }
    }
    for (Map.Entry<Placed, Future<Boolean>> one : running.entrySet()) {
      Future<Boolean> end = one.getValue();
      if (end.state() == Future.State.SUCCESS) {
        done.put(one.getKey(), end.resultNow());
      } else {
        switch (end.exceptionNow()) {
          case StorageException.NotFound _ -> gone.add(one.getKey());
          case StorageException e -> failure = failure.or(() -> Optional.of(e));
          case Skipped _ -> {}
          case Throwable e -> throw new IllegalStateException(e);
        }
      }
    }
    return new Outcomes(done, gone, failure);
  }

  /// Not tried, because another one failed or the daemon stops.
  private static final class Skipped extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
