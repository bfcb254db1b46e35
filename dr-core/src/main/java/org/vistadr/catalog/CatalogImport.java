package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Sha256;

/// Fills an empty catalog with the facts of another one. Takes them in the order in which they were
/// exported and in constant memory; [#finish] derives what no fact tells: queues and sums. Until
/// then the catalog is of no use. Not thread-safe.
public final class CatalogImport {

  private static final int BATCH = 1_000;

  /// Versions whose rows of the queue are derived in one transaction.
  private static final int QUEUED_AT_ONCE = 20_000;

  private final Store store;
  private final Secondaries secondaries;
  private final List<CatalogFact.Version> batch = new ArrayList<>();
  private long newest;

  CatalogImport(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
    boolean empty =
        store.read(handle ->
            handle
                    .select(
                        """
                        SELECT (SELECT COUNT(*) FROM version) + (SELECT COUNT(*) FROM scan)
                          + (SELECT COUNT(*) FROM secondary)\
                        """)
                    .map((row, _) -> row.getLong(1))
                    .one()
                == 0);
    if (!empty) {
      throw new CatalogException("only an empty catalog can be filled");
    }
  }

  /// Takes one fact.
  public void take(CatalogFact fact) {
    switch (fact) {
      case CatalogFact.Version version -> {
        batch.add(version);
        if (batch.size() >= BATCH) {
          flush();
        }
      }
      case CatalogFact.Totals totals -> store.run(handle -> write(handle, totals));
      case CatalogFact.Secondary secondary -> store.run(handle -> write(handle, secondary));
      case CatalogFact.Span span -> store.run(handle -> write(handle, span));
      case CatalogFact.Scan scan -> store.run(handle -> write(handle, scan));
      case CatalogFact.Checkpoints checkpoints ->
          store.run(handle -> CheckpointLog.write(handle, checkpoints));
      case CatalogFact.Holds holds -> store.run(handle -> HoldLog.write(handle, holds));
      case CatalogFact.BucketConfigs configs ->
          store.run(handle -> BucketConfigLog.write(handle, configs));
    }
  }

  /// Derives queues and sums. What was sent to secondaries after the last fact is not known, so
  /// everything that is not durable is looked for there before it is sent.
  ///
  /// @param catalogId the name of the catalog that the facts are of
  /// @param generation the generation that it had
  public void finish(String catalogId, long generation) {
    flush();
    store.run(handle ->
        handle.execute(
            """
            INSERT INTO queue_sum (secondary_id, state, seen_scan, missed_in_scan, objects, bytes)
            SELECT secondary_id, state, seen, missed, COUNT(*), SUM(size) FROM (
              SELECT q.secondary_id, q.state, q.size,
                CASE WHEN q.state IN (0, 1, 2) OR (q.state = 3 AND q.missed_in_scan > s.recovery_scan)
                  THEN q.seen_scan ELSE 0 END AS seen,
                CASE WHEN q.state = 3 AND q.missed_in_scan > s.recovery_scan
                  THEN q.missed_in_scan ELSE 0 END AS missed
              FROM queue q JOIN secondary s ON s.id = q.secondary_id) AS waiting
            GROUP BY secondary_id, state, seen, missed\
            """));
    for (long after = 0; after < newest; after += QUEUED_AT_ONCE) {
      long from = after;
      store.run(handle -> queue(handle, from, from + QUEUED_AT_ONCE));
    }
    store.run(handle -> {
      handle.execute("UPDATE secondary SET dispatched_through = ?", newest);
      handle.execute("UPDATE segment_state SET catalog_id = ?", catalogId);
      handle.execute(
          "UPDATE catalog_state SET generation = GREATEST(generation, ?) + 1", generation);
    });
    secondaries.read();
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    store.run(handle -> {
      RangeDigests.forgetAll(handle);
      try (Rows rows = new Rows(handle)) {
        for (CatalogFact.Version fact : batch) {
          long id = fact.version().id();
          if (id <= newest) {
            rows.send();
            remove(handle, id);
          }
          rows.add(fact);
          newest = Math.max(newest, id);
        }
        rows.send();
      }
    });
    batch.clear();
  }

  private static void remove(Handle handle, long id) {
    handle.execute("DELETE FROM version WHERE id = ?", id);
    handle.execute("DELETE FROM version_content WHERE version_id = ?", id);
    for (String table : List.of("replica", "queue")) {
      handle.execute(
          "DELETE FROM " + table + " WHERE place >= ? AND place < ?",
          Codes.place(0, id),
          Codes.place(0, id + 1));
    }
  }

  /// What a secondary's queue holds beyond what the facts tell is simply pending: all that was put
  /// into it and is not durable there.
  private static void queue(Handle handle, long after, long through) {
    PendingRanges ranges = new PendingRanges(handle);
    QueueSums sums = new QueueSums(handle);
    for (int secondary : Secondaries.knownIds(handle)) {
      List<Long> pending =
          handle
              .select(
                  """
                  SELECT v.id, v.seen_scan, v.size FROM version v JOIN secondary s ON s.id = ?
                  WHERE v.id > ? AND v.id <= ?
                    AND (v.id <= s.backfilled_through OR (s.declared AND v.id > s.backfill_until))
                    AND NOT EXISTS (SELECT 1 FROM replica r WHERE r.place = v.id * 256 + s.id)
                    AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.place = v.id * 256 + s.id)
                  ORDER BY v.id\
                  """,
                  secondary,
                  after,
                  through)
              .map((row, _) -> {
                sums.add(secondary, Codes.PENDING, row.getLong(2), 0, row.getLong(3));
                return row.getLong(1);
              })
              .list();
      ranges.add(secondary, pending);
    }
    sums.write();
  }

