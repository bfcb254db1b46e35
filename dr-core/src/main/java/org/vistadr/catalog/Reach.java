package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.Regime;
import org.vistadr.model.ScanSpan;

/// Which moments of the primary the catalog can tell of. Safe for use by many threads.
public final class Reach {

  private static final String COMPLETE =
      "SELECT number, started_at, regime, state, keys, versions FROM scan WHERE state = 1";

  private final Store store;

  Reach(Store store) {
    this.store = store;
  }

  /// The first complete scan.
  public Optional<ScanLog.Scan> firstScan() {
    return scan(COMPLETE + " AND number > ? ORDER BY number LIMIT 1", 0);
  }

  /// The last complete scan.
  public Optional<ScanLog.Scan> lastScan() {
    return scan(COMPLETE + " AND number > ? ORDER BY number DESC LIMIT 1", 0);
  }

  /// The last complete scan that started at a moment or before.
  public Optional<ScanLog.Scan> scanUpTo(Instant moment) {
    return scan(
        COMPLETE + " AND started_at <= ? ORDER BY number DESC LIMIT 1", Codes.nanos(moment));
  }

  /// The first complete scan that started after a moment.
  public Optional<ScanLog.Scan> scanAfter(Instant moment) {
    return scan(COMPLETE + " AND started_at > ? ORDER BY number LIMIT 1", Codes.nanos(moment));
  }

  /// When a scan, complete or not, read the primary; empty for a number that was not given yet.
  public Optional<ScanSpan> span(long number) {
    return store.read(handle ->
        handle
            .select("SELECT started_at, ended_at FROM scan WHERE number = ?", number)
            .map((row, _) ->
                new ScanSpan(Codes.instant(row.getLong(1)), Codes.optionalInstant(row, 2)))
            .findFirst());
  }

  /// How the primary kept versions over time, as complete scans saw it, oldest first. Neighbours
  /// differ. As many as there were switches of the regime.
  public List<RegimeSpan> regimes() {
    return store.read(handle ->
        handle
            .select("SELECT regime, first_at, last_at, scans FROM regime_span ORDER BY first_scan")
            .map((row, _) ->
                new RegimeSpan(
                    Codes.regime(row.getInt(1)),
                    Codes.instant(row.getLong(2)),
                    Codes.instant(row.getLong(3)),
                    row.getLong(4)))
            .list());
  }

  /// The oldest time of any recorded version.
  public Optional<Instant> oldestVersion() {
    return store.read(handle ->
        handle
            .select("SELECT oldest_modified FROM catalog_state")
            .map((row, _) -> Codes.optionalInstant(row, 1))
            .one());
  }

  /// Versions with content that the primary no longer has.
  public long purgedVersions() {
    return store.read(handle ->
        handle
            .select("SELECT purged_objects FROM catalog_state")
            .map((row, _) -> row.getLong(1))
            .one());
  }

  private Optional<ScanLog.Scan> scan(String sql, long value) {
    return store.read(handle -> handle.select(sql, value).map((row, _) -> scan(row)).findFirst());
  }

  private static ScanLog.Scan scan(ResultSet row) throws SQLException {
    return new ScanLog.Scan(
        row.getLong(1),
        Codes.instant(row.getLong(2)),
        Codes.regime(row.getInt(3)),
        Codes.scanState(row.getInt(4)),
        row.getLong(5),
        row.getLong(6));
  }

  /// Complete scans in a row that saw the same regime.
  ///
  /// @param regime what they saw
  /// @param firstAt start of the first, in the primary's clock
  /// @param lastAt start of the last
  /// @param scans how many
  public record RegimeSpan(Regime regime, Instant firstAt, Instant lastAt, long scans) {}
}
