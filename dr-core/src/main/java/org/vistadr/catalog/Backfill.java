package org.vistadr.catalog;

import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.RecordedVersion;

/// Fills a new secondary's queue with what was recorded before it was declared.
final class Backfill {

  private Backfill() {}

  /// See [ReplicationQueue#backfill]. In a transaction.
  static boolean step(Handle handle, int secondary, int atMost) throws SQLException {
    long[] range =
        handle
            .select(
                "SELECT backfilled_through, backfill_until FROM secondary WHERE id = ?", secondary)
            .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
            .one();
    if (range[0] >= range[1]) {
      return false;
    }
    List<RecordedVersion> versions = missing(handle, secondary, range[0], range[1], atMost);
    QueueSums sums = new QueueSums(handle);
    try (QueueRows rows = new QueueRows(handle, sums)) {
      for (RecordedVersion version : versions) {
        rows.add(secondary, version);
      }
      rows.write();
    }
    sums.write();
    long through = versions.size() < atMost ? range[1] : versions.getLast().id();
    handle.execute("UPDATE secondary SET backfilled_through = ? WHERE id = ?", through, secondary);
    return through < range[1];
  }

  /// The range may reach over versions that were queued before the secondary left and came back.
  private static List<RecordedVersion> missing(
      Handle handle, int secondary, long after, long through, int atMost) {
    return handle
        .select(
            "SELECT "
                + VersionRows.COLUMNS
                + """
                 FROM version v WHERE v.id > ? AND v.id <= ?
                  AND NOT EXISTS (SELECT 1 FROM queue q
                    WHERE q.place = v.id * 256 + ?)
                  AND NOT EXISTS (SELECT 1 FROM replica r
                    WHERE r.place = v.id * 256 + ?)
                  AND NOT
                """
                + PendingRanges.contains("CAST(? AS BIGINT)", "v.id")
                + " ORDER BY v.id LIMIT ?",
            after,
            through,
            secondary,
            secondary,
            secondary,
            secondary,
            atMost)
        .map((row, _) -> VersionRows.read(row))
        .list();
  }
}
