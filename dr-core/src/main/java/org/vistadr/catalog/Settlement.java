package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.vistadr.catalog.ReplicationQueue.Outcome;

/// Writes what became of tries. Of one transaction. Plain JDBC, because every copied object passes
/// here.
final class Settlement implements AutoCloseable {

  private final Handle handle;
  private final int secondary;
  private final QueueSums sums;
  private final ChangeNotes changes;
  private final PendingRanges ranges;
  private final PreparedStatement findUntried;
  private final PreparedStatement find;
  private final PreparedStatement remove;
  private final PreparedStatement insert;
  private final PreparedStatement retry;
  private final PreparedStatement giveUp;
  private final PreparedStatement replica;
  private final Set<Long> unwritten = new HashSet<>();
  private final List<Long> removed = new ArrayList<>();
  private long durableObjects;
  private long durableBytes;

  /// @param changes of the transaction, written by the caller
  Settlement(Handle handle, int secondary, ChangeNotes changes) throws SQLException {
    this.handle = handle;
    this.secondary = secondary;
    sums = new QueueSums(handle);
    this.changes = changes;
    ranges = new PendingRanges(handle);
    Connection connection = handle.getConnection();
    findUntried =
        connection.prepareStatement(
            "SELECT v.id, %d, v.seen_scan, 0, v.size, v.kind FROM".formatted(Codes.PENDING)
                + ByNumber.from("version v", "v.id")
                + "WHERE "
                + ByNumber.found("v.id"));
    find =
        connection.prepareStatement(
            "SELECT q.version_id, q.state, q.seen_scan, q.missed_in_scan, q.size, v.kind FROM"
                + ByNumber.from("queue q", "q.place")
                + "LEFT JOIN version v ON v.id = q.version_id WHERE "
                + ByNumber.found("q.place"));
    remove = connection.prepareStatement("DELETE FROM queue WHERE place = ANY(?)");
    insert = connection.prepareStatement("INSERT INTO replica VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    retry =
        connection.prepareStatement(
            """
            UPDATE queue SET attempts = attempts + 1, not_before = ?, last_error = ?
            WHERE place = ?\
            """);
    giveUp =
        connection.prepareStatement(
            """
            UPDATE queue SET attempts = attempts + 1, state = ?, last_error = ?
            WHERE place = ?\
            """);
    replica = connection.prepareStatement("SELECT 1 FROM replica WHERE place = ?");
  }

  void settle(List<Outcome> outcomes) throws SQLException {
    List<Outcome> distinct = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (!unwritten.add(outcome.versionId())) {
        settleDistinct(distinct);
        distinct.clear();
        unwritten.add(outcome.versionId());
      }
      distinct.add(outcome);
    }
    settleDistinct(distinct);
    sums.write();
    handle.execute(
        """
        UPDATE secondary SET durable_objects = durable_objects + ?, durable_bytes = durable_bytes + ?
        WHERE id = ?\
        """,
        durableObjects,
        durableBytes,
        secondary);
  }

  /// Outcomes of versions that all differ.
  private void settleDistinct(List<Outcome> outcomes) throws SQLException {
    Map<Long, Waiting> queued = takeOut(outcomes);
    for (Outcome outcome : outcomes) {
      Waiting waiting = queued.get(outcome.versionId());
      if (waiting != null) {
        settle(outcome, waiting);
      } else if (!isDurable(outcome.versionId())) {
        throw new CatalogException(
            "version %d was never queued for this secondary".formatted(outcome.versionId()));
      }
    }
    flush();
  }

