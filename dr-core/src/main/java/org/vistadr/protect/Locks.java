package org.vistadr.protect;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.LockLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Keeps the copies of secondaries locked that are configured so: proves that the bucket can do it
/// before anything is written there, and renews the locks of all that must be kept, so that none
/// ends before its version may go. Never shortens or weakens one. Safe for use by many threads; one
/// run per secondary at a time.
public final class Locks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Locks.class);
  private static final int PAGE = 200;

  /// Requests at a time; the site's own limit holds besides.
  private static final int AT_ONCE = 8;

  /// Chains of segments that a catalog can be rebuilt from, with the one before.
  private static final int CHAINS = 2;

  private static final String SEGMENTS = ObjectKey.RESERVED_PREFIX + "catalog/";

  private final Catalog catalog;
  private final Map<SiteName, Locked> secondaries;
  private final Retention retention;
  private final InstantSource clock;
  private final Set<SiteName> proved = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /// A secondary whose copies are locked.
  public record Locked(ObjectStore store, ObjectLock lock) {}

  /// What a run did.
  ///
  /// @param looked objects
  /// @param renewed locks
  public record Report(long looked, long renewed) {}

  /// @param secondaries those whose copies are locked
  /// @param retention the locks of what it keeps are renewed; the others are left to run out
  public Locks(
      Catalog catalog,
      Map<SiteName, Locked> secondaries,
      Retention retention,
      InstantSource clock) {
    this.catalog = catalog;
    this.secondaries = Map.copyOf(secondaries);
    this.retention = retention;
    this.clock = clock;
  }

  /// How copies of a secondary are locked; empty when they are not.
  public Optional<ObjectLock> of(SiteName secondary) {
    return Optional.ofNullable(secondaries.get(secondary)).map(Locked::lock);
  }

  /// Why nothing may be written to a secondary: its bucket cannot lock what is. Empty when it can,
  /// or when nothing is to be locked there. Asked of the bucket until it was proved once.
  ///
  /// @throws StorageException when the bucket does not answer
  public Optional<String> refusal(SiteName secondary) throws StorageException {
    Locked locked = secondaries.get(secondary);
    if (locked == null || proved.contains(secondary)) {
      return Optional.empty();
    }
    Optional<String> problem = problem(locked.store());
    if (problem.isEmpty()) {
      proved.add(secondary);
    }
    return problem;
  }

  /// Why a bucket cannot lock objects; empty when it can.
  public static Optional<String> problem(ObjectStore store) throws StorageException {
    Regime regime = store.bucketState().regime();
    if (regime != Regime.VERSIONED) {
      return Optional.of(
          "the bucket %s keeps no versions, and only versions can be locked"
              .formatted(store.bucket()));
    }
    return switch (store.setting(BucketSetting.OBJECT_LOCK)) {
      case SettingValue.Configured(ConfigNode root)
          when root.value("ObjectLockEnabled").equals(Optional.of("Enabled")) ->
          Optional.empty();
      case SettingValue.Configured _, SettingValue.NotSet _ ->
          Optional.of(
              "the bucket %s was made without object lock, so nothing in it can be locked"
                  .formatted(store.bucket()));
      case SettingValue.NotSupported(String note) ->
          Optional.of("the provider has no object lock (%s)".formatted(note));
      case SettingValue.NotReadable(String note) ->
          Optional.of(
              "whether the bucket %s locks objects cannot be read (%s): the key needs s3:GetBucketObjectLockConfiguration"
                  .formatted(store.bucket(), note));
    };
  }

  /// Renews what has to be renewed at a secondary, from where the last run stopped to the end of
  /// the round, and the locks of the catalog's segments.
  ///
  /// @throws StorageException when the secondary does not answer or refuses; what was renewed
  ///   counts
  public Report run(SiteName secondary) throws StorageException {
    Locked locked = secondaries.get(secondary);
    if (locked == null) {
      throw new IllegalArgumentException("nothing is locked at " + secondary);
    }
    LockLog log = catalog.locks();
    Predicate<RecordedVersion> kept = retention.keptAt(secondary);
    long looked = 0;
    long renewed = 0;
    while (!stopped.get()) {
      List<RecordedVersion> page = log.next(secondary, clock.instant(), PAGE);
      if (page.isEmpty()) {
        Report segments = segments(locked);
        log.endRound(secondary);
        looked += segments.looked;
        renewed += segments.renewed;
        break;
      }
      List<Target> targets = new ArrayList<>();
      for (RecordedVersion version : page) {
        if (kept.test(version)) {
          catalog
              .replicas()
              .find(secondary, version.id())
              .flatMap(Locks::target)
              .ifPresent(targets::add);
        }
      }
      long now = renew(locked, targets);
      log.looked(secondary, page.getLast().id(), page.size(), now);
      looked += page.size();
      renewed += now;
    }
    LOG.info("locks secondary={} looked={} renewed={}", secondary, looked, renewed);
    return new Report(looked, renewed);
  }

  @Override
  public void close() {
    stopped.set(true);
  }

  private record Target(ObjectKey key, VersionId version) {}

  private static Optional<Target> target(ReplicaLog.Replica replica) {
    return replica.remoteVersion().map(version -> new Target(replica.location(), version));
  }

  private long renew(Locked locked, List<Target> targets) throws StorageException {
    long renewed = 0;
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<Boolean>> running = new ArrayList<>();
      targets.forEach(target -> running.add(threads.submit(() -> renew(locked, target))));
      for (Future<Boolean> one : running) {
        renewed += one.get() ? 1 : 0;
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StorageException storage) {
        throw storage;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      stopped.set(true);
    }
    return renewed;
  }

  /// @return whether it was renewed
  private boolean renew(Locked locked, Target target) throws StorageException {
    Instant now = clock.instant();
    ObjectLock.State is;
    try {
      is = locked.store().lock(target.key(), target.version());
    } catch (StorageException.NotFound _) {
      // The scrub tells of it.
      return false;
    }
    Optional<ObjectLock.State> next = locked.lock().renewed(is, now);
    if (next.isEmpty()) {
      return false;
    }
    locked
        .store()
        .renewLock(
            target.key(),
            target.version(),
            next.get().mode().orElseThrow(),
            next.get().until().orElseThrow());
    return true;
  }

  /// The catalog comes back from the newest chain of segments, or the one before it.
  private Report segments(Locked locked) throws StorageException {
    ListingCursor listing =
        new ListingCursor(
            locked.store(),
            Regime.VERSIONED,
            new ListingRequest(
                SEGMENTS, ListingRequest.Position.BEGINNING, ListingRequest.MAX_LIMIT));
    TreeMap<String, List<Target>> chains = new TreeMap<>();
    for (List<ListedVersion> ofKey = listing.nextKey();
        !ofKey.isEmpty() && !stopped.get();
        ofKey = listing.nextKey()) {
      String rest = ofKey.getFirst().key().value().substring(SEGMENTS.length());
      int end = rest.indexOf('/');
      if (end > 0) {
        List<Target> chain = chains.computeIfAbsent(rest.substring(0, end), _ -> new ArrayList<>());
        ofKey.stream()
            .filter(version -> version.entry() instanceof Entry.Content)
            .forEach(version -> chain.add(new Target(version.key(), version.versionId())));
        if (chains.size() > CHAINS) {
          chains.pollFirstEntry();
        }
      }
    }
    long looked = 0;
    long renewed = 0;
    for (List<Target> chain : chains.values()) {
      looked += chain.size();
      renewed += renew(locked, chain);
    }
    return new Report(looked, renewed);
  }
}
