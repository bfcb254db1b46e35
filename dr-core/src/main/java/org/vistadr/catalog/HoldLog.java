package org.vistadr.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.Hold;

/// What people exempt from retention. Part of what segments tell, so an adopted catalog has it.
/// Safe for use by many threads.
public final class HoldLog {

  /// So many can be there at once: segments tell all of them together.
  public static final int MOST = 1_000;

  private static final String SELECT =
      "SELECT id, of_prefix, covered, reason, made_at, made_by FROM retention_hold ";

  private final Store store;

  HoldLog(Store store) {
    this.store = store;
  }

  /// Adds one.
  ///
  /// @return it with its number; empty when there are [#MOST]
  public Optional<Hold> add(Hold hold) {
    return store.write(handle -> {
      if (all(handle).size() >= MOST) {
        return Optional.empty();
      }
      // Changes only grow, so no number is given twice.
      Hold numbered =
          new Hold(
              changes(handle) + 1,
              hold.prefix(),
              hold.text(),
              hold.reason(),
              hold.madeAt(),
              hold.madeBy());
      insert(handle, numbered);
      changed(handle);
      audit(handle, numbered, "hold-added", hold.madeBy(), hold.reason(), hold.madeAt());
      return Optional.of(numbered);
    });
  }

  /// All of them, oldest first: never more than [#MOST].
  public List<Hold> all() {
    return store.read(HoldLog::all);
  }

  /// Ends one.
  ///
  /// @param who ends it
  /// @param reason why
  /// @return what it was; empty when there is none of that number
  public Optional<Hold> remove(long id, String who, String reason, Instant at) {
    return store.write(handle -> {
      Optional<Hold> hold =
          handle.select(SELECT + "WHERE id = ?", id).map((row, _) -> hold(row)).findOne();
      if (hold.isPresent()) {
        handle.execute("DELETE FROM retention_hold WHERE id = ?", id);
        changed(handle);
        audit(handle, hold.get(), "hold-removed", who, reason, at);
      }
      return hold;
    });
  }

  /// All holds as a fact; empty when there never was one.
  static Optional<CatalogFact.Holds> fact(Handle handle) {
    long changes = changes(handle);
    return changes == 0
        ? Optional.empty()
        : Optional.of(new CatalogFact.Holds(changes, all(handle)));
  }

  /// Grows with each change.
  static long changes(Handle handle) {
    return handle
        .select("SELECT hold_changes FROM catalog_state")
        .map((row, _) -> row.getLong(1))
        .one();
  }

  /// Takes all holds of another catalog instead of those that are there.
  static void write(Handle handle, CatalogFact.Holds fact) {
    handle.execute("DELETE FROM retention_hold");
    fact.holds().forEach(hold -> insert(handle, hold));
    handle.execute("UPDATE catalog_state SET hold_changes = ?", fact.changes());
  }

  private static void audit(
      Handle handle, Hold hold, String action, String who, String reason, Instant at) {
    AuditLog.add(
        handle,
        AuditEvent.of(at, who, action, "%d %s".formatted(hold.id(), hold.words()), reason, ""));
  }

  private static List<Hold> all(Handle handle) {
    return handle.select(SELECT + "ORDER BY id").map((row, _) -> hold(row)).list();
  }

  private static void insert(Handle handle, Hold hold) {
    handle.execute(
        "INSERT INTO retention_hold VALUES (?, ?, ?, ?, ?, ?)",
        hold.id(),
        hold.prefix(),
        hold.text().getBytes(StandardCharsets.UTF_8),
        hold.reason(),
        Codes.nanos(hold.madeAt()),
        Codes.cut(hold.madeBy(), 200));
  }

  private static void changed(Handle handle) {
    handle.execute("UPDATE catalog_state SET hold_changes = hold_changes + 1");
  }

  private static Hold hold(ResultSet row) throws SQLException {
    return new Hold(
        row.getLong(1),
        row.getBoolean(2),
        new String(row.getBytes(3), StandardCharsets.UTF_8),
        row.getString(4),
        Codes.instant(row.getLong(5)),
        row.getString(6));
  }
}
