package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.NamedCheckpoint;

/// Named checkpoints: moments of the primary that people gave a name. Part of what segments tell,
/// so an adopted catalog has them. Safe for use by many threads.
public final class CheckpointLog {

  /// So many can be there at once: segments tell all of them together.
  public static final int MOST = 1_000;

  private static final String SELECT =
      "SELECT name, moment, made_at, made_by, note, held FROM named_checkpoint ";

  private final Store store;

  CheckpointLog(Store store) {
    this.store = store;
  }

  /// What became of a new checkpoint.
  public sealed interface Added {
    /// It is there.
    record Done() implements Added {}

    /// Nothing was changed: another one has the name.
    record NameTaken(NamedCheckpoint by) implements Added {}

    /// Nothing was changed: there are [#MOST].
    record Full() implements Added {}
  }

  /// What became of one that was to be deleted.
  public enum Deleted {
    DONE,
    /// Nothing was changed: it is held.
    HELD,
    /// There is none of that name.
    UNKNOWN
  }

  /// Adds one. Never changes one that is there.
  public Added add(NamedCheckpoint checkpoint) {
    return store.write(handle -> {
      Optional<NamedCheckpoint> before = find(handle, checkpoint.name());
      if (before.isPresent()) {
        return new Added.NameTaken(before.get());
      }
      long there =
          handle
              .select("SELECT COUNT(*) FROM named_checkpoint")
              .map((row, _) -> row.getLong(1))
              .one();
      if (there >= MOST) {
        return new Added.Full();
      }
      insert(handle, checkpoint);
      changed(handle);
      return new Added.Done();
    });
  }

  /// The one of this name.
  public Optional<NamedCheckpoint> find(CheckpointName name) {
    return store.read(handle -> find(handle, name));
  }

  /// Checkpoints, the latest moment first, those of one moment by name.
  ///
  /// @param after only those that come after this place
  public List<NamedCheckpoint> list(Optional<Place> after, int limit) {
    long moment = after.map(place -> Codes.nanos(place.at)).orElse(Long.MAX_VALUE);
    return store.read(handle ->
        handle
            .select(
                SELECT
                    + """
                    WHERE moment < ? OR (moment = ? AND name > ?)
                    ORDER BY moment DESC, name LIMIT ?\
                    """,
                moment,
                moment,
                after.map(place -> place.name).orElse(""),
                limit)
            .map((row, _) -> checkpoint(row))
            .list());
  }

  /// All of them: never more than [#MOST].
  public List<NamedCheckpoint> all() {
    return store.read(CheckpointLog::all);
  }

  /// Those that are held, earliest moment first: no version that a view at one of these moments
  /// shows may be removed, by whatever rule.
  public List<NamedCheckpoint> holding() {
    return store.read(handle ->
        handle
            .select(SELECT + "WHERE held ORDER BY moment, name")
            .map((row, _) -> checkpoint(row))
            .list());
  }

  /// Holds one, or lets it go. Doing so again changes nothing.
  ///
  /// @return it as it is now; empty when there is none of that name
  public Optional<NamedCheckpoint> hold(CheckpointName name, boolean held) {
    return store.write(handle -> {
      int rows =
          handle.execute(
              "UPDATE named_checkpoint SET held = ? WHERE name = ? AND held <> ?",
              held,
              name.value(),
              held);
      if (rows > 0) {
        changed(handle);
      }
      return find(handle, name);
    });
  }

  /// Forgets one that is not held. No version is removed by it.
  public Deleted delete(CheckpointName name) {
    return store.write(handle -> {
      Optional<NamedCheckpoint> before = find(handle, name);
      if (before.isEmpty()) {
        return Deleted.UNKNOWN;
      }
      if (before.get().held()) {
        return Deleted.HELD;
      }
      handle.execute("DELETE FROM named_checkpoint WHERE name = ?", name.value());
      changed(handle);
      return Deleted.DONE;
    });
  }

  /// All checkpoints as a fact; empty when there never was one, as in catalogs from before there
  /// were any.
  static Optional<CatalogFact.Checkpoints> fact(Handle handle) {
    long changes = changes(handle);
    return changes == 0
        ? Optional.empty()
        : Optional.of(new CatalogFact.Checkpoints(changes, all(handle)));
  }

  /// Grows with each change.
  static long changes(Handle handle) {
    return handle
        .select("SELECT checkpoint_changes FROM catalog_state")
        .map((row, _) -> row.getLong(1))
        .one();
  }

  /// Takes all checkpoints of another catalog instead of those that are there.
  static void write(Handle handle, CatalogFact.Checkpoints fact) {
    handle.execute("DELETE FROM named_checkpoint");
    fact.checkpoints().forEach(checkpoint -> insert(handle, checkpoint));
    handle.execute("UPDATE catalog_state SET checkpoint_changes = ?", fact.changes());
  }

  private static List<NamedCheckpoint> all(Handle handle) {
    return handle.select(SELECT + "ORDER BY name").map((row, _) -> checkpoint(row)).list();
  }

  private static Optional<NamedCheckpoint> find(Handle handle, CheckpointName name) {
    return handle
        .select(SELECT + "WHERE name = ?", name.value())
        .map((row, _) -> checkpoint(row))
        .findOne();
  }

  private static void insert(Handle handle, NamedCheckpoint checkpoint) {
    handle.execute(
        """
        INSERT INTO named_checkpoint (name, moment, made_at, made_by, note, held)
        VALUES (?, ?, ?, ?, ?, ?)\
        """,
        checkpoint.name().value(),
        Codes.nanos(checkpoint.at()),
        Codes.nanos(checkpoint.madeAt()),
        Codes.cut(checkpoint.madeBy(), 200),
        checkpoint.note(),
        checkpoint.held());
  }

  private static void changed(Handle handle) {
    handle.execute("UPDATE catalog_state SET checkpoint_changes = checkpoint_changes + 1");
  }

  private static NamedCheckpoint checkpoint(ResultSet row) throws SQLException {
    return new NamedCheckpoint(
        new CheckpointName(row.getString(1)),
        Codes.instant(row.getLong(2)),
        Codes.instant(row.getLong(3)),
        row.getString(4),
        row.getString(5),
        row.getBoolean(6));
  }

  /// A place in the list.
  public record Place(Instant at, String name) {}
}
