package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.SiteName;

/// Moves held deletions on, page by page, so that no transaction grows with their number. Each step
/// can be repeated after a crash. Thread-safe.
public final class HeldRows {

  private static final int PAGE = 2_000;
  private static final int RANGES = 1_000;

  /// A deletion that nothing follows takes something from the secondary.
  private static final String LAST_DELETION =
      """
       v.kind = ? AND NOT EXISTS (SELECT 1 FROM version w
        WHERE w.object_key = v.object_key AND w.key_rank > v.key_rank)\
      """;

  /// UTF-8 never has this byte.
  private static final byte[] ABOVE_ALL_KEYS = {(byte) 0xFF};

  private final Store store;
  private final Secondaries secondaries;

  HeldRows(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// Deletions that are held at a secondary. Cheap.
  public long count(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle -> count(handle, id));
  }

  /// Lets those go on that the brake does not hold any more: deletions of scans that were judged a
  /// day's work, or that a person released.
  ///
  /// @return how many
  public long releaseCleared(SiteName secondary) {
    int id = secondaries.id(secondary);
    long cleared =
        store.read(handle ->
            count(handle, id) == 0
                ? -1L
                : handle
                    .select("SELECT cleared_through FROM brake")
                    .map((row, _) -> row.getLong(1))
                    .one());
    return cleared < 0
        ? 0
        : move(id, new Scope(Optional.empty(), cleared), Codes.PENDING, Optional.empty());
  }

  /// Holds deletions that wait for their turn, because what was found together with them looks like
  /// a disaster. One that is under way at this moment arrives.
  ///
  /// @param fromScan that count to this scan or to later ones
  /// @return how many
  public long hold(SiteName secondary, long fromScan) {
    int id = secondaries.id(secondary);
    giveRows(id, fromScan);
    long held = 0;
    while (true) {
      long moved =
          store.write(handle ->
              move(
                  handle,
                  id,
                  Codes.PENDING,
                  Codes.HELD,
                  Optional.empty(),
                  handle
                      .select(
                          """
                          SELECT q.place, q.version_id, q.seen_scan, q.size FROM queue q
                          JOIN version v ON v.id = q.version_id
                          WHERE q.secondary_id = ? AND q.state = ? AND q.seen_scan >= ? AND\
                          """
                              + LAST_DELETION
                              + " LIMIT ?",
                          id,
                          Codes.PENDING,
                          fromScan,
                          Codes.DELETE_MARKER,
                          PAGE)
                      .map((row, _) -> row(row))
                      .list()));
      held += moved;
      if (moved < PAGE) {
        return held;
      }
    }
  }

  /// Gives untried deletions rows of their own, since held ones need them.
  private void giveRows(int secondary, long fromScan) {
    long after = 0;
    while (true) {
      List<PendingRanges.Range> page = PendingRanges.above(store, secondary, after, RANGES);
      for (PendingRanges.Range range : page) {
        giveRows(secondary, fromScan, range);
      }
      if (page.size() < RANGES) {
        return;
      }
      after = page.getLast().last();
    }
  }

  private void giveRows(int secondary, long fromScan, PendingRanges.Range range) {
    long from = range.first();
    while (true) {
      List<Long> deletions =
          store.rows(
              "SELECT v.id FROM version v WHERE v.id BETWEEN ? AND ? AND v.seen_scan >= ? AND"
                  + LAST_DELETION
                  + " ORDER BY v.id LIMIT ?",
              row -> row.getLong(1),
              from,
              range.last(),
              fromScan,
              Codes.DELETE_MARKER,
              PAGE);
      if (!deletions.isEmpty()) {
        store.run(handle -> new PendingRanges(handle).giveRows(secondary, deletions));
      }
      if (deletions.size() < PAGE) {
        return;
      }
      from = deletions.getLast() + 1;
    }
  }

  /// Lets held deletions go to a secondary.
  ///
  /// @return how many
  public long release(SiteName secondary, Scope scope) {
    return move(secondaries.id(secondary), scope, Codes.PENDING, Optional.empty());
  }

  /// Waives held deletions: the secondary stays as it is, visibly.
  ///
  /// @return how many
  public long discard(SiteName secondary, Scope scope, String reason) {
    return move(
        secondaries.id(secondary), scope, Codes.WAIVED, Optional.of("discarded: " + reason));
  }

  private static long count(Handle handle, int secondary) {
    return handle
        .select(
            "SELECT COALESCE(SUM(objects), 0) FROM queue_sum WHERE secondary_id = ? AND state = ?",
            secondary,
            Codes.HELD)
        .map((row, _) -> row.getLong(1))
        .one();
  }

  private long move(int secondary, Scope scope, int state, Optional<String> note) {
    long moved = 0;
    long after = 0;
    while (true) {
      long from = after;
      Page page = store.write(handle -> movePage(handle, secondary, scope, state, note, from));
      moved += page.moved;
      if (page.last.isEmpty()) {
        return moved;
      }
      after = page.last.get();
    }
  }

  private static Page movePage(
      Handle handle, int secondary, Scope scope, int state, Optional<String> note, long after)
      throws SQLException {
    List<Row> rows =
        handle
            .select(
                """
                SELECT q.place, q.version_id, q.seen_scan, q.size FROM queue q
                WHERE q.secondary_id = ? AND q.state = ? AND q.version_id > ? AND q.seen_scan <= ?
                  AND q.object_key >= ? AND q.object_key < ?
                ORDER BY q.secondary_id, q.state, q.version_id LIMIT ?\
                """,
                secondary,
                Codes.HELD,
                after,
                scope.throughScan(),
                scope.first(),
                scope.end(),
                PAGE)
            .map((row, _) -> row(row))
            .list();
    if (rows.isEmpty()) {
      return new Page(0, Optional.empty());
    }
    move(handle, secondary, Codes.HELD, state, note, rows);
    return new Page(rows.size(), Optional.of(rows.getLast().versionId));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
  }

  private static long move(
      Handle handle, int secondary, int from, int state, Optional<String> note, List<Row> rows)
      throws SQLException {
    QueueSums sums = new QueueSums(handle);
    List<Long> places = new ArrayList<>();
    for (Row row : rows) {
      sums.remove(secondary, from, row.seenScan, 0, row.size);
      sums.add(secondary, state, row.seenScan, 0, row.size);
      places.add(row.place);
    }
    Connection connection = handle.getConnection();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE queue SET state = ?, last_error = ? WHERE place = ANY(?)")) {
      update.setInt(1, state);
      update.setString(2, Codes.cut(note.orElse(""), 2000));
      update.setArray(3, ByNumber.numbers(handle, places));
      update.executeUpdate();
    }
    sums.write();
    try (ChangeNotes changes = new ChangeNotes(handle)) {
      for (Row row : rows) {
        changes.note(row.versionId);
      }
      changes.write();
    }
    return rows.size();
  }

  /// Which held deletions.
  ///
  /// @param prefix of keys that start with it; empty for all
  /// @param throughScan that count to scans up to this one
  public record Scope(Optional<String> prefix, long throughScan) {

    private byte[] first() {
      return prefix.orElse("").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private byte[] end() {
      return VersionLog.end(first()).orElse(ABOVE_ALL_KEYS);
    }
  }

  private record Row(long place, long versionId, long seenScan, long size) {}

  private record Page(long moved, Optional<Long> last) {}
}
