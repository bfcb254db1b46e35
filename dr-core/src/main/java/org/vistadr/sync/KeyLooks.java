package org.vistadr.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private static final Logger LOG = LoggerFactory.getLogger(KeyLooks.class);

  private final Catalog catalog;
  private final ObjectStore primary;
  private final BrakeLimits limits;
  private final ReentrantLock recording = new ReentrantLock();
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
  private final Set<ObjectKey> announced = new HashSet<>();
  private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();
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
    return look(key, bucket.regime(), bucket.serverTime(), OptionalLong.empty());
  }

  /// Follows many hints, several at a time. A key that cannot be looked at is left to the next
  /// scan.
  ///
  /// @return whether something was recorded
  boolean follow(Collection<ObjectKey> keys) throws StorageException {
    BucketState bucket = primary.bucketState();
    Semaphore permits = new Semaphore(LOOKS_AT_ONCE);
    AtomicBoolean found = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ObjectKey key : keys) {
        permits.acquire();
        threads.execute(() -> {
          try {
            if (look(key, bucket.regime(), bucket.serverTime(), OptionalLong.empty())) {
              found.set(true);
            }
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
    return found.get();
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
    return look(key, regime, startedAt, OptionalLong.of(scan));
  }

  /// What rests on absence is recorded only when two listings agree.
  private boolean look(ObjectKey key, Regime regime, Instant observedAt, OptionalLong scan)
      throws StorageException {
    ReentrantLock stripe = stripes[Math.floorMod(key.hashCode(), STRIPES)];
    stripe.lock();
    try {
      boolean hinted = isAnnounced(key);
      if (!announce(key) && scan.isEmpty()) {
        return false;
      }
      List<ListedVersion> listed = ListingStream.ofKey(primary, regime, key);
      KeyHistory known = catalog.versions().history(key);
      KeyChange change = KeyDiff.of(listed, known, observedAt);
      if (KeyDiff.restsOnAbsence(change, known)) {
        requireEqual(key, listed, ListingStream.ofKey(primary, regime, key));
      }
      if (scan.isPresent() && !hinted && KeyDiff.lacksNothing(change)) {
        throw leftOut(key);
      }
      if (change.isEmpty()) {
        return false;
      }
      if (scan.isPresent()) {
        record(scan.getAsLong(), List.of(change), limits.freeOfScans());
      } else {
        recordWithOthers(new Finding(change));
      }
      return true;
    } finally {
      stripe.unlock();
    }
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

  /// Records what a hint showed, in one transaction with what other hints showed meanwhile: each
  /// transaction waits for the disk.
  private void recordWithOthers(Finding mine) {
    findings.add(mine);
    recording.lock();
    try {
      if (!mine.isSettled) {
        List<Finding> all = new ArrayList<>();
        for (Finding next = findings.poll(); next != null; next = findings.poll()) {
          all.add(next);
        }
        settle(all);
      }
    } finally {
      recording.unlock();
    }
    if (mine.failure.isPresent()) {
      throw mine.failure.get();
    }
  }

  private void settle(List<Finding> all) {
    RuntimeException failure = null;
    try {
      record(
          catalog.scans().numberForHint(),
          all.stream().map(finding -> finding.change).toList(),
          limits.freeOfHints());
    } catch (RuntimeException e) {
      failure = e;
    }
    if (failure != null && all.size() > 1) {
      // The others are not to suffer from the one that cannot be recorded.
      all.forEach(finding -> settle(List.of(finding)));
      return;
    }
    for (Finding finding : all) {
      finding.isSettled = true;
      finding.failure = Optional.ofNullable(failure);
    }
  }

  /// What a hint showed. Its last two fields belong to whoever holds the lock `recording`.
  private static final class Finding {
    private final KeyChange change;
    private boolean isSettled;
    private Optional<RuntimeException> failure = Optional.empty();

    private Finding(KeyChange change) {
      this.change = change;
    }
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
