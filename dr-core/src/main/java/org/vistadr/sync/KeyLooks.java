package org.vistadr.sync;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.RangeDigest;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Looks at single keys of the primary and records what is new, beside or within a scan.
///
/// A look and a scan may meet at a key. The look announces its key before it lists, and a scan's
/// findings for an announced key are dropped and looked at again: of two listings of a key the
/// later one is recorded. Safe for use by many threads.
final class KeyLooks {

  /// More hints than this during one scan are left to the scan.
  private static final int MOST_HINTS = 50_000;

  private static final int STRIPES = 64;
  private static final int LOOKS_AT_ONCE = 16;

  /// Their locks are held together, so that many slow looks do not keep a scan waiting for long.
  private static final int RECORDED_AT_ONCE = 64;

  private static final Logger LOG = LoggerFactory.getLogger(KeyLooks.class);

  private final Catalog catalog;
  private final ObjectStore primary;
  private final BrakeLimits limits;
  private final ReentrantLock recording = new ReentrantLock();
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
  private final Set<ObjectKey> announced = new HashSet<>();
  private volatile boolean torn;

  KeyLooks(Catalog catalog, ObjectStore primary, BrakeLimits limits) {
    this.catalog = catalog;
    this.primary = primary;
    this.limits = limits;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /// A scan begins: it need not know of earlier looks.
  void forgetAnnounced() {
    recording.lock();
    try {
      announced.clear();
    } finally {
      recording.unlock();
    }
  }

  /// Follows a hint.
  ///
  /// @return whether something was recorded
  boolean follow(ObjectKey key) throws StorageException {
    BucketState bucket = primary.bucketState();
    List<ReentrantLock> locked = lock(List.of(key));
    try {
      return recordHinted(find(key, bucket, true).stream().toList());
    } finally {
      locked.forEach(ReentrantLock::unlock);
    }
  }

  /// Follows many hints, several at a time, and records what they show [#RECORDED_AT_ONCE] keys in
  /// one transaction: each waits for the disk. A key that cannot be looked at is left to the next
  /// scan.
  ///
  /// @return whether something was recorded
  boolean follow(Collection<ObjectKey> keys) throws StorageException {
    BucketState bucket = primary.bucketState();
    List<ObjectKey> all = keys.stream().distinct().toList();
    boolean recorded = false;
    for (int from = 0; from < all.size(); from += RECORDED_AT_ONCE) {
      List<ObjectKey> some = all.subList(from, Math.min(from + RECORDED_AT_ONCE, all.size()));
      List<ReentrantLock> locked = lock(some);
      try {
        recorded |= recordHinted(findAll(some, bucket));
      } finally {
        locked.forEach(ReentrantLock::unlock);
      }
    }
    return recorded;
  }

  private List<KeyChange> findAll(Collection<ObjectKey> keys, BucketState bucket) {
    Semaphore permits = new Semaphore(LOOKS_AT_ONCE);
    Queue<KeyChange> found = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ObjectKey key : keys) {
        permits.acquire();
        threads.execute(() -> {
          try {
            find(key, bucket, true).ifPresent(found::add);
          } catch (StorageException e) {
            LOG.debug("hint not followed key={}", key, e);
          } catch (RuntimeException e) {
            LOG.warn("hint not followed key={}", key, e);
          } finally {
            permits.release();
          }
        });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(found);
  }

  /// Looks again at a key of which a scan's listing lacked something, or of which a hint told
  /// meanwhile.
  ///
  /// @param startedAt the scan's start, in the primary's clock
  /// @param scan the scan that the findings count to
  /// @return whether something was recorded
  /// @throws StorageException.Unproved also when nothing is missing after all: then the listing
  ///   left the key out, and may have left out keys that nobody knows of
  boolean lookAgain(ObjectKey key, Regime regime, Instant startedAt, long scan)
      throws StorageException {
    List<ReentrantLock> locked = lock(List.of(key));
    try {
      Optional<KeyChange> change = find(key, new BucketState(regime, startedAt), false);
      change.ifPresent(found -> record(scan, List.of(found), limits.freeOfScans()));
      return change.isPresent();
    } finally {
      locked.forEach(ReentrantLock::unlock);
    }
  }

  /// Takes the locks of keys, always in the same order. Whoever holds them lists the keys and
  /// records what was listed, and nobody else does between.
  private List<ReentrantLock> lock(Collection<ObjectKey> keys) {
    List<ReentrantLock> locks =
        keys.stream()
            .map(key -> Math.floorMod(key.hashCode(), STRIPES))
            .distinct()
            .sorted()
            .map(stripe -> stripes[stripe])
            .toList();
    locks.forEach(ReentrantLock::lock);
    return locks;
  }

  /// What is new of a key whose lock is held. What rests on absence counts only when two listings
  /// agree.
  ///
  /// @param bucket the primary before the look
  /// @param hint whether a hint told of the key, and no scan
  private Optional<KeyChange> find(ObjectKey key, BucketState bucket, boolean hint)
      throws StorageException {
    boolean hinted = isAnnounced(key);
    if (!announce(key) && hint) {
      return Optional.empty();
    }
    List<ListedVersion> listed = ListingStream.ofKey(primary, bucket.regime(), key);
    KeyHistory known = catalog.versions().history(key);
    KeyChange change = KeyDiff.of(listed, known, bucket.serverTime());
    if (KeyDiff.restsOnAbsence(change, known)) {
      requireEqual(key, listed, ListingStream.ofKey(primary, bucket.regime(), key));
    }
    if (!hint && !hinted && KeyDiff.lacksNothing(change)) {
      throw leftOut(key);
    }
    return Optional.of(change).filter(found -> !found.isEmpty());
  }

  /// A range that began in the middle of the bucket must show this key, or the key must be gone.
  ///
  /// @throws StorageException.Unproved when the key is there and the range, listed once more from
  ///   where it began, still does not show it
  void requireListed(ObjectKey key, KeyRange range, Regime regime) throws StorageException {
    Optional<ObjectKey> first =
        new ListingStream(primary, regime, range).next().map(ListingStream.ListedKey::key);
    boolean isShown = first.isPresent() && first.get().compareTo(key) <= 0;
    if (!isShown && !ListingStream.ofKey(primary, regime, key).isEmpty()) {
      throw leftOut(key);
    }
  }

  /// Whether a listing was found to lack a key that is there. Listings that begin in the middle of
  /// the bucket are not to be trusted then.
  boolean listingsAreTorn() {
    return torn;
  }

  private StorageException.Unproved leftOut(ObjectKey key) {
    torn = true;
    return new StorageException.Unproved(
        primary.site(),
        "ListObjectVersions",
        "the listing left out %s, which is there; scans list in one piece from now on"
            .formatted(key));
  }

  private void requireEqual(ObjectKey key, List<ListedVersion> first, List<ListedVersion> second)
      throws StorageException {
    if (!first.equals(second)) {
      throw new StorageException.Unproved(
          primary.site(),
          "ListObjectVersions",
          "two listings of %s in a row differ; the next scan looks again".formatted(key));
    }
  }

  /// Records a scan's findings, except for announced keys.
  ///
  /// @param equal ranges that are as they were listed once these findings are recorded
  /// @return the keys that were left out
  List<ObjectKey> recordFindings(long scan, List<KeyChange> changes, List<RangeDigest> equal) {
    recording.lock();
    try {
      if (changes.isEmpty()) {
        catalog.rangeDigests().keep(equal);
        return List.of();
      }
      List<ObjectKey> left =
          changes.stream().map(KeyChange::key).filter(announced::contains).toList();
      catalog
          .versions()
          .recordListed(
              scan,
              lastCompleteStart(),
              left.isEmpty()
                  ? changes
                  : changes.stream().filter(change -> !announced.contains(change.key())).toList(),
              limits.freeOfScans(),
              left.isEmpty()
                  ? equal
                  : equal.stream()
                      .filter(range -> left.stream().noneMatch(range::contains))
                      .toList());
      return left;
    } finally {
      recording.unlock();
    }
  }

  private void record(long scan, List<KeyChange> changes, long freeDeletions) {
    recording.lock();
    try {
      catalog.versions().record(scan, lastCompleteStart(), changes, freeDeletions);
    } finally {
      recording.unlock();
    }
  }

  /// Records what hints showed.
  ///
  /// @return whether anything was recorded
  private boolean recordHinted(List<KeyChange> changes) {
    if (changes.isEmpty()) {
      return false;
    }
    try {
      record(catalog.scans().numberForHint(), changes, limits.freeOfHints());
      return true;
    } catch (RuntimeException e) {
      if (changes.size() == 1) {
        throw e;
      }
    }
    // The others are not to suffer from the one that cannot be recorded.
    boolean recorded = false;
    for (KeyChange change : changes) {
      try {
        recorded |= recordHinted(List.of(change));
      } catch (RuntimeException e) {
        LOG.warn("hint not followed key={}", change.key(), e);
      }
    }
    return recorded;
  }

  private Optional<Instant> lastCompleteStart() {
    return catalog.scans().lastComplete().map(ScanLog.Scan::startedAt);
  }

  private boolean isAnnounced(ObjectKey key) {
    recording.lock();
    try {
      return announced.contains(key);
    } finally {
      recording.unlock();
    }
  }

  private boolean announce(ObjectKey key) {
    recording.lock();
    try {
      return announced.contains(key) || (announced.size() < MOST_HINTS && announced.add(key));
    } finally {
      recording.unlock();
    }
  }
}
