package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Finding;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;

/// How far replicas were looked at again, in rounds over all of them in the order of recording, and
/// what was found. Thread-safe.
public final class ScrubLog {

  private final Store store;
  private final Secondaries secondaries;

  ScrubLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// Versions with content whose replicas are to be looked at next. None at the end of a round.
  ///
  /// @param now begins a round if none is under way
  public List<RecordedVersion> next(SiteName secondary, ScrubDepth depth, Instant now, int atMost) {
    int id = secondaries.id(secondary);
    return store.write(handle -> {
      if (handle.execute(
              "UPDATE scrub SET round_began = COALESCE(round_began, ?) WHERE secondary_id = ? AND depth = ?",
              Codes.nanos(now),
              id,
              code(depth))
          == 0) {
        handle.execute(
            "INSERT INTO scrub VALUES (?, ?, 0, ?, 0, 0, NULL)", id, code(depth), Codes.nanos(now));
      }
      return handle
          .select(
              "SELECT "
                  + VersionRows.COLUMNS
                  + """
                   FROM replica r JOIN version v ON v.id = r.version_id
                  WHERE r.place > (SELECT after_place FROM scrub WHERE secondary_id = ? AND depth = ?)
                    AND r.secondary_id = ? AND v.kind = 0
                  ORDER BY r.place LIMIT ?\
                  """,
              id,
              code(depth),
              id,
              atMost)
          .map((row, _) -> VersionRows.read(row))
          .list();
    });
  }

  /// Records that replicas were looked at.
  ///
  /// @param through the last of them
  public void looked(SiteName secondary, ScrubDepth depth, long through, long objects, long bytes) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE scrub SET after_place = ?, objects = objects + ?, bytes = bytes + ?
            WHERE secondary_id = ? AND depth = ?\
            """,
            Codes.place(id, through),
            objects,
            bytes,
            id,
            code(depth)));
  }

  /// Ends a round: every replica that was there when it began was looked at.
  public void endRound(SiteName secondary, ScrubDepth depth) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE scrub SET last_round_began = round_began, round_began = NULL, after_place = 0,
              objects = 0, bytes = 0
            WHERE secondary_id = ? AND depth = ?\
            """,
            id,
            code(depth)));
  }

  /// How far it is.
  public Progress progress(SiteName secondary, ScrubDepth depth) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select(
                """
                SELECT objects, bytes, round_began, last_round_began FROM scrub
                WHERE secondary_id = ? AND depth = ?\
                """,
                id,
                code(depth))
            .map((row, _) ->
                new Progress(
                    row.getLong(1),
                    row.getLong(2),
                    Codes.optionalInstant(row, 3),
                    Codes.optionalInstant(row, 4)))
            .findOne()
            .orElse(new Progress(0, 0, Optional.empty(), Optional.empty())));
  }

  /// Records a finding, unless the same one is open already.
  public void found(
      SiteName secondary, long versionId, Finding.Kind kind, Instant at, String detail) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      if (handle.execute(
              """
              UPDATE finding SET kind = ?, state = 0, detail = ?
              WHERE version_id = ? AND secondary_id = ? AND state IN (0, 1)\
              """,
              code(kind),
              Codes.cut(detail, 2000),
              versionId,
              id)
          == 0) {
        handle.execute(
            """
            INSERT INTO finding SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, 0, ?, NULL, ? FROM finding\
            """,
            id,
            versionId,
            code(kind),
            Codes.nanos(at),
            Codes.cut(detail, 2000));
      }
    });
  }

  /// Findings in a state, oldest first.
  ///
  /// @param afterId for paging
  public List<Finding> list(Finding.State state, long afterId, int atMost) {
    return select(
        "WHERE f.state = ? AND f.id > ? ORDER BY f.id LIMIT ?", code(state), afterId, atMost);
  }

  /// One finding.
  public Optional<Finding> find(long id) {
    return select("WHERE f.id = ?", id).stream().findFirst();
  }

  /// Findings at a secondary that are not repaired.
  public long open(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select("SELECT COUNT(*) FROM finding WHERE state IN (0, 1) AND secondary_id = ?", id)
            .map((row, _) -> row.getLong(1))
            .one());
  }

  /// Moves a finding on.
  public void move(long id, Finding.State to, Optional<Instant> settledAt) {
    store.run(handle ->
        handle.execute(
            "UPDATE finding SET state = ?, settled_at = ? WHERE id = ?",
            code(to),
            settledAt.map(Codes::nanos).orElse(null),
            id));
  }

  private List<Finding> select(String where, Object... arguments) {
    return store.read((Handle handle) ->
        handle
            .select(
                """
                SELECT f.id, s.name, f.version_id, v.object_key, f.kind, f.state, f.found_at,
                  f.settled_at, f.detail
                FROM finding f JOIN secondary s ON s.id = f.secondary_id
                JOIN version v ON v.id = f.version_id \
                """
                    + where,
                arguments)
            .map((row, _) -> finding(row))
            .list());
  }

  private static Finding finding(ResultSet row) throws SQLException {
    return new Finding(
        row.getLong(1),
        new SiteName(row.getString(2)),
        row.getLong(3),
        org.vistadr.model.ObjectKey.ofUtf8(row.getBytes(4)),
        kind(row.getInt(5)),
        state(row.getInt(6)),
        Codes.instant(row.getLong(7)),
        Codes.optionalInstant(row, 8),
        row.getString(9));
  }

  private static int code(ScrubDepth depth) {
    return switch (depth) {
      case PRESENCE -> 0;
      case READ_BACK -> 1;
    };
  }

  private static int code(Finding.Kind kind) {
    return switch (kind) {
      case MISSING -> 0;
      case CHANGED -> 1;
      case CORRUPT -> 2;
      case METADATA -> 3;
    };
  }

  private static Finding.Kind kind(int code) {
    return switch (code) {
      case 0 -> Finding.Kind.MISSING;
      case 1 -> Finding.Kind.CHANGED;
      case 2 -> Finding.Kind.CORRUPT;
      case 3 -> Finding.Kind.METADATA;
      default ->
          throw new CatalogException("the catalog holds the unknown kind %d".formatted(code));
    };
  }

  private static int code(Finding.State state) {
    return switch (state) {
      case OPEN -> 0;
      case BEING_REPAIRED -> 1;
      case REPAIRED -> 2;
    };
  }

  private static Finding.State state(int code) {
    return switch (code) {
      case 0 -> Finding.State.OPEN;
      case 1 -> Finding.State.BEING_REPAIRED;
      case 2 -> Finding.State.REPAIRED;
      default ->
          throw new CatalogException("the catalog holds the unknown state %d".formatted(code));
    };
  }

  /// @param objects replicas looked at in this round
  /// @param bytes their bytes
  /// @param roundBegan when it began; empty between two rounds
  /// @param lastRoundBegan when the last round began that came to its end: everything was looked at
  ///   since then
  public record Progress(
      long objects, long bytes, Optional<Instant> roundBegan, Optional<Instant> lastRoundBegan) {}
}
