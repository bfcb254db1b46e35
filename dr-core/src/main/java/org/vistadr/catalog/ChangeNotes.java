package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Notes which versions changed that a segment already has, so that the next one has them again.
/// Whatever changes a row of `version` or `version_content`, a replica, or a row of the queue that
/// is not simply pending, notes the version in the same transaction. A version that no segment has
/// yet needs no note. Of one transaction; [#write] ends it.
final class ChangeNotes implements AutoCloseable {

  private final Handle handle;
  private final long exportedThrough;
  private final Set<Long> noted = new HashSet<>();
  private @Nullable PreparedStatement insert;

  ChangeNotes(Handle handle) {
    this.handle = handle;
    exportedThrough =
        handle
            .select("SELECT exported_through FROM segment_state")
            .map((row, _) -> row.getLong(1))
            .one();
  }

  /// Notes one version, in a transaction of the caller.
  static void note(Handle handle, long versionId) throws SQLException {
    try (ChangeNotes changes = new ChangeNotes(handle)) {
      changes.note(versionId);
      changes.write();
    }
  }

  void note(long versionId) throws SQLException {
    if (versionId > exportedThrough || !noted.add(versionId)) {
      return;
    }
    PreparedStatement statement = insert;
    if (statement == null) {
      statement =
          handle
              .getConnection()
              .prepareStatement("INSERT INTO version_change (version_id) VALUES (?)");
      insert = statement;
    }
    statement.setLong(1, versionId);
    statement.addBatch();
  }

  /// Sends the batch; what is noted from then on is noted again.
  void write() throws SQLException {
    if (insert != null) {
      insert.executeBatch();
      noted.clear();
    }
  }

  @Override
  public void close() throws SQLException {
    if (insert != null) {
      insert.close();
    }
  }
}
