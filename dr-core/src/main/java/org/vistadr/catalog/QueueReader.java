package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.vistadr.catalog.ReplicationQueue.Pending;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;

/// Reads what waits at a secondary: untried versions from their ranges, the others from their rows.
///
/// The ranges are read first. A version that gets a row of its own meanwhile is then met twice, and
/// the row counts; the other way round it could be missed. Safe for use by many threads.
final class QueueReader {

  /// Of more than that many pending rows, those that come first by key are found by walking along
  /// the keys; fewer are sorted.
  private static final int MOST_SORTED = 10_000;

  /// Ranges and rows of another secondary that are looked through for what it wants, too.
  private static final int OTHERS_LOOKED_AT = 10_000;

  private static final Comparator<Pending> BY_KEY =
      Comparator.comparing((Pending row) -> row.version().key())
          .thenComparingLong(row -> row.version().rank());

  private static final String ALONE =
      """
      , NOT EXISTS (SELECT 1 FROM version o
         WHERE o.object_key = v.object_key AND o.key_rank <> v.key_rank)
      """;

  private static final String UNTRIED =
      "SELECT " + VersionRows.COLUMNS + ", 0, 0, 0, ''" + ALONE + " FROM version v ";

  private static final String ROWS =
      "SELECT "
          + VersionRows.COLUMNS
          + ", q.state, q.attempts, q.not_before, q.last_error"
          + ALONE
          + " FROM queue q JOIN version v ON v.id = q.version_id ";

  private final Store store;

  QueueReader(Store store) {
    this.store = store;
  }

  /// See [ReplicationQueue#due].
  List<Pending> due(int secondary, long afterId, Instant now, int atMost) {
    List<Pending> untried = untried(secondary, afterId, atMost);
    List<Pending> rows =
        rows(
            """
            WHERE q.secondary_id = ? AND q.state = 0 AND q.version_id > ? AND q.not_before <= ?
            ORDER BY q.secondary_id, q.state, q.version_id LIMIT ?\
            """,
            secondary,
            afterId,
            Codes.nanos(now),
            atMost);
    return wanted(secondary, byId(untried, rows).limit(atMost).toList());
  }

  /// See [ReplicationQueue#notDurable].
  List<Pending> notDurable(int secondary, long afterId, int atMost) {
    List<Pending> untried = untried(secondary, afterId, atMost);
    List<Pending> rows =
        rows(
            """
            WHERE q.place > ? AND q.secondary_id = ? AND q.state IN (0, 1, 2) ORDER BY q.place LIMIT ?\
            """,
            Codes.place(Codes.PLACES - 1, afterId),
            secondary,
            atMost);
    return wanted(secondary, byId(untried, rows).limit(atMost).toList());
  }

  /// See [ReplicationQueue#ofKey].
  List<Pending> ofKey(int secondary, ObjectKey key) {
    List<PendingRanges.Range> first = PendingRanges.above(store, secondary, 0, 1);
    List<Pending> untried =
        first.isEmpty()
            ? List.of()
            : store.rows(
                UNTRIED
                    // The sum keeps the query off the order of ids.
                    + "WHERE v.object_key = ? AND v.id + 0 >= ? AND "
                    + PendingRanges.contains("CAST(? AS BIGINT)", "v.id"),
                QueueReader::pending,
                key.utf8(),
                first.getFirst().first(),
                secondary,
                secondary);
    List<Pending> rows =
        rows("WHERE q.secondary_id = ? AND q.object_key = ?", secondary, key.utf8());
    return wanted(secondary, byId(untried, rows).sorted(BY_KEY).toList());
  }

  /// Rows in a state, by key.
  ///
  /// @param from the first key, in bytes
  List<Pending> list(int secondary, int state, byte[] from, int atMost) {
    // Most rows are of one state or of few keys; sorting them costs less than passing all others.
    // The column of the other table keeps the query off the index by key.
    List<Pending> untried =
        state == Codes.PENDING ? untriedByKey(secondary, from, atMost) : List.of();
    List<Pending> rows =
        rows(
            """
            WHERE q.secondary_id = ? AND q.state = ? AND v.object_key >= ?
            ORDER BY q.object_key, q.key_rank LIMIT ?
            """,
            secondary,
            state,
            from,
            atMost);
    return wanted(secondary, byId(untried, rows).sorted(BY_KEY).limit(atMost).toList());
  }

