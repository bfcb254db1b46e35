package org.vistadr.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.TempSpool;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.Regime;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Scans one key range: merges the primary's listing with the catalog, both in key order, in
/// constant memory.
///
/// Findings that rest on absence are set aside until the range was listed to its end without an
/// error, and then looked at a second time, key by key. Used by one thread.
final class RangeScan {

  /// What a range held.
  ///
  /// @param recognised entries listed that the catalog knew
  record Tally(long keys, long versions, long recognised, long appended, long purged) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    Tally plus(Tally other) {
      return new Tally(
          keys + other.keys,
          versions + other.versions,
          recognised + other.recognised,
          appended + other.appended,
          purged + other.purged);
    }
  }

  /// What came of a range.
  record Result(Tally tally, RangeSeams.Listed listed) {}

  /// What all ranges of a scan share.
  ///
  /// @param number the scan's number
  /// @param startedAt in the primary's clock
  /// @param regime the primary's regime
  record Context(
      Catalog catalog,
      ObjectStore primary,
      KeyLooks looks,
      KeyFilter filter,
      SyncListener listener,
      BooleanSupplier stopped,
      long number,
      Instant startedAt,
      Regime regime) {}

  /// Changes recorded in one transaction.
  private static final int BATCH = 500;

  private final Context context;
  private final KeyRange range;
  private final List<KeyChange> batch = new ArrayList<>();
  private Optional<ObjectKey> first = Optional.empty();
  private long keys;
  private long recognised;
  private long appended;
  private long purged;

  RangeScan(Context context, KeyRange range) {
    this.context = context;
    this.range = range;
  }

  /// Lists the range to its end.
  ///
  /// @throws ScanStoppedException when the daemon stops
  Result run() throws StorageException {
    ListingStream listing = new ListingStream(context.primary(), context.regime(), range);
    HistoryCursor histories = context.catalog().versions().histories(range);
    try (TempSpool<ObjectKey> suspects = TempSpool.ofKeys()) {
      merge(listing, histories, suspects);
      flush(suspects);
      for (Optional<ObjectKey> suspect = suspects.poll();
          suspect.isPresent();
          suspect = suspects.poll()) {
        requireRunning();
        if (lookAgain(suspect.get())) {
          purged++;
        }
      }
    }
    return new Result(
        new Tally(keys, listing.versions(), recognised, appended, purged),
        new RangeSeams.Listed(range, first, listing.beyond()));
  }

  private boolean lookAgain(ObjectKey key) throws StorageException {
    return context.looks().lookAgain(key, context.regime(), context.startedAt(), context.number());
  }

  private void merge(ListingStream listing, HistoryCursor histories, TempSpool<ObjectKey> suspects)
      throws StorageException {
    long reported = 0;
    Optional<ListingStream.ListedKey> listed = listing.next();
    first = listed.map(ListingStream.ListedKey::key);
    while (listed.isPresent() || histories.peekKey().isPresent()) {
      requireRunning();
      int order = order(listed, histories.peekKey());
      if (order > 0) {
        inspect(List.of(), histories.next().orElseThrow(), suspects);
        continue;
      }
      ListingStream.ListedKey current = listed.orElseThrow();
      KeyHistory known =
          order == 0 ? histories.next().orElseThrow() : new KeyHistory(current.key(), List.of());
      inspect(current.newestFirst(), known, suspects);
      listed = listing.next();
      if (listing.versions() - reported >= 1000) {
        context.listener().scanned(listing.versions() - reported);
        reported = listing.versions();
      }
    }
    context.listener().scanned(listing.versions() - reported);
  }

  private static int order(Optional<ListingStream.ListedKey> listed, Optional<ObjectKey> recorded) {
    if (listed.isEmpty()) {
      return 1;
    }
    return recorded.map(key -> Integer.signum(listed.get().key().compareTo(key))).orElse(-1);
  }

  private void inspect(
      List<ListedVersion> listed, KeyHistory known, TempSpool<ObjectKey> suspects) {
    if (!context.filter().accepts(known.key())) {
      return;
    }
    keys += listed.isEmpty() ? 0 : 1;
    KeyChange change = KeyDiff.of(listed, known, context.startedAt());
    recognised += listed.size() - change.appended().stream().filter(RangeScan::isListed).count();
    if (change.isEmpty()) {
      return;
    }
    if (KeyDiff.restsOnAbsence(change, known)) {
      suspects.add(known.key());
      return;
    }
    appended += change.appended().size();
    purged += change.purged().size();
    batch.add(change);
    if (batch.size() >= BATCH) {
      flush(suspects);
    }
  }

  private static boolean isListed(KeyChange.NewEntry entry) {
    return entry.origin() == Origin.LISTED;
  }

  private void flush(TempSpool<ObjectKey> suspects) {
    if (!batch.isEmpty()) {
      context.looks().recordFindings(context.number(), batch).forEach(suspects::add);
      batch.clear();
    }
  }

  private void requireRunning() {
    if (context.stopped().getAsBoolean()) {
      throw new ScanStoppedException();
    }
  }

  /// The daemon stops; the scan counts as incomplete.
  static final class ScanStoppedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ScanStoppedException() {
      super("the scan was stopped");
    }
  }
}