  private void settle(Outcome outcome, Waiting waiting) throws SQLException {
    switch (outcome) {
      case Outcome.Durable durable -> {
        // Also when the row was missed, given up or waived meanwhile: the copy is there.
        if (waiting.hasRow) {
          removed.add(Codes.place(secondary, durable.versionId()));
        }
        insert(durable);
        changes.note(durable.versionId());
        sums.remove(secondary, waiting.state, waiting.seenScan, waiting.missedInScan, waiting.size);
        if (waiting.content) {
          durableObjects++;
          durableBytes += waiting.size;
        }
      }
      case Outcome.Retry(long versionId, var notBefore, String error) -> {
        if (waiting.state == Codes.PENDING) {
          retry.setLong(1, Codes.nanos(notBefore));
          retry.setString(2, Codes.cut(error, 2000));
          retry.setLong(3, Codes.place(secondary, versionId));
          retry.addBatch();
        }
      }
      case Outcome.GivenUp(long versionId, String error) -> {
        if (waiting.state == Codes.PENDING) {
          giveUp.setInt(1, Codes.GIVEN_UP);
          giveUp.setString(2, Codes.cut(error, 2000));
          giveUp.setLong(3, Codes.place(secondary, versionId));
          giveUp.addBatch();
          changes.note(versionId);
          sums.remove(secondary, waiting.state, waiting.seenScan, 0, waiting.size);
          sums.add(secondary, Codes.GIVEN_UP, waiting.seenScan, 0, waiting.size);
        }
      }
    }
  }

  private void insert(Outcome.Durable durable) throws SQLException {
    insert.setLong(1, Codes.place(secondary, durable.versionId()));
    insert.setInt(2, secondary);
    insert.setLong(3, durable.versionId());
    if (durable.location().isPresent()) {
      insert.setBytes(4, durable.location().get().utf8());
    } else {
      insert.setNull(4, Types.VARBINARY);
    }
    if (durable.remoteVersion().isPresent()) {
      insert.setString(5, durable.remoteVersion().get().value());
    } else {
      insert.setNull(5, Types.VARCHAR);
    }
    insert.setString(6, durable.etag());
    insert.setLong(7, Codes.nanos(durable.at()));
    insert.setString(8, durable.storageClass().orElse(null));
    insert.addBatch();
  }

  /// What waits of the outcomes' versions. Those that stood in a range do so no longer: they are
  /// durable now, or have a row of their own.
  private Map<Long, Waiting> takeOut(List<Outcome> outcomes) throws SQLException {
    List<Long> arrived = new ArrayList<>();
    List<Long> failed = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      (outcome instanceof Outcome.Durable ? arrived : failed).add(outcome.versionId());
    }
    Collections.sort(arrived);
    Collections.sort(failed);
    Map<Long, Waiting> waiting = HashMap.newHashMap(outcomes.size());
    List<Long> untried = ranges.take(secondary, arrived);
    find(findUntried, false, untried.stream(), waiting);
    ranges.giveRows(secondary, failed);
    if (untried.size() < outcomes.size()) {
      find(
          find,
          true,
          outcomes.stream()
              .map(Outcome::versionId)
              .filter(id -> !waiting.containsKey(id))
              .map(id -> Codes.place(secondary, id)),
          waiting);
    }
    return waiting;
  }

  private void find(
      PreparedStatement query, boolean hasRows, Stream<Long> which, Map<Long, Waiting> found)
      throws SQLException {
    query.setArray(1, ByNumber.numbers(handle, which.sorted().toList()));
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.put(
            row.getLong(1),
            new Waiting(
                row.getInt(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6) == Codes.CONTENT,
                hasRows));
      }
    }
  }

  private boolean isDurable(long versionId) throws SQLException {
    replica.setLong(1, Codes.place(secondary, versionId));
    try (ResultSet row = replica.executeQuery()) {
      return row.next();
    }
  }

  private void flush() throws SQLException {
    if (!removed.isEmpty()) {
      Collections.sort(removed);
      remove.setArray(1, ByNumber.numbers(handle, removed));
      remove.executeUpdate();
      removed.clear();
    }
    insert.executeBatch();
    retry.executeBatch();
    giveUp.executeBatch();
    unwritten.clear();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement :
        List.of(findUntried, find, remove, insert, retry, giveUp, replica)) {
      statement.close();
    }
  }

  private record Waiting(
      int state, long seenScan, long missedInScan, long size, boolean content, boolean hasRow) {}
}
