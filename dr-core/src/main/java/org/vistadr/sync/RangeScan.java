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
import org.vistadr.catalog.RangeDigest;
import org.vistadr.catalog.RangeDigests;
import org.vistadr.catalog.TempSpool;
import org.vistadr.model.KeyRange;
import org.vistadr.model.KeyedHash;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Scans one key range: merges the primary's listing with the catalog, both in key order, in
/// constant memory. A stretch of keys that lists as it did when it was equal to the catalog is
/// passed without reading the catalog, and of one in which little changed only that is read; one in
/// [#LOOKED_AT_ANYWAY] is read all the same.
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
  /// @param hash hashes what is listed of a key
  record Context(
      Catalog catalog,
      ObjectStore primary,
      KeyLooks looks,
      KeyFilter filter,
      SyncListener listener,
      BooleanSupplier stopped,
      long number,
      Instant startedAt,
      Regime regime,
      KeyedHash hash) {}

  /// Changes recorded in one transaction.
  private static final int BATCH = 500;

  private static final int LOOKED_AT_ANYWAY = 128;

  /// A stretch of which more than one key in so many changed is read at once.
  private static final int MANY_OF = 4;

  private final Context context;
  private final KeyRange range;
  private final ListingStream listing;
  private final Stretches stretches;
  private final RangeDigests.Cursor digests;
  private final List<KeyChange> batch = new ArrayList<>();
  private final List<RangeDigest> equal = new ArrayList<>();
  private Optional<HistoryCursor> histories = Optional.empty();
  private long keys;
  private long recognised;
  private long appended;
  private long purged;

  RangeScan(Context context, KeyRange range) {
    this.context = context;
    this.range = range;
    listing = new ListingStream(context.primary(), context.regime(), range);
    stretches = new Stretches(listing, range, context.filter(), context.hash());
    digests = context.catalog().rangeDigests().in(range);
  }

  /// Lists the range to its end.
  ///
  /// @throws ScanStoppedException when the daemon stops
  Result run() throws StorageException {
    try (TempSpool<ObjectKey> suspects = TempSpool.ofKeys()) {
      passStretches(suspects);
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
        new RangeSeams.Listed(range, stretches.first(), listing.beyond()));
  }

  private boolean lookAgain(ObjectKey key) throws StorageException {
    return context.looks().lookAgain(key, context.regime(), context.startedAt(), context.number());
  }

  private void passStretches(TempSpool<ObjectKey> suspects) throws StorageException {
    long reported = 0;
    for (Optional<Stretches.Stretch> next = stretches.next();
        next.isPresent();
        next = stretches.next()) {
      requireRunning();
      pass(next.get(), suspects);
      if (listing.versions() - reported >= 1000) {
        context.listener().scanned(listing.versions() - reported);
        reported = listing.versions();
      }
    }
    context.listener().scanned(listing.versions() - reported);
  }

  private void pass(Stretches.Stretch stretch, TempSpool<ObjectKey> suspects) {
    Optional<RangeDigest> digest =
        stretch.whole() ? Optional.of(stretches.digest(stretch)) : Optional.empty();
    Optional<RangeDigest> kept =
        digest.flatMap(digests::sameBounds).filter(range -> !isLookedAtAnyway(range));
    if (kept.isPresent() && kept.equals(digest)) {
      keys += stretch.keys().size();
      recognised += stretch.entries();
      histories = Optional.empty();
      return;
    }
    boolean isListed =
        kept.isPresent()
            ? mergeChanged(stretch, digest.orElseThrow(), kept.get(), suspects)
            : merge(stretch, suspects);
    if (isListed) {
      digest.ifPresent(equal::add);
    }
    // Never within a stretch: it is kept with the last of its changes.
    if (batch.size() + equal.size() >= BATCH) {
      flush(suspects);
    }
  }

  /// So that no stretch is passed for ever.
  private boolean isLookedAtAnyway(RangeDigest range) {
    return Math.floorMod(range.upTo().hashCode() + context.number(), LOOKED_AT_ANYWAY) == 0;
  }

  /// Compares the keys that list otherwise than when the stretch was equal to the catalog. That is
  /// enough when each key that was listed then and is not any more as it was is among them: none is
  /// gone. Otherwise all of the stretch is compared.
  private boolean mergeChanged(
      Stretches.Stretch stretch,
      RangeDigest digest,
      RangeDigest kept,
      TempSpool<ObjectKey> suspects) {
    List<ListingStream.ListedKey> changed =
        digest.listed().notIn(kept.listed()).stream().mapToObj(stretch.keys()::get).toList();
    if (changed.size() * MANY_OF > stretch.keys().size()) {
      return merge(stretch, suspects);
    }
    int others = stretch.keys().size() - changed.size();
    List<KeyHistory> known =
        changed.stream().map(key -> context.catalog().versions().history(key.key())).toList();
    long listedBefore =
        known.stream()
            .filter(history -> history.newestFirst().stream().anyMatch(RecordedVersion::atPrimary))
            .count();
    // Only of the catalog as it was kept does it follow that none is gone.
    if (others + listedBefore != kept.listed().size()
        || context.catalog().rangeDigests().mayHaveChanged(kept)) {
      return merge(stretch, suspects);
    }
    histories = Optional.empty();
    boolean isListed = true;
    keys += others;
    recognised += stretch.entries();
    for (int i = 0; i < known.size(); i++) {
      List<ListedVersion> listed = changed.get(i).newestFirst();
      recognised -= listed.size();
      isListed &= inspect(listed, known.get(i), suspects);
    }
    return isListed;
  }

  /// @return whether the catalog says what the listing says, once the batch is recorded
  private boolean merge(Stretches.Stretch stretch, TempSpool<ObjectKey> suspects) {
    HistoryCursor known =
        histories.orElseGet(() ->
            context
                .catalog()
                .versions()
                .histories(new KeyRange(stretch.after(), range.upTo()), stretch.keys().size() + 1));
    histories = Optional.of(known);
    boolean isListed = true;
    for (ListingStream.ListedKey listed : stretch.keys()) {
      requireRunning();
      while (known.peekKey().filter(key -> key.compareTo(listed.key()) < 0).isPresent()) {
        isListed &= inspect(List.of(), known.next().orElseThrow(), suspects);
      }
      KeyHistory history =
          known.peekKey().filter(listed.key()::equals).isPresent()
              ? known.next().orElseThrow()
              : new KeyHistory(listed.key(), List.of());
      isListed &= inspect(listed.newestFirst(), history, suspects);
    }
    // What the catalog knows behind the last key belongs to the next stretch, if there is one.
    while (stretch.upTo().isEmpty() && known.peekKey().isPresent()) {
      requireRunning();
      isListed &= inspect(List.of(), known.next().orElseThrow(), suspects);
    }
    return isListed;
  }

  /// @return whether nothing has to be looked at again
  private boolean inspect(
      List<ListedVersion> listed, KeyHistory known, TempSpool<ObjectKey> suspects) {
    if (!context.filter().accepts(known.key())) {
      return true;
    }
    keys += listed.isEmpty() ? 0 : 1;
    KeyChange change = KeyDiff.of(listed, known, context.startedAt());
    recognised += listed.size() - change.appended().stream().filter(RangeScan::isListed).count();
    if (change.isEmpty()) {
      return true;
    }
    if (KeyDiff.restsOnAbsence(change, known)) {
      suspects.add(known.key());
      return false;
    }
    appended += change.appended().size();
    purged += change.purged().size();
    batch.add(change);
    return true;
  }

  private static boolean isListed(KeyChange.NewEntry entry) {
    return entry.origin() == Origin.LISTED;
  }

  private void flush(TempSpool<ObjectKey> suspects) {
    if (!batch.isEmpty() || !equal.isEmpty()) {
      context.looks().recordFindings(context.number(), batch, equal).forEach(suspects::add);
      batch.clear();
      equal.clear();
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
