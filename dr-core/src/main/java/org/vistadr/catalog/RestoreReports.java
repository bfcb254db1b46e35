package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.SiteName;

/// What is told of a restore afterwards, summed up by the database: nothing is kept per object.
/// Safe for use by many threads.
public final class RestoreReports {

  private static final long PIECE = 5000;

  private final Store store;

  RestoreReports(Store store) {
    this.store = store;
  }

  /// Who asked for a restore, and when it ran.
  ///
  /// @param askedBy the role of the caller; empty when nobody told
  /// @param startedAt when the first object was taken up
  public record Course(Optional<String> askedBy, Optional<Instant> startedAt) {}

  /// Who asked for a restore, and when it ran.
  public Course course(String restoreId) {
    return store.read(handle ->
        handle
            .select("SELECT asked_by, started_at FROM restore WHERE id = ?", restoreId)
            .map((row, _) ->
                new Course(
                    Optional.of(row.getString(1)).filter(who -> !who.isEmpty()),
                    Codes.optionalInstant(row, 2)))
            .findOne()
            .orElse(new Course(Optional.empty(), Optional.empty())));
  }

  /// Records who asked for a restore.
  public void askedBy(String restoreId, String who) {
    store.run(handle ->
        handle.execute(
            "UPDATE restore SET asked_by = ? WHERE id = ?", Codes.cut(who, 200), restoreId));
  }

  /// Records that a restore takes its first object up; later calls change nothing.
  public void started(String restoreId, Instant at) {
    store.run(handle ->
        handle.execute(
            "UPDATE restore SET started_at = ? WHERE id = ? AND started_at IS NULL",
            Codes.nanos(at),
            restoreId));
  }

  /// Restores that undo a restore, newest first.
  public List<String> undoneBy(String restoreId) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT r.id FROM restore_plan p JOIN restore r ON r.plan_id = p.id
                WHERE p.undoes = ? ORDER BY r.number DESC LIMIT 100\
                """,
                restoreId)
            .map((row, _) -> row.getString(1))
            .list());
  }

  /// What became of the items of a plan: objects and bytes by action and state. Reads all of them.
  public Map<RestoreAction, Map<RestoreItem.State, Amount>> results(String planId) {
    var results = new EnumMap<RestoreAction, Map<RestoreItem.State, Amount>>(RestoreAction.class);
    store
        .read(handle ->
            handle
                .select(
                    """
                    SELECT action, state, COUNT(*), SUM(size) FROM restore_item
                    WHERE plan_id = ? AND action IN (0, 1, 2, 5) GROUP BY action, state\
                    """,
                    planId)
                .map((row, _) -> Result.of(row))
                .list())
        .forEach(result ->
            results
                .computeIfAbsent(result.action, _ -> new EnumMap<>(RestoreItem.State.class))
                .put(result.state, result.amount));
    return results;
  }

  private record Result(RestoreAction action, RestoreItem.State state, Amount amount) {
    static Result of(ResultSet row) throws SQLException {
      return new Result(
          RestoreCodes.action(row.getInt(1)),
          RestoreCodes.itemState(row.getInt(2)),
          new Amount(row.getLong(3), row.getLong(4)));
    }
  }

  /// Objects and bytes by the site that they came from; what was deleted or found is at no site.
  public Map<SiteName, Amount> sources(String planId) {
    var sources =
        new java.util.TreeMap<SiteName, Amount>(java.util.Comparator.comparing(SiteName::value));
    store
        .read(handle ->
            handle
                .select(
                    """
                    SELECT written_source, COUNT(*), SUM(size) FROM restore_item
                    WHERE plan_id = ? AND state = ? AND written_source IS NOT NULL
                    GROUP BY written_source\
                    """,
                    planId,
                    RestoreCodes.code(RestoreItem.State.DONE))
                .map((row, _) ->
                    Map.entry(
                        new SiteName(row.getString(1)), new Amount(row.getLong(2), row.getLong(3))))
                .list())
        .forEach(source -> sources.put(source.getKey(), source.getValue()));
    return sources;
  }

  /// Objects that were written after a look instead of under the provider's own condition.
  public long nonAtomic(String planId) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT COUNT(*) FROM restore_item
                WHERE plan_id = ? AND state = ? AND NOT written_atomic\
                """,
                planId,
                RestoreCodes.code(RestoreItem.State.DONE))
            .map((row, _) -> row.getLong(1))
            .one());
  }

  /// The newest version that a restore brought back, by the primary's time.
  public Optional<RecordedVersion> newest(String planId) {
    return store.read(handle ->
        handle
            .select(
                "SELECT "
                    + VersionRows.COLUMNS
                    + """
                     FROM restore_item i JOIN version v ON v.id = i.wanted
                    WHERE i.plan_id = ? AND i.state = ? AND i.action IN (0, 1)
                    ORDER BY v.last_modified DESC LIMIT 1\
                    """,
                planId,
                RestoreCodes.code(RestoreItem.State.DONE))
            .map((row, _) -> VersionRows.read(row))
            .findOne());
  }

  /// Removes restores that ended before a moment, with their plans and items. What undoes another
  /// restore, or is undone by one, goes no earlier than the younger of the two.
  ///
  /// @return how many, at most a few hundred for each call
  public int forgetBefore(Instant moment) {
    var old =
        store.read(handle ->
            handle
                .select(
                    """
                    SELECT r.id, r.plan_id FROM restore r JOIN restore_plan p ON p.id = r.plan_id
                    WHERE r.ended_at < ? AND NOT EXISTS (
                      SELECT 1 FROM restore_plan u JOIN restore n ON n.plan_id = u.id
                      WHERE u.undoes = r.id AND (n.ended_at IS NULL OR n.ended_at >= ?))
                    ORDER BY r.ended_at LIMIT 200\
                    """,
                    Codes.nanos(moment),
                    Codes.nanos(moment))
                .map((row, _) -> new Old(row.getString(1), row.getString(2)))
                .list());
    old.forEach(this::forget);
    return old.size();
  }

  /// A million items are removed in pieces, so that nobody waits for them; the restore itself goes
  /// last, so that what is cut off is taken up again.
  private void forget(Old restore) {
    long last =
        store.read(handle ->
            handle
                .select(
                    "SELECT COALESCE(MAX(seq), 0) FROM restore_item WHERE plan_id = ?",
                    restore.planId)
                .map((row, _) -> row.getLong(1))
                .one());
    for (long upTo = PIECE; upTo < last + PIECE; upTo += PIECE) {
      long bound = upTo;
      store.run(handle ->
          handle.execute(
              "DELETE FROM restore_item WHERE plan_id = ? AND seq <= ?", restore.planId, bound));
    }
    store.run(handle -> {
      handle.execute("DELETE FROM restore_again WHERE plan_id = ?", restore.planId);
      handle.execute("DELETE FROM restore_attempt WHERE restore_id = ?", restore.id);
      handle.execute("DELETE FROM restore_sum WHERE plan_id = ?", restore.planId);
      handle.execute("DELETE FROM restore WHERE id = ?", restore.id);
      RestoreLog.discard(handle, restore.planId);
    });
  }

  private record Old(String id, String planId) {}
}
