package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Reads rows of the table `finding`, and says how kinds and states stand in columns. As [Codes].
final class FindingRows {

  /// What [#read] takes, of a table with the alias `f`.
  static final String COLUMNS =
      """
      SELECT f.id, s.name, f.version_id, COALESCE(v.object_key, f.location), f.remote_version,
        f.kind, f.state, f.found_at, f.settled_at, f.detail, f.source, f.reason,
        f.found_etag, f.found_size, f.found_sha256
      FROM finding f JOIN secondary s ON s.id = f.secondary_id
      LEFT JOIN version v ON v.id = f.version_id \
      """;

  private FindingRows() {}

  static FindingLog.Row read(ResultSet row) throws SQLException {
    Finding finding =
        new Finding(
            row.getLong(1),
            new SiteName(row.getString(2)),
            row.getLong(3),
            ObjectKey.ofUtf8(row.getBytes(4)),
            Optional.ofNullable(row.getString(5)).map(VersionId::new),
            kind(row.getInt(6)),
            state(row.getInt(7)),
            Codes.instant(row.getLong(8)),
            Codes.optionalInstant(row, 9),
            row.getString(10),
            Optional.ofNullable(row.getString(11)).map(SiteName::new),
            Optional.ofNullable(row.getString(12)));
    Optional<String> etag = Optional.ofNullable(row.getString(13));
    long size = row.getLong(14);
    Optional<Sha256> sha256 = Optional.ofNullable(row.getBytes(15)).map(Sha256::ofBytes);
    return new FindingLog.Row(finding, etag.map(tag -> new Finding.Bytes(tag, size, sha256)));
  }

  static int code(Finding.Kind kind) {
    return switch (kind) {
      case MISSING -> 0;
      case CHANGED -> 1;
      case CORRUPT -> 2;
      case METADATA -> 3;
      case SWAPPED -> 4;
      case EXTRA -> 5;
    };
  }

  static Finding.Kind kind(int code) {
    return switch (code) {
      case 0 -> Finding.Kind.MISSING;
      case 1 -> Finding.Kind.CHANGED;
      case 2 -> Finding.Kind.CORRUPT;
      case 3 -> Finding.Kind.METADATA;
      case 4 -> Finding.Kind.SWAPPED;
      case 5 -> Finding.Kind.EXTRA;
      default ->
          throw new CatalogException("the catalog holds the unknown kind %d".formatted(code));
    };
  }

  static int code(Finding.State state) {
    return switch (state) {
      case OPEN -> 0;
      case BEING_REPAIRED -> 1;
      case REPAIRED -> 2;
      case ACKNOWLEDGED -> 3;
      case GONE -> 4;
    };
  }

  static Finding.State state(int code) {
    return switch (code) {
      case 0 -> Finding.State.OPEN;
      case 1 -> Finding.State.BEING_REPAIRED;
      case 2 -> Finding.State.REPAIRED;
      case 3 -> Finding.State.ACKNOWLEDGED;
      case 4 -> Finding.State.GONE;
      default ->
          throw new CatalogException("the catalog holds the unknown state %d".formatted(code));
    };
  }
}