  private static void write(Handle handle, CatalogFact.Totals totals) {
    handle.execute(
        """
        UPDATE catalog_state SET content_objects = ?, content_bytes = ?, current_objects = ?,
          current_bytes = ?, delete_markers = ?, purged_objects = ?, oldest_modified = ?\
        """,
        totals.contentObjects(),
        totals.contentBytes(),
        totals.currentObjects(),
        totals.currentBytes(),
        totals.deleteMarkers(),
        totals.purgedObjects(),
        totals.oldestModified().isPresent() ? totals.oldestModified().getAsLong() : null);
  }

  private static void write(Handle handle, CatalogFact.Secondary secondary) {
    handle.execute("DELETE FROM secondary WHERE id = ?", secondary.id());
    handle.execute(
        """
        INSERT INTO secondary (id, name, declared, declared_at, backfilled_through, backfill_until,
          dispatched_through, recovery_point, recovery_scan, durable_objects, durable_bytes,
          look_first_scan)
        VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)\
        """,
        secondary.id(),
        secondary.name().value(),
        secondary.declared(),
        Codes.nanos(secondary.declaredAt()),
        secondary.backfilledThrough(),
        secondary.backfillUntil(),
        secondary.recoveryPoint().map(Codes::nanos).orElse(null),
        secondary.recoveryScan(),
        secondary.durableObjects(),
        secondary.durableBytes(),
        Long.MAX_VALUE);
  }

  private static void write(Handle handle, CatalogFact.Span span) {
    handle.execute("DELETE FROM regime_span WHERE first_scan = ?", span.firstScan());
    handle.execute(
        """
        INSERT INTO regime_span (first_scan, regime, first_at, last_scan, last_at, scans)
        VALUES (?, ?, ?, ?, ?, ?)\
        """,
        span.firstScan(),
        Codes.code(span.regime()),
        Codes.nanos(span.firstAt()),
        span.lastScan(),
        Codes.nanos(span.lastAt()),
        span.scans());
  }

  private static void write(Handle handle, CatalogFact.Scan scan) {
    handle.execute("DELETE FROM scan WHERE number = ?", scan.number());
    handle.execute(
        """
        INSERT INTO scan (number, started_at, ended_at, regime, state, keys, versions, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        scan.number(),
        Codes.nanos(scan.startedAt()),
        scan.endedAt().map(Codes::nanos).orElse(null),
        Codes.code(scan.regime()),
        Codes.code(scan.state()),
        scan.keys(),
        scan.versions(),
        scan.reason());
  }

  /// Rows of versions on their way into the tables. Of one transaction.
  private static final class Rows implements AutoCloseable {

    private final PreparedStatement version;
    private final PreparedStatement content;
    private final PreparedStatement replica;
    private final PreparedStatement waiting;

    private Rows(Handle handle) throws SQLException {
      Connection connection = handle.getConnection();
      version = connection.prepareStatement(VersionRows.INSERT);
      content =
          connection.prepareStatement(
              "INSERT INTO version_content (version_id, sha256, attributes) VALUES (?, ?, ?)");
      replica =
          connection.prepareStatement(
              """
              INSERT INTO replica (place, secondary_id, version_id, location, remote_version, etag,
                durable_at, storage_class)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
              """);
      waiting = connection.prepareStatement(QueueRows.INSERT);
    }

    private void add(CatalogFact.Version fact) throws SQLException {
      VersionRows.bind(version, fact.version());
      version.addBatch();
      long id = fact.version().id();
      Optional<Sha256> sha256 = fact.version().sha256();
      if (sha256.isPresent() || fact.attributes().isPresent()) {
        content.setLong(1, id);
        Codes.setBytes(content, 2, sha256.map(Sha256::bytes));
        content.setString(3, fact.attributes().orElse(null));
        content.addBatch();
      }
      for (CatalogFact.Copy copy : fact.copies()) {
        replica.setLong(1, Codes.place(copy.secondary(), id));
        replica.setInt(2, copy.secondary());
        replica.setLong(3, id);
        Codes.setBytes(replica, 4, copy.location().map(key -> key.utf8()));
        replica.setString(5, copy.remoteVersion().map(Object::toString).orElse(null));
        replica.setString(6, copy.etag());
        replica.setLong(7, Codes.nanos(copy.durableAt()));
        replica.setString(8, copy.storageClass().orElse(null));
        replica.addBatch();
      }
      for (CatalogFact.Waiting wait : fact.waiting()) {
        QueueRows.bind(
            waiting,
            wait.secondary(),
            fact.version(),
            Codes.code(wait.state()),
            wait.missedInScan(),
            wait.reason());
        waiting.addBatch();
      }
    }

    private void send() throws SQLException {
      for (PreparedStatement statement : statements()) {
        statement.executeBatch();
      }
    }

    private List<PreparedStatement> statements() {
      return List.of(version, content, replica, waiting);
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement statement : statements()) {
        statement.close();
      }
    }
  }
}
