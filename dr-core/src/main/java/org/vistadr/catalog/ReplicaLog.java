package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Durable replicas: which version is where at which secondary.
public final class ReplicaLog {

  private static final String SELECT =
      """
      SELECT s.name, r.version_id, v.key_rank, v.kind, COALESCE(r.location, v.object_key),
        r.remote_version, r.etag, r.durable_at, r.storage_class
      """;

  private final Store store;
  private final Secondaries secondaries;

  ReplicaLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// Replicas of a key at a secondary, highest rank first.
  public List<Replica> ofKey(SiteName secondary, ObjectKey key) {
    return store.rows(
        SELECT
            + """
            FROM version v
            JOIN replica r ON r.place = v.id * 256 + ?
            JOIN secondary s ON s.id = r.secondary_id
            WHERE v.object_key = ? ORDER BY v.object_key, v.key_rank DESC
            """,
        ReplicaLog::replica,
        secondaries.id(secondary),
        key.utf8());
  }

  /// The replica of one version.
  public Optional<Replica> find(SiteName secondary, long versionId) {
    return store
        .rows(
            SELECT
                + """
                FROM replica r
                JOIN version v ON v.id = r.version_id
                JOIN secondary s ON s.id = r.secondary_id
                WHERE r.place = ?
                """,
            ReplicaLog::replica,
            Codes.place(secondaries.id(secondary), versionId))
        .stream()
        .findFirst();
  }

  /// Replicas of one version at all secondaries.
  public List<Replica> everywhere(long versionId) {
    return store.rows(
        SELECT
            + """
            FROM secondary s
            JOIN replica r ON r.place = ? + s.id
            JOIN version v ON v.id = r.version_id ORDER BY s.name
            """,
        ReplicaLog::replica,
        Codes.place(0, versionId));
  }

  /// Names of the secondaries where a version is durable.
  public List<SiteName> sitesOf(long versionId) {
    return store.rows(
        "SELECT s.name FROM secondary s JOIN replica r ON r.place = ? + s.id",
        row -> new SiteName(row.getString(1)),
        Codes.place(0, versionId));
  }

  /// Records that the bytes of a replica moved, after they were proved to be at the new place. They
  /// have the default class there.
  ///
  /// @param remoteVersion version id at the new place
  public void relocate(
      SiteName secondary,
      long versionId,
      ObjectKey location,
      Optional<VersionId> remoteVersion,
      String etag) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      int moved =
          handle.execute(
              """
              UPDATE replica SET location = ?, remote_version = ?, etag = ?, storage_class = NULL
              WHERE place = ?\
              """,
              location.utf8(),
              remoteVersion.map(VersionId::value).orElse(null),
              etag,
              Codes.place(id, versionId));
      if (moved == 0) {
        throw notDurable(secondary, versionId);
      }
      ChangeNotes.note(handle, versionId);
    });
  }

  /// Takes back that a replica is durable, because its bytes proved to be gone; the version is
  /// pending again.
  public void refute(SiteName secondary, long versionId, String reason) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      RecordedVersion version =
          handle
              .select(
                  "SELECT "
                      + VersionRows.COLUMNS
                      + """
                       FROM replica r JOIN version v ON v.id = r.version_id
                      WHERE r.place = ?\
                      """,
                  Codes.place(id, versionId))
              .map((row, _) -> VersionRows.read(row))
              .findOne()
              .orElseThrow(() -> notDurable(secondary, versionId));
      handle.execute("DELETE FROM replica WHERE place = ?", Codes.place(id, versionId));
      if (version.entry() instanceof Entry.Content content) {
        handle.execute(
            """
            UPDATE secondary SET durable_objects = durable_objects - 1,
              durable_bytes = durable_bytes - ? WHERE id = ?\
            """,
            content.size(),
            id);
      }
      QueueSums sums = new QueueSums(handle);
      try (QueueRows rows = new QueueRows(handle, sums)) {
        rows.add(id, version, Codes.PENDING, 0, reason);
        rows.write();
      }
      sums.write();
      ChangeNotes.note(handle, versionId);
    });
  }

  /// Wants a version copied again that is not durable: one that was given up, or that the primary
  /// lost before it was copied.
  ///
  /// @return whether it is pending now
  public boolean wantAgain(SiteName secondary, long versionId) {
    int id = secondaries.id(secondary);
    long place = Codes.place(id, versionId);
    return store.write(handle -> {
      Optional<long[]> row =
          handle
              .select(
                  "SELECT state, seen_scan, missed_in_scan, size FROM queue WHERE place = ?", place)
              .map((found, _) ->
                  new long[] {
                    found.getLong(1), found.getLong(2), found.getLong(3), found.getLong(4)
                  })
              .findOne();
      int state = row.map(found -> (int) found[0]).orElse(Codes.PRUNED);
      if (state != Codes.GIVEN_UP && state != Codes.MISSED) {
        return state == Codes.PENDING || new PendingRanges(handle).contains(id, versionId);
      }
      long[] found = row.get();
      QueueSums sums = new QueueSums(handle);
      sums.remove(id, state, found[1], found[2], found[3]);
      sums.add(id, Codes.PENDING, found[1], 0, found[3]);
      handle.execute(
          """
          UPDATE queue SET state = ?, missed_in_scan = 0, attempts = 0, not_before = ?
          WHERE place = ?\
          """,
          Codes.PENDING,
          Codes.nanos(Instant.EPOCH),
          place);
      sums.write();
      ChangeNotes.note(handle, versionId);
      return true;
    });
  }

  /// Replicas in the order in which the secondary lists them.
  public PlacedReplicas placed(SiteName secondary) {
    return new PlacedReplicas(store, secondaries.id(secondary));
  }

  /// Numbers of durable replicas and their bytes.
  public Count count(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select("SELECT durable_objects, durable_bytes FROM secondary WHERE id = ?", id)
            .map((row, _) -> new Count(row.getLong(1), row.getLong(2)))
            .one());
  }

  private static Replica replica(ResultSet row) throws SQLException {
    ObjectKey location = ObjectKey.ofUtf8(row.getBytes(5));
    return new Replica(
        new SiteName(row.getString(1)),
        row.getLong(2),
        row.getLong(3),
        row.getInt(4) == Codes.DELETE_MARKER,
        location,
        location.isReserved(),
        Optional.ofNullable(row.getString(6)).map(VersionId::new),
        row.getString(7),
        Codes.instant(row.getLong(8)),
        Optional.ofNullable(row.getString(9)));
  }

  private static CatalogException notDurable(SiteName secondary, long versionId) {
    return new CatalogException(
        "version %d is not durable at '%s'".formatted(versionId, secondary));
  }

  /// A durable replica.
  ///
  /// @param secondary where
  /// @param versionId catalog id of the version
  /// @param rank rank of the version in its key's history
  /// @param marker whether the version is a delete marker
  /// @param location the key at the secondary: the version's own, or below the reserved prefix
  /// @param aside whether it is kept below the reserved prefix
  /// @param remoteVersion version id at the secondary, empty where it has none
  /// @param etag entity tag at the secondary
  /// @param durableAt when it was proved
  /// @param storageClass the class that it was written with; empty for the default
  public record Replica(
      SiteName secondary,
      long versionId,
      long rank,
      boolean marker,
      ObjectKey location,
      boolean aside,
      Optional<VersionId> remoteVersion,
      String etag,
      Instant durableAt,
      Optional<String> storageClass) {}

  /// @param objects replicas that hold content
  public record Count(long objects, long bytes) {}
}
