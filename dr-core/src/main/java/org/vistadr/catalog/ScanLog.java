package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Regime;

/// Scans of the primary, numbered upwards. At most one is running.
public final class ScanLog {

  private final Store store;
  private final Generation generation;

  ScanLog(Store store, Generation generation) {
    this.store = store;
    this.generation = generation;
  }

  /// Begins a scan. One that a crash left running is closed as incomplete first.
  ///
  /// @param startedAt the start in the primary's clock
  public Scan begin(Instant startedAt, Regime regime) {
    return store.write(handle -> {
      handle.execute(
          "UPDATE scan SET state = ?, reason = ? WHERE state = ?",
          Codes.code(State.INCOMPLETE),
          "cut off by the end of the daemon",
          Codes.code(State.RUNNING));
      Scan scan = new Scan(newest(handle) + 1, startedAt, regime, State.RUNNING, 0, 0);
      handle.execute(
          """
          INSERT INTO scan (number, started_at, regime, state, keys, versions, reason)
          VALUES (?, ?, ?, ?, 0, 0, '')\
          """,
          scan.number(),
          Codes.nanos(startedAt),
          Codes.code(regime),
          Codes.code(State.RUNNING));
      return scan;
    });
  }

  /// Closes a scan as complete: every key range was listed to its end without an error.
  ///
  /// @param endedAt in the daemon's clock
  public void complete(long number, Instant endedAt, long keys, long versions) {
    store.run(handle -> {
      close(handle, number, State.COMPLETE, endedAt, keys, versions, "");
      extendRegimes(handle, number);
      handle.execute(
          "UPDATE secondary SET look_first_scan = ? WHERE look_first_scan = ?",
          number,
          Long.MAX_VALUE);
      Generation.raise(handle);
    });
    generation.write();
  }

  /// Closes a scan as incomplete; nothing may be concluded from what it did not see.
  public void abandon(long number, Instant endedAt, String reason) {
    store.run(handle -> close(handle, number, State.INCOMPLETE, endedAt, 0, 0, reason));
  }

  /// Whether the newest scan did not come to its end, or is not there yet.
  public boolean newestIsIncomplete() {
    return store.read(handle ->
        handle
            .select("SELECT state FROM scan ORDER BY number DESC LIMIT 1")
            .map((row, _) -> row.getInt(1) == Codes.code(State.INCOMPLETE))
            .findOne()
            .orElse(false));
  }

  /// The last complete scan.
  public Optional<Scan> lastComplete() {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT number, started_at, regime, state, keys, versions FROM scan
                WHERE state = ? ORDER BY state DESC, number DESC LIMIT 1\
                """,
                Codes.code(State.COMPLETE))
            .map((row, _) -> scan(row))
            .findOne());
  }

  /// The number that an entry learned outside of a scan counts to: the running scan's number, or
  /// else the next one's. Conservative: the recovery point cannot pass it.
  public long numberForHint() {
    return store.read(handle ->
        handle
            .select(
                "SELECT number FROM scan WHERE state = ? ORDER BY number DESC LIMIT 1",
                Codes.code(State.RUNNING))
            .map((row, _) -> row.getLong(1))
            .findOne()
            .orElseGet(() -> newest(handle) + 1));
  }

  /// Joins a complete scan to the span of its regime, or begins a new span.
  private static void extendRegimes(Handle handle, long number) {
    int joined =
        handle.execute(
            """
            UPDATE regime_span SET last_scan = ?, scans = scans + 1,
              last_at = (SELECT started_at FROM scan WHERE number = ?)
            WHERE first_scan = (SELECT MAX(first_scan) FROM regime_span)
              AND regime = (SELECT regime FROM scan WHERE number = ?)\
            """,
            number,
            number,
            number);
    if (joined == 0) {
      handle.execute(
          """
          INSERT INTO regime_span (first_scan, regime, first_at, last_scan, last_at, scans)
          SELECT number, regime, started_at, number, started_at, 1 FROM scan WHERE number = ?\
          """,
          number);
    }
  }

  private static long newest(Handle handle) {
    return handle
        .select("SELECT COALESCE(MAX(number), 0) FROM scan")
        .map((row, _) -> row.getLong(1))
        .one();
  }

  private static void close(
      Handle handle,
      long number,
      State state,
      Instant endedAt,
      long keys,
      long versions,
      String reason) {
    int closed =
        handle.execute(
            """
            UPDATE scan SET state = ?, ended_at = ?, keys = ?, versions = ?, reason = ?
            WHERE number = ? AND state = ?\
            """,
            Codes.code(state),
            Codes.nanos(endedAt),
            keys,
            versions,
            Codes.cut(reason, 2000),
            number,
            Codes.code(State.RUNNING));
    if (closed == 0) {
      throw new CatalogException("scan %d is not running".formatted(number));
    }
  }

  private static Scan scan(ResultSet row) throws SQLException {
    return new Scan(
        row.getLong(1),
        Codes.instant(row.getLong(2)),
        Codes.regime(row.getInt(3)),
        Codes.scanState(row.getInt(4)),
        row.getLong(5),
        row.getLong(6));
  }

  /// @param number grows by one with each scan
  /// @param startedAt in the primary's clock
  /// @param regime the bucket's regime when it began
  /// @param state how it stands
  public record Scan(
      long number, Instant startedAt, Regime regime, State state, long keys, long versions) {}

  /// How a scan stands.
  public enum State {
    /// Under way.
    RUNNING,
    /// Everything was listed.
    COMPLETE,
    /// It ended early.
    INCOMPLETE
  }
}
