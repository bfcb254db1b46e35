package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Legal holds that stand at secondaries for what people hold. A row is made before the hold is set
/// and goes after it was lifted, so that none is left behind by a crash. Not told by segments: an
/// adopted catalog finds them on and does not lift them. Safe for use by many threads.
public final class LegalHoldLog {

  private final Store store;
  private final Secondaries secondaries;

  LegalHoldLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// How a legal hold stands.
  public enum State {
    /// It may be on already; that is not recorded.
    SETTING,
    /// We set it.
    SET,
    /// It was on when we came, so somebody else may need it.
    FOUND
  }

  /// One legal hold.
  ///
  /// @param versionId catalog id
  /// @param location the replica's key at the secondary
  /// @param version its version there
  public record Placed(long versionId, ObjectKey location, VersionId version, State state) {

    /// The same in another state.
    public Placed in(State other) {
      return new Placed(versionId, location, version, other);
    }
  }

  /// One replica's; empty when it has none that is known.
  public Optional<Placed> find(SiteName secondary, long versionId, VersionId version) {
    return select(
            "AND version_id = ? AND remote_version = ?",
            secondaries.id(secondary),
            versionId,
            version.value())
        .stream()
        .findFirst();
  }

  /// All of a secondary, in a fixed order.
  ///
  /// @param after only those after this one
  public List<Placed> list(SiteName secondary, Optional<Placed> after, int atMost) {
    return select(
        """
        AND (version_id > ? OR (version_id = ? AND remote_version > ?))
        ORDER BY secondary_id, version_id, remote_version LIMIT ?\
        """,
        secondaries.id(secondary),
        after.map(Placed::versionId).orElse(-1L),
        after.map(Placed::versionId).orElse(-1L),
        after.map(placed -> placed.version().value()).orElse(""),
        atMost);
  }

  /// How many stand at a secondary.
  public long count(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select("SELECT COUNT(*) FROM legal_hold WHERE secondary_id = ? AND state > 0", id)
            .map((row, _) -> row.getLong(1))
            .one());
  }

  /// Records how some stand.
  public void put(SiteName secondary, List<Placed> placed, Instant at) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      try (PreparedStatement merge =
          handle
              .getConnection()
              .prepareStatement(
                  """
                  MERGE INTO legal_hold (secondary_id, version_id, remote_version, location, state, at)
                  KEY (secondary_id, version_id, remote_version) VALUES (?, ?, ?, ?, ?, ?)\
                  """)) {
        for (Placed one : placed) {
          merge.setInt(1, id);
          merge.setLong(2, one.versionId);
          merge.setString(3, one.version.value());
          merge.setBytes(4, one.location.utf8());
          merge.setInt(5, code(one.state));
          merge.setLong(6, Codes.nanos(at));
          merge.addBatch();
        }
        merge.executeBatch();
      }
    });
  }

  /// Forgets some that were lifted, or whose object is gone.
  public void forget(SiteName secondary, List<Placed> placed) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      for (Placed one : placed) {
        handle.execute(
            "DELETE FROM legal_hold WHERE secondary_id = ? AND version_id = ? AND remote_version = ?",
            id,
            one.versionId,
            one.version.value());
      }
    });
  }

  private List<Placed> select(String and, Object... arguments) {
    return store.read(handle ->
        handle
            .select(
                "SELECT version_id, location, remote_version, state FROM legal_hold"
                    + " WHERE secondary_id = ? "
                    + and,
                arguments)
            .map((row, _) ->
                new Placed(
                    row.getLong(1),
                    ObjectKey.ofUtf8(row.getBytes(2)),
                    new VersionId(row.getString(3)),
                    state(row.getInt(4))))
            .list());
  }

  private static int code(State state) {
    return switch (state) {
      case SETTING -> 0;
      case SET -> 1;
      case FOUND -> 2;
    };
  }

  private static State state(int code) throws SQLException {
    return switch (code) {
      case 0 -> State.SETTING;
      case 1 -> State.SET;
      case 2 -> State.FOUND;
      default -> throw new SQLException("unknown state of a legal hold: " + code);
    };
  }
}
