package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

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

  /// The oldest time of any recorded version. Reads all of them.
  public Optional<Instant> oldestVersion() {
    return store.read(handle ->
        handle
            .select("SELECT MIN(last_modified) FROM version")
            .map((row, _) -> Codes.optionalInstant(row, 1))
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
}
