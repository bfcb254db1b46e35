package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;

/// Reads and writes rows of the table `version`.
final class VersionRows {

  /// The hash of a version `v`.
  static final String HASH = "(SELECT c.sha256 FROM version_content c WHERE c.version_id = v.id)";

  private static final String OWN_COLUMNS =
      """
      v.id, v.object_key, v.key_rank, v.origin, v.kind, v.version_id, v.last_modified, v.etag, v.size,
      v.storage_class, v.seen_scan, v.visible_after, v.purged_scan,\
      """;

  /// Columns in the order in which [#read] takes them, of a table with the alias `v`.
  static final String COLUMNS = OWN_COLUMNS + HASH;

  /// The same where `version_content` is joined with the alias `c`.
  static final String JOINED_COLUMNS = OWN_COLUMNS + "c.sha256";

  /// Takes what [#bind] sets.
  static final String INSERT =
      """
      INSERT INTO version (id, object_key, key_rank, origin, kind, version_id, last_modified, etag,
        size, storage_class, seen_scan, visible_after, purged_scan)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;

  /// When the change of a version `v` took effect at the primary.
  static final String CHANGED_AT =
      "GREATEST(v.last_modified, COALESCE(v.visible_after, v.last_modified))";

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

  /// Sets the parameters of [#INSERT]. The hash stands elsewhere.
  static void bind(PreparedStatement insert, RecordedVersion version) throws SQLException {
    insert.setLong(1, version.id());
    insert.setBytes(2, version.key().utf8());
    insert.setLong(3, version.rank());
    insert.setInt(4, Codes.code(version.origin()));
    insert.setString(6, version.versionId().value());
    insert.setLong(7, Codes.nanos(version.lastModified()));
    switch (version.entry()) {
      case Entry.Content(String etag, long size, String storageClass) -> {
        insert.setInt(5, Codes.CONTENT);
        insert.setString(8, etag);
        insert.setLong(9, size);
        insert.setString(10, storageClass);
      }
      case Entry.DeleteMarker() -> {
        insert.setInt(5, Codes.DELETE_MARKER);
        insert.setNull(8, Types.VARCHAR);
        insert.setLong(9, 0);
        insert.setNull(10, Types.VARCHAR);
      }
    }
    insert.setLong(11, version.seenInScan());
    Codes.setOptional(insert, 12, version.visibleAfter());
    if (version.purgedInScan().isPresent()) {
      insert.setLong(13, version.purgedInScan().getAsLong());
    } else {
      insert.setNull(13, Types.BIGINT);
    }
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
