package org.vistadr.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;
import org.vistadr.model.VersionIdentity;

/// Compares what the primary lists of a key with what the catalog holds of it. Pure.
///
/// Entries new in the listing are appended in listing order; entries that the listing lacks are
/// purged, those that were inferred with the version whose bytes they speak of; and when the key's
/// current state changed without a new entry (its newest version was removed, or the key vanished),
/// an inferred entry says so, since neither views nor secondaries could follow otherwise.
final class KeyDiff {

  private KeyDiff() {}

  /// What to record.
  ///
  /// @param listed the key's entries at the primary, newest first; empty when it lists none
  /// @param known the key's recorded history
  /// @param observedAt the time that an inferred entry gets: the start of the look, in the
  ///   primary's clock
  /// @throws RankException when a late entry finds no room between its neighbours
  static KeyChange of(List<ListedVersion> listed, KeyHistory known, Instant observedAt) {
    if (isAsRecorded(listed, known)) {
      return new KeyChange(known.key(), List.of(), List.of());
    }
    List<KeyChange.NewEntry> appended = new ArrayList<>(appended(listed, known));
    List<Long> purged = purged(listed, known);
    inferred(listed, known, appended, observedAt).ifPresent(appended::add);
    return new KeyChange(known.key(), appended, purged);
  }

  /// Whether the catalog holds exactly what is listed, in the same order. True of nearly every key
  /// of a scan, so it is asked first, at little cost.
  private static boolean isAsRecorded(List<ListedVersion> listed, KeyHistory known) {
    int place = 0;
    for (RecordedVersion version : known.newestFirst()) {
      if (version.atPrimary()) {
        if (place == listed.size() || !listed.get(place).identity().equals(version.identity())) {
          return false;
        }
        place++;
      }
    }
    return place > 0
        && place == listed.size()
        && sameState(Optional.of(listed.getFirst()), known.newestFirst().getFirst());
  }

  /// Whether recording the change needs a second look at the primary first, because it rests on
  /// absence. A null version that was overwritten is not absent: its successor is the proof.
  static boolean restsOnAbsence(KeyChange change, KeyHistory known) {
    boolean nullAppended =
        change.appended().stream()
            .anyMatch(entry -> entry.origin() == Origin.LISTED && entry.versionId().isNull());
    boolean inferred =
        change.appended().stream().anyMatch(entry -> entry.origin() == Origin.INFERRED);
    boolean vanished =
        known.newestFirst().stream()
            .filter(version -> change.purged().contains(version.id()))
            .anyMatch(version -> !version.versionId().isNull() || !nullAppended);
    return inferred || vanished;
  }

  /// Whether the listing has every entry that the catalog believes to be there, as it believes it.
  static boolean lacksNothing(KeyChange change) {
    return change.purged().isEmpty()
        && change.appended().stream().noneMatch(entry -> entry.origin() == Origin.INFERRED);
  }

  private static List<KeyChange.NewEntry> appended(List<ListedVersion> listed, KeyHistory known) {
    List<KeyChange.NewEntry> result = new ArrayList<>();
    List<ListedVersion> run = new ArrayList<>();
    long above = 0;
    for (ListedVersion version : listed.reversed()) {
      Optional<RecordedVersion> recorded = atPrimary(known, version.identity());
      if (recorded.isEmpty()) {
        run.add(version);
        continue;
      }
      place(run, roomBelow(known, recorded.get().rank()), recorded.get().rank(), result);
      run.clear();
      above = recorded.get().rank();
    }
    appendOnTop(run, Math.max(above, newestRank(known)), result);
    return result;
  }

  private static void appendOnTop(
      List<ListedVersion> oldestFirst, long newest, List<KeyChange.NewEntry> result) {
    long rank = newest == 0 ? VersionLog.FIRST_RANK : newest + VersionLog.RANK_STEP;
    for (ListedVersion version : oldestFirst) {
      result.add(listedEntry(version, rank));
      rank += VersionLog.RANK_STEP;
    }
  }