  private List<Pending> untriedByKey(int secondary, byte[] from, int atMost) {
    List<Pending> first = untried(secondary, 0, MOST_SORTED + 1);
    if (first.size() <= MOST_SORTED) {
      ObjectKey least = from.length == 0 ? null : ObjectKey.ofUtf8(from);
      return first.stream()
          .filter(row -> least == null || row.version().key().compareTo(least) >= 0)
          .sorted(BY_KEY)
          .limit(atMost)
          .toList();
    }
    return store.rows(
        UNTRIED
            + "WHERE v.object_key >= ? AND "
            + PendingRanges.contains("CAST(? AS BIGINT)", "v.id")
            + " ORDER BY v.object_key, v.key_rank DESC LIMIT ?",
        QueueReader::pending,
        from,
        secondary,
        secondary,
        atMost);
  }

  /// Versions in ranges, by their ids.
  private List<Pending> untried(int secondary, long afterId, int atMost) {
    List<Pending> found = new ArrayList<>();
    for (PendingRanges.Range range : PendingRanges.above(store, secondary, afterId, atMost)) {
      if (found.size() == atMost) {
        break;
      }
      found.addAll(
          store.rows(
              UNTRIED + "WHERE v.id BETWEEN ? AND ? ORDER BY v.id LIMIT ?",
              QueueReader::pending,
              range.first(),
              range.last(),
              atMost - found.size()));
    }
    return found;
  }

  private List<Pending> rows(String where, Object... arguments) {
    return store.rows(ROWS + where, QueueReader::pending, arguments);
  }

  private static Stream<Pending> byId(List<Pending> untried, List<Pending> rows) {
    if (rows.isEmpty()) {
      return untried.stream();
    }
    Map<Long, Pending> merged = new TreeMap<>();
    untried.forEach(row -> merged.put(row.version().id(), row));
    rows.forEach(row -> merged.put(row.version().id(), row));
    return merged.values().stream();
  }

  /// Counts the secondaries that have the same versions pending.
  private List<Pending> wanted(int secondary, List<Pending> page) {
    if (page.isEmpty()) {
      return page;
    }
    List<Integer> others =
        store.rows(
            "SELECT id FROM secondary WHERE declared AND id <> ?", row -> row.getInt(1), secondary);
    if (others.isEmpty()) {
      return page;
    }
    Map<Long, Integer> counts = new HashMap<>();
    for (int other : others) {
      countWanted(other, page, counts);
    }
    return page.stream()
        .map(row -> row.wantedBy(row.wantedBy() + counts.getOrDefault(row.version().id(), 0)))
        .toList();
  }

  private void countWanted(int other, Collection<Pending> page, Map<Long, Integer> counts) {
    TreeMap<Long, PendingRanges.Range> ranges = new TreeMap<>();
    long first = page.stream().mapToLong(row -> row.version().id()).min().orElseThrow();
    long last = page.stream().mapToLong(row -> row.version().id()).max().orElseThrow();
    PendingRanges.above(store, other, first - 1, OTHERS_LOOKED_AT)
        .forEach(range -> ranges.put(range.first(), range));
    List<Long> rows =
        store.rows(
            """
            SELECT q.version_id FROM queue q
            WHERE q.secondary_id = ? AND q.state = 0 AND q.version_id BETWEEN ? AND ?
            ORDER BY q.secondary_id, q.state, q.version_id LIMIT ?\
            """,
            row -> row.getLong(1),
            other,
            first,
            last,
            OTHERS_LOOKED_AT);
    rows.forEach(id -> counts.merge(id, 1, Integer::sum));
    for (Pending row : page) {
      long id = row.version().id();
      var range = ranges.floorEntry(id);
      if (range != null && range.getValue().contains(id)) {
        counts.merge(id, 1, Integer::sum);
      }
    }
  }

  private static Pending pending(ResultSet row) throws SQLException {
    int column = VersionRows.NEXT_COLUMN;
    RecordedVersion version = VersionRows.read(row);
    int state = row.getInt(column);
    return new Pending(
        version,
        Codes.queueState(state),
        row.getInt(column + 1),
        Codes.instant(row.getLong(column + 2)),
        row.getString(column + 3),
        state == Codes.PENDING ? 1 : 0,
        row.getBoolean(column + 4));
  }
}
