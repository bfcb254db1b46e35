package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.vistadr.catalog.ReplicationQueue.Backlog;
import org.vistadr.model.ObjectKey;

/// Reads what waits at a secondary from the sums and from the first row of an index.
final class Backlogs {

  /// Rows of a state among which the oldest change is sought. What was learned first is oldest but
  /// for the order within one scan, so this is exact unless more waits than one scan left.
  private static final int LOOKED_AT = 1_000;

  /// A busy replication leaves some of them behind, where copies that began earlier are under way.
  private static final int LOOKED_AT_RANGES = 100;

  private Backlogs() {}

  static Backlog read(Handle handle, int secondary) {
    Map<Integer, long[]> sums = new TreeMap<>();
    handle
        .select(
            """
            SELECT state, SUM(objects), SUM(bytes) FROM queue_sum WHERE secondary_id = ?
            GROUP BY state\
            """,
            secondary)
        .map((row, _) -> sums.put(row.getInt(1), new long[] {row.getLong(2), row.getLong(3)}))
        .list();
    long left =
        handle
            .select(
                "SELECT backfill_until - backfilled_through FROM secondary WHERE id = ?", secondary)
            .map((row, _) -> row.getLong(1))
            .one();
    long[] none = new long[2];
    Optional<Oldest> oldest = oldest(handle, secondary);
    return new Backlog(
        sums.getOrDefault(Codes.PENDING, none)[0],
        sums.getOrDefault(Codes.PENDING, none)[1],
        sums.getOrDefault(Codes.GIVEN_UP, none)[0],
        sums.getOrDefault(Codes.HELD, none)[0],
        sums.getOrDefault(Codes.MISSED, none)[0],
        sums.getOrDefault(Codes.WAIVED, none)[0],
        oldest.map(Oldest::changedAt),
        oldest.map(Oldest::key),
        left > 0 ? OptionalLong.of(left) : OptionalLong.empty());
  }

  private static Optional<Oldest> oldest(Handle handle, int secondary) {
    List<Oldest> candidates = new ArrayList<>(untried(handle, secondary));
    for (int state : Codes.QUEUE_STATES) {
      if (Codes.blocks(state)) {
        handle
            .select(
                """
                SELECT changed_at, object_key FROM (
                  SELECT changed_at, object_key FROM queue WHERE secondary_id = ? AND state = ?
                  ORDER BY secondary_id, state, version_id LIMIT ?) AS first_learned
                ORDER BY changed_at LIMIT 1\
                """,
                secondary,
                state,
                LOOKED_AT)
            .map((row, _) -> oldest(row))
            .findOne()
            .ifPresent(candidates::add);
      }
    }
    return candidates.stream().min(Comparator.comparing(Oldest::changedAt));
  }

  /// The oldest change of each of the first ranges.
  private static List<Oldest> untried(Handle handle, int secondary) {
    List<Oldest> candidates = new ArrayList<>();
    int left = LOOKED_AT;
    for (PendingRanges.Range range :
        new PendingRanges(handle).above(secondary, 0, LOOKED_AT_RANGES)) {
      long last = Math.min(range.last(), range.first() + left - 1);
      handle
          .select(
              "SELECT "
                  + VersionRows.CHANGED_AT
                  + """
                   AS changed_at, v.object_key
                  FROM version v WHERE v.id BETWEEN ? AND ? ORDER BY changed_at LIMIT 1\
                  """,
              range.first(),
              last)
          .map((row, _) -> oldest(row))
          .findOne()
          .ifPresent(candidates::add);
      left -= (int) (last - range.first() + 1);
      if (left == 0) {
        break;
      }
    }
    return candidates;
  }

  private static Oldest oldest(ResultSet row) throws SQLException {
    return new Oldest(Codes.instant(row.getLong(1)), ObjectKey.ofUtf8(row.getBytes(2)));
  }

  private record Oldest(Instant changedAt, ObjectKey key) {}
}
