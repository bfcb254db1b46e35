package org.vistadr.sync;

import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.TransferLimits;

/// Keeps the catalog true to the primary and the secondaries true to the catalog.
///
/// Scanning and replicating are separate so that they run at their own pace: a scan finds what is
/// new, replication makes it durable, and after each of them the recovery points move as far as is
/// proved. Safe for use by many threads; one scan and one replication per secondary run at a time,
/// a second request is refused.
public final class Synchronizer implements AutoCloseable {

  private final Catalog catalog;
  private final ObjectStore primary;
  private final Map<SiteName, Secondary> secondaries = new LinkedHashMap<>();
  private final Map<SiteName, Long> uncertainThrough = new LinkedHashMap<>();
  private final SyncSettings settings;
  private final SyncListener listener;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final KeyLooks looks;
  private final ContentJudge contentJudge;
  private final SharedReads sharedReads;
  private final SharedStreams sharedStreams;
  private final ObjectTransfer transfer;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final ReentrantLock scanning = new ReentrantLock();
  private final Map<SiteName, ReentrantLock> replicating = new ConcurrentHashMap<>();

  /// @param catalog open, with the secondaries declared
  /// @param primary the bucket that is protected
  /// @param secondaries the buckets that keep copies
  /// @param clock the daemon's clock
  /// @param random jitter of retries; must be safe for use by many threads
  public Synchronizer(
      Catalog catalog,
      ObjectStore primary,
      List<Secondary> secondaries,
      SyncSettings settings,
      SyncListener listener,
      InstantSource clock,
      RandomGenerator random) {
    this.catalog = catalog;
    this.primary = primary;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.random = random;
    this.looks = new KeyLooks(catalog, primary, settings.brake());
    this.contentJudge =
        new ContentJudge(
            catalog, settings.brake(), secondaries.stream().map(Secondary::name).toList(), clock);
    this.sharedReads = new SharedReads(settings.bufferBudget());
    this.sharedStreams = new SharedStreams(this::replicationsRunning);
    this.transfer =
        new ObjectTransfer(new TransferLimits(settings.bufferLimit(), settings.multipartAbove()));
    for (Secondary secondary : secondaries) {
      this.secondaries.put(secondary.name(), secondary);
      this.replicating.put(secondary.name(), new ReentrantLock());
      // What an earlier process sent last may have arrived without a record.
      this.uncertainThrough.put(
          secondary.name(), catalog.queue().dispatchedThrough(secondary.name()));
    }
  }

  /// Reads the primary's whole listing and records what is new. Only a scan that listed every key
  /// range to its end counts as complete.
  ///
  /// @throws StorageException when the primary could not be read to the end; what was found so far
  ///   is recorded
  /// @throws AlreadyRunningException when a scan is under way
  public ScanReport scan() throws StorageException {
    if (!scanning.tryLock()) {
      throw new AlreadyRunningException("a scan");
    }
    try {
      ScanReport report =
          new PrimaryScan(
                  catalog,
                  primary,
                  looks,
                  settings,
                  listener,
                  clock,
                  stopped,
                  new ScanJudge(catalog, primary, settings.brake(), contentJudge, clock, random),
                  random)
              .run();
      for (SiteName secondary : secondaries.keySet()) {
        catalog.queue().advanceRecoveryPoint(secondary);
      }
      return report;
    } finally {
      scanning.unlock();
    }
  }

  /// Copies to a secondary what is due, until nothing is.
  ///
  /// @return what was done; failures are in it, not thrown
  /// @throws AlreadyRunningException when a replication to it is under way
  /// @throws IllegalArgumentException when there is no such secondary
  public ReplicationReport replicate(SiteName name) {
    Secondary secondary = secondary(name);
    ReentrantLock lock = lockOf(name);
    if (!lock.tryLock()) {
      throw new AlreadyRunningException("replication to " + name);
    }
    try {
      catalog.held().releaseCleared(name);
      Regime primaryRegime = primary.bucketState().regime();
      Regime regime = secondary.store().bucketState().regime();
      Predicate<ObjectKey> keepsVersions =
          key -> Replicas.keepsVersions(secondary.store().profile().regimeOf(key, regime));
      return new Replication(
              context(secondary, primaryRegime, keepsVersions, lookFirstScan(secondary, regime)),
              secondary.copiesAtOnce(),
              contentJudge)
          .run();
    } catch (StorageException e) {
      return Replication.notBegun(name, String.valueOf(e.getMessage()));
    } finally {
      lock.unlock();
    }
  }

