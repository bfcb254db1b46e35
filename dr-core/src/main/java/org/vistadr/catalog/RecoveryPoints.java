package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Lag;

/// Moves recovery points and reads lags, from sums alone: the cost does not grow with the queue.
final class RecoveryPoints {

  private RecoveryPoints() {}

  /// See [ReplicationQueue#advanceRecoveryPoint]. In a transaction.
  static Optional<Instant> advance(Handle handle, int secondary) {
    Standing standing = standing(handle, secondary);
    if (standing.backfillLeft > 0) {
      return Optional.empty();
    }
    if (!standing.declared) {
      // What is recorded meanwhile is not in its queue, so nothing can be proved.
      return standing.recoveryPoint;
    }
    Optional<CompleteScan> proved = newestProvedScan(handle, secondary, standing.recoveryScan);
    if (proved.isEmpty()) {
      return standing.recoveryPoint;
    }
    // The primary's clock may have been set back between two scans; the point never goes back.
    Instant point =
        standing
            .recoveryPoint
            .filter(before -> before.isAfter(proved.get().startedAt))
            .orElse(proved.get().startedAt);
    handle.execute(
        "UPDATE secondary SET recovery_point = ?, recovery_scan = ? WHERE id = ?",
        Codes.nanos(point),
        proved.get().number,
        secondary);
    QueueSums.fold(handle, secondary, proved.get().number);
    return Optional.of(point);
  }

  /// The newest complete scan above one that no blocking row counts to or stands before, and that
  /// does not lie in a span in which a missed row was still there.
  private static Optional<CompleteScan> newestProvedScan(Handle handle, int secondary, long above) {
    long below =
        handle
            .select(
                """
                SELECT COALESCE(MIN(seen_scan), ?) FROM queue_sum
                WHERE secondary_id = ? AND state IN (?, ?, ?)\
                """,
                Long.MAX_VALUE,
                secondary,
                Codes.PENDING,
                Codes.HELD,
                Codes.GIVEN_UP)
            .map((row, _) -> row.getLong(1))
            .one();
    List<Span> missed =
        handle
            .select(
                """
                SELECT seen_scan, missed_in_scan FROM queue_sum
                WHERE secondary_id = ? AND state = ? AND missed_in_scan > ?\
                """,
                secondary,
                Codes.MISSED,
                above)
            .map((row, _) -> new Span(row.getLong(1), row.getLong(2)))
            .list();
    while (true) {
      Optional<CompleteScan> candidate = completeScan(handle, above, below);
      if (candidate.isEmpty()) {
        return candidate;
      }
      long number = candidate.get().number;
      Optional<Span> around = missed.stream().filter(span -> span.contains(number)).findFirst();
      if (around.isEmpty()) {
        return candidate;
      }
      below = around.get().seen;
    }
  }

  private static Optional<CompleteScan> completeScan(Handle handle, long above, long below) {
    return handle
        .select(
            """
            SELECT number, started_at FROM scan WHERE state = ? AND number > ? AND number < ?
            ORDER BY state DESC, number DESC LIMIT 1\
            """,
            Codes.code(ScanLog.State.COMPLETE),
            above,
            below)
        .map((row, _) -> new CompleteScan(row.getLong(1), Codes.instant(row.getLong(2))))
        .findOne();
  }

  /// See [ReplicationQueue#lag].
  static Lag lag(Handle handle, int secondary, Instant now) {
    Standing standing = standing(handle, secondary);
    if (standing.backfillLeft > 0) {
      return new Lag.Unknown(
          "%d recorded versions are not in the queue yet".formatted(standing.backfillLeft));
    }
    if (standing.recoveryPoint.isPresent()) {
      return Lag.of(standing.recoveryPoint.get(), now);
    }
    return new Lag.Unknown(
        completeScan(handle, 0, Long.MAX_VALUE).isEmpty()
            ? "no scan of the primary is complete yet"
            : "no complete scan is durable yet");
  }

  private static Standing standing(Handle handle, int secondary) {
    return handle
        .select(
            """
            SELECT declared, recovery_point, recovery_scan, backfill_until - backfilled_through
            FROM secondary WHERE id = ?\
            """,
            secondary)
        .map((row, _) ->
            new Standing(
                row.getBoolean(1), Codes.optionalInstant(row, 2), row.getLong(3), row.getLong(4)))
        .one();
  }

  private record Standing(
      boolean declared, Optional<Instant> recoveryPoint, long recoveryScan, long backfillLeft) {}

  private record CompleteScan(long number, Instant startedAt) {}

  private record Span(long seen, long missedIn) {
    boolean contains(long scan) {
      return seen <= scan && scan < missedIn;
    }
  }
}