  /// Puts late entries below an entry that is listed above them.
  private static void place(
      List<ListedVersion> oldestFirst, long lower, long upper, List<KeyChange.NewEntry> result) {
    if (oldestFirst.isEmpty()) {
      return;
    }
    long step = (upper - lower) / (oldestFirst.size() + 1);
    if (step == 0) {
      throw new RankException(oldestFirst.getFirst().key().value());
    }
    long rank = lower;
    for (ListedVersion version : oldestFirst) {
      rank += step;
      result.add(listedEntry(version, rank));
    }
  }

  private static KeyChange.NewEntry listedEntry(ListedVersion version, long rank) {
    return new KeyChange.NewEntry(
        rank, Origin.LISTED, version.versionId(), version.lastModified(), version.entry());
  }

  private static List<Long> purged(List<ListedVersion> listed, KeyHistory known) {
    Set<VersionIdentity> identities = new HashSet<>();
    for (ListedVersion version : listed) {
      identities.add(version.identity());
    }
    return known.newestFirst().stream()
        .filter(version -> version.purgedInScan().isEmpty())
        .filter(version ->
            switch (version.origin()) {
              case LISTED -> !identities.contains(version.identity());
              case INFERRED -> isContent(version) && !hasBytesOf(listed, version);
            })
        .map(RecordedVersion::id)
        .toList();
  }

  private static boolean isContent(RecordedVersion version) {
    return version.entry() instanceof Entry.Content;
  }

  /// Whether the version that showed again is still there. Its time is not that of the entry.
  private static boolean hasBytesOf(List<ListedVersion> listed, RecordedVersion shown) {
    return listed.stream().anyMatch(version -> sameState(Optional.of(version), shown));
  }

  private static Optional<KeyChange.NewEntry> inferred(
      List<ListedVersion> listed,
      KeyHistory known,
      List<KeyChange.NewEntry> appended,
      Instant observedAt) {
    long newest = newestRank(known);
    boolean listingHasNewHead =
        !appended.isEmpty() && (appended.getLast().rank() > newest || newest == 0);
    if (listingHasNewHead || newest == 0) {
      return Optional.empty();
    }
    RecordedVersion recordedHead = known.newestFirst().getFirst();
    Optional<ListedVersion> head = listed.stream().findFirst();
    if (sameState(head, recordedHead)) {
      return Optional.empty();
    }
    return Optional.of(
        new KeyChange.NewEntry(
            newest + VersionLog.RANK_STEP,
            Origin.INFERRED,
            head.map(ListedVersion::versionId).orElse(VersionId.NULL),
            observedAt,
            head.map(ListedVersion::entry).orElseGet(Entry.DeleteMarker::new)));
  }

  private static boolean sameState(Optional<ListedVersion> head, RecordedVersion recorded) {
    Entry now = head.map(ListedVersion::entry).orElseGet(Entry.DeleteMarker::new);
    return switch (now) {
      case Entry.DeleteMarker() -> recorded.entry() instanceof Entry.DeleteMarker;
      case Entry.Content(String etag, long size, _) ->
          recorded.entry() instanceof Entry.Content then
              && then.etag().equals(etag)
              && then.size() == size
              && head.map(ListedVersion::versionId).equals(Optional.of(recorded.versionId()));
    };
  }

  private static Optional<RecordedVersion> atPrimary(KeyHistory known, VersionIdentity identity) {
    return known.newestFirst().stream()
        .filter(version -> version.atPrimary() && version.identity().equals(identity))
        .findFirst();
  }

  /// The highest recorded rank below `rank`, 0 for none.
  private static long roomBelow(KeyHistory known, long rank) {
    return known.newestFirst().stream()
        .mapToLong(RecordedVersion::rank)
        .filter(other -> other < rank)
        .max()
        .orElse(0);
  }

  private static long newestRank(KeyHistory known) {
    return known.newestFirst().isEmpty() ? 0 : known.newestFirst().getFirst().rank();
  }

  /// A late entry finds no room in a key's order. Does not happen below 16 late entries at one
  /// place.
  static final class RankException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    RankException(String key) {
      super("no room left in the history of " + key + " for an entry that appeared late");
    }
  }
}