  /// Versions of scans up to this one are looked for before they are sent: another program, or a
  /// daemon whose catalog was lost, may have filled the bucket. In an empty bucket nobody looks.
  private long lookFirstScan(Secondary secondary, Regime regime) throws StorageException {
    long scan = catalog.queue().lookFirstScan(secondary.name());
    if (scan > 0 && isEmpty(secondary.store(), regime)) {
      catalog.queue().nothingToLookFor(secondary.name());
      return 0;
    }
    return scan;
  }

  /// Whether a bucket holds nothing but what is ours. One page tells, or nobody knows.
  private static boolean isEmpty(ObjectStore store, Regime regime) throws StorageException {
    ListingPage page = store.list(regime, ListingRequest.ALL);
    return page.next().isEmpty()
        && page.entries().stream().allMatch(entry -> entry.key().isReserved());
  }

  private KeyChain.Context context(
      Secondary secondary,
      Regime primaryRegime,
      Predicate<ObjectKey> keepsVersions,
      long lookFirstScan) {
    VersionCopier copier =
        new VersionCopier(
            primary,
            primaryRegime,
            secondary,
            keepsVersions,
            new Replicas(catalog.replicas(), catalog.versions(), secondary, transfer),
            new OtherCopies(catalog, secondary.name(), secondaries.values()),
            transfer,
            sharedReads,
            sharedStreams,
            clock);
    return new KeyChain.Context(
        catalog,
        secondary.name(),
        copier,
        looks,
        new RunHealth(),
        listener,
        keepsVersions,
        uncertainThrough.getOrDefault(secondary.name(), 0L),
        lookFirstScan,
        settings.giveUpAfter(),
        clock,
        random,
        stopped::get);
  }

  /// Follows a hint: looks at one key now and records what is new. Never moves a recovery point.
  ///
  /// @return whether something new was recorded
  public boolean look(ObjectKey key) throws StorageException {
    return new KeyFilter(settings.exclude()).accepts(key) && looks.follow(key);
  }

  /// Follows many hints at a time, see [#look(ObjectKey)]. A key that cannot be looked at is left
  /// to the next scan.
  ///
  /// @return whether something new was recorded
  public boolean look(Collection<ObjectKey> keys) throws StorageException {
    KeyFilter filter = new KeyFilter(settings.exclude());
    List<ObjectKey> wanted = keys.stream().filter(filter::accepts).toList();
    return !wanted.isEmpty() && looks.follow(wanted);
  }

  /// Whether a scan is under way.
  public boolean scanning() {
    return scanning.isLocked();
  }

  /// Whether a replication to the secondary is under way.
  public boolean replicating(SiteName name) {
    return lockOf(name).isLocked();
  }

  private int replicationsRunning() {
    return (int) replicating.values().stream().filter(ReentrantLock::isLocked).count();
  }

  /// Stops taking up new work, waits for copies in flight and records them. Blocks until that is
  /// done.
  @Override
  public void close() {
    stopped.set(true);
    awaitEnd(scanning);
    replicating.values().forEach(Synchronizer::awaitEnd);
  }

  private static void awaitEnd(ReentrantLock work) {
    work.lock();
    try {
      // Whoever had it is done.
    } finally {
      work.unlock();
    }
  }

  private Secondary secondary(SiteName name) {
    Secondary found = secondaries.get(name);
    if (found == null) {
      throw new IllegalArgumentException("there is no secondary " + name);
    }
    return found;
  }

  private ReentrantLock lockOf(SiteName name) {
    secondary(name);
    return java.util.Objects.requireNonNull(replicating.get(name));
  }
}
