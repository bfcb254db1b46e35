package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.ContentFindings;
import org.vistadr.model.ContentKind;
import org.vistadr.model.ContentLook;
import org.vistadr.model.KeyShift;
import org.vistadr.model.ObjectKey;

/// Content that took the place of other content: what its bytes and its encryption look like beside
/// what was there before. A row is made where a scan or a look finds the change, is compared once
/// the new bytes were copied, and goes when the brake's window has passed. Thread-safe.
public final class OverwriteLog {

  private static final int PAGE = 1000;

  /// So many rows in a row that nothing is known of yet end a comparison: what follows was recorded
  /// later, and is copied later.
  private static final int MOST_UNKNOWN = 10 * PAGE;

  private static final int SAMPLES = 3;

  private final Store store;

  OverwriteLog(Store store) {
    this.store = store;
  }

  /// @param version id of the content now
  /// @param before id of the content whose place it took
  record Pair(long version, long before) {}

  /// In the transaction that records the versions.
  static void add(Handle handle, List<Pair> pairs) throws SQLException {
    if (pairs.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        handle
            .getConnection()
            .prepareStatement(
                "MERGE INTO overwrite (version_id, before_id) KEY (version_id) VALUES (?, ?)")) {
      for (Pair pair : pairs) {
        insert.setLong(1, pair.version);
        insert.setLong(2, pair.before);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// Compares what was copied since the last call. Page by page, so that no transaction grows with
  /// the number of objects.
  ///
  /// @param now the time at which it counts
  public void compare(Instant now) {
    long after = 0;
    int unknown = 0;
    while (unknown < MOST_UNKNOWN) {
      long from = after;
      Page page = store.read(handle -> page(handle, from));
      if (page.rows.isEmpty()) {
        return;
      }
      List<Compared> known = page.rows.stream().flatMap(row -> row.compared().stream()).toList();
      if (!known.isEmpty()) {
        store.run(handle -> settle(handle, known, now));
      }
      unknown = known.isEmpty() ? unknown + page.rows.size() : 0;
      after = page.rows.getLast().version;
    }
  }

  /// Says that the primary gives a version to nobody without a key.
  public void unreadable(long version, Instant now) {
    store.run(handle ->
        handle.execute(
            "UPDATE overwrite SET unreadable = 1, looked_at = ?"
                + " WHERE version_id = ? AND looked_at IS NULL",
            Codes.nanos(now),
            version));
  }

  /// What was compared since a moment.
  ///
  /// @param objectsBefore see [ContentFindings]
  public Found found(Instant since, long objectsBefore) {
    long from = Codes.nanos(since);
    return store.read(handle -> found(handle, from, objectsBefore));
  }

  private static Found found(Handle handle, long from, long objectsBefore) {
    long[] sums =
        handle
            .select(
                """
                SELECT COUNT(*), COALESCE(SUM(hidden), 0), COALESCE(SUM(rekeyed), 0),
                  COALESCE(SUM(unreadable), 0)
                FROM overwrite WHERE looked_at >= ?\
                """,
                from)
            .map((row, _) ->
                new long[] {row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)})
            .one();
    if (sums[1] + sums[2] + sums[3] == 0) {
      return new Found(
          new ContentFindings(
              objectsBefore,
              sums[0],
              0,
              0,
              0,
              Map.of(),
              new ContentFindings.Samples(List.of(), List.of())),
          Long.MAX_VALUE);
    }
    Map<ContentKind, Long> kinds = new EnumMap<>(ContentKind.class);
    handle
        .select(
            "SELECT kind_before, COUNT(*) FROM overwrite WHERE looked_at >= ? AND hidden = 1"
                + " GROUP BY kind_before",
            from)
        .map((row, _) -> Map.entry(ContentKind.ofCode(row.getInt(1)), row.getLong(2)))
        .forEach(kind -> kinds.merge(kind.getKey(), kind.getValue(), Long::sum));
    long firstScan =
        handle
            .select(
                """
                SELECT MIN(v.seen_scan) FROM overwrite o JOIN version v ON v.id = o.version_id
                WHERE o.looked_at >= ? AND o.hidden + o.rekeyed + o.unreadable > 0\
                """,
                from)
            .map((row, _) -> row.getLong(1))
            .one();
    return new Found(
        new ContentFindings(
            objectsBefore,
            sums[0],
            sums[1],
            sums[2],
            sums[3],
            kinds,
            new ContentFindings.Samples(
                samples(handle, from, "o.hidden"),
                samples(handle, from, "o.rekeyed + o.unreadable"))),
        firstScan);
  }

  private static List<ObjectKey> samples(Handle handle, long from, String which) {
    return handle
        .select(
            "SELECT v.object_key FROM overwrite o JOIN version v ON v.id = o.version_id"
                + " WHERE o.looked_at >= ? AND "
                + which
                + " > 0 ORDER BY o.version_id LIMIT ?",
            from,
            SAMPLES)
        .map((row, _) -> ObjectKey.ofUtf8(row.getBytes(1)))
        .list();
  }

  /// Forgets what counts no longer: what was compared before a moment, and what will never be
  /// copied.
  public void forget(Instant before) {
    store.run(handle -> {
      handle.execute("DELETE FROM overwrite WHERE looked_at < ?", Codes.nanos(before));
      handle.execute(
          """
          DELETE FROM overwrite WHERE looked_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM secondary s JOIN queue q ON q.place = overwrite.version_id * 256 + s.id
            WHERE q.state IN (0, 1, 2))
          AND NOT EXISTS (
            SELECT 1 FROM version_content c
            WHERE c.version_id = overwrite.version_id AND c.look IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM secondary s WHERE\
          """
              + " "
              + PendingRanges.contains("s.id", "overwrite.version_id")
              + ")");
    });
  }

  /// In the transaction in which a person accepts what scans found so far.
  static void accept(Handle handle) {
    handle.execute(
        """
        DELETE FROM overwrite WHERE version_id IN (
          SELECT v.id FROM version v JOIN brake b ON v.seen_scan <= b.judged_through
          WHERE v.id = overwrite.version_id)\
        """);
  }

  private static Page page(Handle handle, long after) {
    return new Page(
        handle
            .select(
                """
                SELECT o.version_id, v.look, b.look, v.attributes, b.attributes
                FROM overwrite o LEFT JOIN version_content v ON v.version_id = o.version_id
                LEFT JOIN version_content b ON b.version_id = o.before_id
                WHERE o.looked_at IS NULL AND o.version_id > ?
                ORDER BY o.version_id LIMIT ?\
                """,
                after,
                PAGE)
            .map((row, _) ->
                new Row(
                    row.getLong(1),
                    look(row, 2),
                    look(row, 3),
                    encryption(row, 4),
                    encryption(row, 5)))
            .list());
  }

  private static Optional<ContentLook> look(ResultSet row, int column) throws SQLException {
    int code = row.getInt(column);
    return row.wasNull() ? Optional.empty() : Optional.of(ContentLook.ofCode(code));
  }

  private static Optional<String> encryption(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column))
        .flatMap(text -> AttributesJson.read(text).encryption());
  }

