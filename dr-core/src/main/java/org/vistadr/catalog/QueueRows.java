package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Entry;
import org.vistadr.model.RecordedVersion;

/// Puts rows into the queue, in one batch, and into its sums. Of one transaction; [#write] ends it.
final class QueueRows implements AutoCloseable {

  private static final String INSERT =
      """
      INSERT INTO queue (place, secondary_id, version_id, object_key, key_rank, size, changed_at, seen_scan,
        state, missed_in_scan, attempts, not_before, last_error)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)\
      """;

  private final PreparedStatement insert;
  private final QueueSums sums;
  private final long clearedThrough;
  private final ChangeNotes changes;
  private boolean filled;

  QueueRows(Handle handle, QueueSums sums) throws SQLException {
    this.clearedThrough = BrakeTally.clearedWhileEngaged(handle);
    this.insert = handle.getConnection().prepareStatement(INSERT);
    this.sums = sums;
    this.changes = new ChangeNotes(handle);
  }

  /// Adds a version: pending, missed when the primary no longer has it, or held when it is a
  /// deletion that the brake holds.
  void add(int secondary, RecordedVersion version) throws SQLException {
    if (version.purgedInScan().isPresent()) {
      add(secondary, version, Codes.MISSED, version.purgedInScan().getAsLong(), "");
    } else {
      boolean holds =
          version.entry() instanceof Entry.DeleteMarker && version.seenInScan() > clearedThrough;
      add(secondary, version, holds ? Codes.HELD : Codes.PENDING, 0, "");
    }
  }

  /// Adds a version in a state.
  void add(int secondary, RecordedVersion version, int state, long missedInScan, String error)
      throws SQLException {
    long bytes = version.entry().bytes();
    insert.setLong(1, Codes.place(secondary, version.id()));
    insert.setInt(2, secondary);
    insert.setLong(3, version.id());
    insert.setBytes(4, version.key().utf8());
    insert.setLong(5, version.rank());
    insert.setLong(6, bytes);
    insert.setLong(7, Codes.nanos(version.effectiveAt()));
    insert.setLong(8, version.seenInScan());
    insert.setInt(9, state);
    insert.setLong(10, missedInScan);
    insert.setLong(11, Codes.nanos(Instant.EPOCH));
    insert.setString(12, Codes.cut(error, 2000));
    insert.addBatch();
    filled = true;
    sums.add(secondary, state, version.seenInScan(), missedInScan, bytes);
    if (state != Codes.PENDING) {
      changes.note(version.id());
    }
  }

  /// Sends the batch.
  void write() throws SQLException {
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
