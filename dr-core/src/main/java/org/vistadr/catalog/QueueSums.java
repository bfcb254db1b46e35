package org.vistadr.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// Changes of the table `queue_sum`, gathered during a transaction and written at its end.
///
/// Rows that hold the recovery point back are summed by the scan that they count to, missed ones by
/// the scans between which they matter; the others, and missed ones that the recovery point has
/// passed, go into one sum. So the table stays small however long the queue is. Of one transaction.
final class QueueSums {

  private final Handle handle;
  private final Map<Bucket, long[]> changes = new LinkedHashMap<>();
  private final Map<Integer, Long> recoveryScans = new LinkedHashMap<>();

  QueueSums(Handle handle) {
    this.handle = handle;
  }

  /// Counts a row in.
  void add(int secondary, int state, long seenScan, long missedInScan, long bytes) {
    change(secondary, state, seenScan, missedInScan, 1, bytes);
  }

  /// Counts a row out.
  void remove(int secondary, int state, long seenScan, long missedInScan, long bytes) {
    change(secondary, state, seenScan, missedInScan, -1, -bytes);
  }

  private void change(
      int secondary, int state, long seenScan, long missedInScan, long objects, long bytes) {
    boolean matters =
        Codes.blocks(state) || (state == Codes.MISSED && missedInScan > recoveryScan(secondary));
    Bucket bucket =
        matters
            ? new Bucket(secondary, state, seenScan, missedInScan)
            : new Bucket(secondary, state, 0, 0);
    long[] sum = changes.computeIfAbsent(bucket, _ -> new long[2]);
    sum[0] += objects;
    sum[1] += bytes;
  }

  private long recoveryScan(int secondary) {
    return recoveryScans.computeIfAbsent(
        secondary,
        id ->
            handle
                .select("SELECT recovery_scan FROM secondary WHERE id = ?", id)
                .map((row, _) -> row.getLong(1))
                .one());
  }

  /// Writes what was gathered.
  void write() {
    changes.forEach((bucket, sum) -> {
      if (sum[0] == 0 && sum[1] == 0) {
        return;
      }
      int known =
          handle.execute(
              """
              UPDATE queue_sum SET objects = objects + ?, bytes = bytes + ?
              WHERE secondary_id = ? AND state = ? AND seen_scan = ? AND missed_in_scan = ?\
              """,
              sum[0],
              sum[1],
              bucket.secondary,
              bucket.state,
              bucket.seenScan,
              bucket.missedInScan);
      if (known == 0) {
        handle.execute(
            "INSERT INTO queue_sum VALUES (?, ?, ?, ?, ?, ?)",
            bucket.secondary,
            bucket.state,
            bucket.seenScan,
            bucket.missedInScan,
            sum[0],
            sum[1]);
      } else if (sum[0] < 0) {
        handle.execute(
            """
            DELETE FROM queue_sum
            WHERE secondary_id = ? AND state = ? AND seen_scan = ? AND missed_in_scan = ?
              AND objects = 0\
            """,
            bucket.secondary,
            bucket.state,
            bucket.seenScan,
            bucket.missedInScan);
      }
    });
    changes.clear();
  }

  /// Puts missed rows that a risen recovery point has passed into the one sum.
  static void fold(Handle handle, int secondary, long recoveryScan) {
    long[] passed =
        handle
            .select(
                """
                SELECT COALESCE(SUM(objects), 0), COALESCE(SUM(bytes), 0) FROM queue_sum
                WHERE secondary_id = ? AND state = ? AND missed_in_scan > 0 AND missed_in_scan <= ?\
                """,
                secondary,
                Codes.MISSED,
                recoveryScan)
            .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
            .one();
    if (passed[0] == 0) {
      return;
    }
    handle.execute(
        """
        DELETE FROM queue_sum
        WHERE secondary_id = ? AND state = ? AND missed_in_scan > 0 AND missed_in_scan <= ?\
        """,
        secondary,
        Codes.MISSED,
        recoveryScan);
    QueueSums sums = new QueueSums(handle);
    long[] sum =
        sums.changes.computeIfAbsent(new Bucket(secondary, Codes.MISSED, 0, 0), _ -> new long[2]);
    sum[0] = passed[0];
    sum[1] = passed[1];
    sums.write();
  }

  private record Bucket(int secondary, int state, long seenScan, long missedInScan) {}
}
