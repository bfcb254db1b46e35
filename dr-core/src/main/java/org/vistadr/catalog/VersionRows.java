package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;

/// Reads rows of the table `version`.
final class VersionRows {

  /// Columns in the order in which [#read] takes them, of a table with the alias `v`.
  static final String COLUMNS =
      """
      v.id, v.object_key, v.key_rank, v.origin, v.kind, v.version_id, v.last_modified, v.etag, v.size,
      v.storage_class, v.seen_scan, v.visible_after, v.purged_scan, v.sha256\
      """;

  /// The first column after those.
  static final int NEXT_COLUMN = 15;

  private VersionRows() {}

  static RecordedVersion read(ResultSet row) throws SQLException {
    return new RecordedVersion(
        row.getLong(1),
        ObjectKey.ofUtf8(row.getBytes(2)),
        row.getLong(3),
        Codes.origin(row.getInt(4)),
        new VersionId(row.getString(6)),
        Codes.instant(row.getLong(7)),
        entry(row),
        row.getLong(11),
        Codes.optionalInstant(row, 12),
        optionalLong(row, 13),
        Optional.ofNullable(row.getBytes(14)).map(Sha256::ofBytes));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return row.getInt(5) == Codes.CONTENT
        ? new Entry.Content(row.getString(8), row.getLong(9), row.getString(10))
        : new Entry.DeleteMarker();
  }

  private static OptionalLong optionalLong(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