  private static void settle(Handle handle, List<Compared> known, Instant now) throws SQLException {
    try (PreparedStatement update =
        handle
            .getConnection()
            .prepareStatement(
                """
                UPDATE overwrite SET looked_at = ?, hidden = ?, rekeyed = ?, kind_before = ?
                WHERE version_id = ? AND looked_at IS NULL\
                """)) {
      for (Compared row : known) {
        update.setLong(1, Codes.nanos(now));
        update.setInt(2, row.hidden ? 1 : 0);
        update.setInt(3, row.rekeyed ? 1 : 0);
        update.setInt(4, row.before.code());
        update.setLong(5, row.version);
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /// What was found.
  ///
  /// @param findings for the brake
  /// @param firstScan the first scan that anything suspicious counts to; no limit for nothing
  public record Found(ContentFindings findings, long firstScan) {}

  private record Compared(long version, boolean hidden, boolean rekeyed, ContentKind before) {}

  private record Row(
      long version,
      Optional<ContentLook> now,
      Optional<ContentLook> before,
      Optional<String> encryption,
      Optional<String> encryptionBefore) {

    /// Empty while the new bytes did not pass. Of content that an older program copied nothing is
    /// known, and so nothing shifted.
    Optional<Compared> compared() {
      return now.map(look ->
          new Compared(
              version,
              before.map(look::hides).orElse(false),
              before.isPresent() && KeyShift.shifted(encryptionBefore, encryption),
              before.map(ContentLook::kind).orElse(ContentKind.UNRECOGNISED)));
    }
  }

  private record Page(List<Row> rows) {
    Page {
      rows = new ArrayList<>(rows);
    }
  }
}
