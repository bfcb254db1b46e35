package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Entry;
import org.vistadr.model.RecordedVersion;

/// Puts versions into the queue, in one batch, and into its sums: into a range where they are
/// simply pending, else in a row of their own. Of one transaction; [#write] ends it.
final class QueueRows implements AutoCloseable {

  private static final String INTO =
      """
      INSERT INTO queue (place, secondary_id, version_id, object_key, key_rank, size, changed_at, seen_scan,
        state, missed_in_scan, attempts, not_before, last_error)
      """;

  /// Takes what [#bind] sets.
  static final String INSERT = INTO + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)";

  private final Handle handle;
  private final PreparedStatement insert;
  private final QueueSums sums;
  private final long clearedThrough;
  private final ChangeNotes changes;
  private final Map<Integer, List<Long>> untried = new TreeMap<>();
  private boolean filled;

  QueueRows(Handle handle, QueueSums sums) throws SQLException {
    this.handle = handle;
    this.clearedThrough = BrakeTally.clearedWhileEngaged(handle);
    this.insert = handle.getConnection().prepareStatement(INSERT);
    this.sums = sums;
    this.changes = new ChangeNotes(handle);
  }

  /// Puts versions into rows of their own, not into any sum.
  ///
  /// @param ids of recorded versions
  static void insert(Handle handle, List<Integer> secondaries, List<Long> ids, int state)
      throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    Connection connection = handle.getConnection();
    try (PreparedStatement insert =
        connection.prepareStatement(
            INTO
                + "SELECT v.id * 256 + s.id, s.id, v.id, v.object_key, v.key_rank, v.size, "
                + VersionRows.CHANGED_AT
                + ", v.seen_scan, ?, 0, 0, 0, '' FROM"
                + ByNumber.from("version v", "v.id")
                + "CROSS JOIN secondary s WHERE s.id = ANY(?) AND "
                + ByNumber.found("v.id"))) {
      insert.setInt(1, state);
      insert.setArray(2, ByNumber.numbers(handle, ids));
      insert.setArray(3, connection.createArrayOf("INTEGER", secondaries.toArray()));
      insert.executeUpdate();
    }
  }

  /// Adds a version: pending, missed when the primary no longer has it, or held when it is a
  /// deletion that the brake holds.
  ///
  /// @param version recorded later than those that were added for this secondary before
  void add(int secondary, RecordedVersion version) throws SQLException {
    if (version.purgedInScan().isPresent()) {
      add(secondary, version, Codes.MISSED, version.purgedInScan().getAsLong(), "");
    } else {
      boolean holds =
          version.entry() instanceof Entry.DeleteMarker && version.seenInScan() > clearedThrough;
      if (holds) {
        add(secondary, version, Codes.HELD, 0, "");
      } else {
        untried.computeIfAbsent(secondary, _ -> new ArrayList<>()).add(version.id());
        sums.add(secondary, Codes.PENDING, version.seenInScan(), 0, version.entry().bytes());
      }
    }
  }

  /// Adds a version in a state, in a row of its own.
  void add(int secondary, RecordedVersion version, int state, long missedInScan, String error)
      throws SQLException {
    bind(insert, secondary, version, state, missedInScan, error);
    insert.addBatch();
    filled = true;
    sums.add(secondary, state, version.seenInScan(), missedInScan, version.entry().bytes());
    if (state != Codes.PENDING) {
      changes.note(version.id());
    }
  }

  /// Sets the parameters of [#INSERT].
  static void bind(
      PreparedStatement insert,
      int secondary,
      RecordedVersion version,
      int state,
      long missedInScan,
      String error)
      throws SQLException {
    insert.setLong(1, Codes.place(secondary, version.id()));
    insert.setInt(2, secondary);
    insert.setLong(3, version.id());
    insert.setBytes(4, version.key().utf8());
    insert.setLong(5, version.rank());
    insert.setLong(6, version.entry().bytes());
    insert.setLong(7, Codes.nanos(version.effectiveAt()));
    insert.setLong(8, version.seenInScan());
    insert.setInt(9, state);
    insert.setLong(10, missedInScan);
    insert.setLong(11, Codes.nanos(Instant.EPOCH));
    insert.setString(12, Codes.cut(error, 2000));
  }

  /// Sends the batch.
  void write() throws SQLException {
    PendingRanges ranges = new PendingRanges(handle);
    untried.forEach(ranges::add);
    untried.clear();
    if (filled) {
      insert.executeBatch();
      changes.write();
      filled = false;
    }
  }

  @Override
  public void close() throws SQLException {
    changes.close();
    insert.close();
  }
}
