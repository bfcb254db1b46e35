package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;

/// Restore plans with their items, and restores with what became of each item. Safe for use by many
/// threads.
public final class RestoreLog {

  /// Plans that were never applied are forgotten this long after they expired.
  private static final Duration KEEP_EXPIRED = Duration.ofDays(1);

  private final Store store;
  private final ItemPages pages;

  RestoreLog(Store store) {
    this.store = store;
    this.pages = new ItemPages(store);
  }

  /// Begins to store a plan; it is not found before [#finishPlan].
  ///
  /// @return false when the id is taken
  public boolean beginPlan(RestorePlan plan) {
    return store.write(handle -> {
      if (exists(handle, "SELECT id FROM restore_plan WHERE id = ?", plan.id())) {
        return false;
      }
      RestoreRows.insertPlan(handle, plan);
      return true;
    });
  }

  /// Adds items to a plan that is being made.
  public void addItems(String planId, List<RestoreItem> items) {
    addItems(planId, items, List.of(), List.of());
  }

  /// Adds items to a plan that is being made, in one transaction.
  ///
  /// @param ambiguous those, by their place in the plan, of which it is not certain what their keys
  ///   held
  /// @param newer those that replace or delete what is newer than the plan's moment
  public void addItems(
      String planId, List<RestoreItem> items, List<Long> ambiguous, List<Long> newer) {
    store.run(handle -> {
      RestoreRows.insertItems(handle, planId, items, Set.copyOf(ambiguous));
      for (var item : items) {
        if (item.state() == RestoreItem.State.THAWING) {
          ThawLog.insert(handle, planId, item.seq());
        }
      }
      PlanSums.markNewer(handle, planId, newer);
      if (!ambiguous.isEmpty()) {
        handle.execute(
            "UPDATE restore_plan SET ambiguous = ambiguous + ? WHERE id = ?",
            ambiguous.size(),
            planId);
      }
    });
  }

  /// How many items of a plan are ambiguous.
  public long ambiguous(String planId) {
    return store.read(handle ->
        handle
            .select("SELECT ambiguous FROM restore_plan WHERE id = ?", planId)
            .map((row, _) -> row.getLong(1))
            .findOne()
            .orElse(0L));
  }

  /// Ambiguous items of a plan in key order.
  ///
  /// @param afterSeq only items behind this one
  public List<RestoreItem> ambiguousItems(String planId, long afterSeq, int limit) {
    return pages.ambiguous(planId, afterSeq, limit);
  }

  /// Makes a plan ready with what is known at the end.
  public void finishPlan(RestorePlan plan) {
    store.run(handle -> {
      for (var count : plan.counts().entrySet()) {
        handle.execute(
            "INSERT INTO restore_plan_count (plan_id, action, objects, bytes) VALUES (?, ?, ?, ?)",
            plan.id(),
            RestoreCodes.code(count.getKey()),
            count.getValue().objects(),
            count.getValue().bytes());
      }
      handle.execute(
          """
          UPDATE restore_plan SET state = ?, newer_at_risk = ?, confirm = ?, oldest_deletion = ?
          WHERE id = ?\
          """,
          RestoreCodes.READY,
          plan.newerAtRisk(),
          RestoreCodes.code(plan.confirm()),
          plan.oldestDeletion().map(Codes::nanos).orElse(null),
          plan.id());
    });
  }

  /// Removes a plan that was not applied, with its items.
  public void discardPlan(String planId) {
    store.run(handle -> discard(handle, planId));
  }

  /// Removes plans that expired long ago without having been applied, and those whose making was
  /// cut off.
  ///
  /// @return how many
  public int forgetPlans(Instant now) {
    return store.write(handle -> {
      var old =
          handle
              .select(
                  "SELECT id FROM restore_plan WHERE state < ? AND expires_at < ? LIMIT 1000",
                  RestoreCodes.APPLIED,
                  Codes.nanos(now.minus(KEEP_EXPIRED)))
              .map((row, _) -> row.getString(1))
              .list();
      old.forEach(id -> discard(handle, id));
      return old.size();
    });
  }

  /// Plans that can still be applied, oldest first.
  public List<RestorePlan> ready(Instant now) {
    return store
        .read(handle ->
            handle
                .select(
                    """
                    SELECT id FROM restore_plan WHERE state < ? AND expires_at >= ?
                    ORDER BY created_at\
                    """,
                    RestoreCodes.APPLIED,
                    Codes.nanos(now))
                .map((row, _) -> row.getString(1))
                .list())
        .stream()
        .flatMap(id -> findPlan(id).stream())
        .toList();
  }

  /// A plan, [RestorePlan.State#READY] as long as it was not applied, whatever the time.
  public Optional<RestorePlan> findPlan(String planId) {
    return store.read(handle -> {
      var counts = RestoreRows.counts(handle, planId);
      return handle
          .select(
              "SELECT "
                  + RestoreRows.ASKED_COLUMNS
                  + ", p.id, p.state, p.created_at, p.expires_at, p.bucket, p.newer_at_risk, p.confirm,"
                  + " p.oldest_deletion"
                  + " FROM restore_plan p WHERE p.id = ? AND p.state > ?",
              planId,
              RestoreCodes.BEING_MADE)
          .map((row, _) -> plan(row, counts))
          .findFirst();
    });
  }

  /// Items of a plan in key order.
  ///
  /// @param afterSeq only items behind this one
  public List<RestoreItem> planItems(
      String planId, Optional<RestoreAction> action, long afterSeq, int limit) {
    return action
        .map(only -> pages.withAction(planId, only, afterSeq, limit))
        .orElseGet(() -> pages.all(planId, afterSeq, limit));
  }

  /// Items of a plan that is applied, in key order, that it writes or could not write, in a state.
  public List<RestoreItem> itemsIn(
      String planId, RestoreItem.State state, long afterSeq, int limit) {
    return pages.inState(planId, state, afterSeq, limit);
  }

  /// Turns a ready plan into a restore, once. Items that cannot be restored have failed from the
  /// beginning.
  ///
  /// @return empty when the plan is unknown or was applied
  public Optional<Restore> apply(String planId, String restoreId, Instant now) {
    boolean applied =
        store.write(handle -> {
          int ready =
              handle.execute(
                  "UPDATE restore_plan SET state = ? WHERE id = ? AND state = ?",
                  RestoreCodes.APPLIED,
                  planId,
                  RestoreCodes.READY);
          if (ready == 0) {
            return false;
          }
          handle.execute(
              """
              INSERT INTO restore (number, id, plan_id, state, created_at, ended_at, message)
              VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM restore), ?, ?, ?, ?, NULL, '')\
              """,
              restoreId,
              planId,
              RestoreCodes.code(Restore.State.QUEUED),
              Codes.nanos(now));
          handle.execute(
              "UPDATE restore_item SET state = ?, detail = reason WHERE plan_id = ? AND action = ?",
              RestoreCodes.FAILED,
              planId,
              RestoreCodes.code(RestoreAction.CANNOT));
          RestoreRows.insertSums(handle, planId);
          return true;
        });
    return applied ? find(restoreId) : Optional.empty();
  }

  /// A restore.
  public Optional<Restore> find(String restoreId) {
    return restores("r.id = ?", 1, "DESC", restoreId).stream().findFirst();
  }

  /// The restore that applied a plan.
  public Optional<Restore> findByPlan(String planId) {
    return restores("r.plan_id = ?", 1, "DESC", planId).stream().findFirst();
  }

  /// Restores, newest first.
  ///
  /// @param before only those that were asked for before this one
  public List<Restore> list(int limit, Optional<String> before) {
    return before
        .map(id ->
            restores(
                "r.number < (SELECT b.number FROM restore b WHERE b.id = ?)", limit, "DESC", id))
        .orElseGet(() -> restores("r.number > ?", limit, "DESC", 0));
  }

  /// Restores that are not over, oldest first.
  public List<Restore> unfinished() {
    return restores(
        "r.number > ? AND r.state IN " + RestoreCodes.NOT_OVER, Integer.MAX_VALUE, "ASC", 0);
  }

  /// Records how items ended, in one transaction. What was recorded before stays.
  public void settle(String planId, List<RestoreItem> items) {
    if (!items.isEmpty()) {
      store.run(handle -> new SettledItems(handle, planId).write(items));
    }
  }

  /// Moves a restore that is not over to another state.
  ///
  /// @param endedAt when it is over
  /// @return false when it was over
  public boolean move(
      String restoreId, Restore.State to, Optional<Instant> endedAt, String message) {
    return store.write(handle -> {
      boolean moved =
          handle.execute(
                  "UPDATE restore SET state = ?, ended_at = ?, message = ? WHERE id = ? AND state IN "
                      + RestoreCodes.NOT_OVER,
                  RestoreCodes.code(to),
                  endedAt.map(Codes::nanos).orElse(null),
                  RestoreRows.text(message),
                  restoreId)
              > 0;
      if (moved && endedAt.isPresent()) {
        AuditLog.add(
            handle,
            AuditEvent.of(
                endedAt.get(),
                "restore",
                "restore-ended",
                restoreId,
                "",
                (to.name().toLowerCase(Locale.ROOT) + " " + message).strip()));
      }
      return moved;
    });
  }

  static void discard(Handle handle, String planId) {
    ThawLog.discard(handle, planId);
    PlanSums.discard(handle, planId);
    handle.execute("DELETE FROM restore_item WHERE plan_id = ?", planId);
    handle.execute("DELETE FROM restore_plan_count WHERE plan_id = ?", planId);
    handle.execute("DELETE FROM restore_plan WHERE id = ?", planId);
  }

  private static boolean exists(Handle handle, String sql, String id) {
    return handle.select(sql, id).map((row, _) -> row.getString(1)).findFirst().isPresent();
  }

  private static RestorePlan plan(ResultSet row, Map<RestoreAction, RestorePlan.Amount> counts)
      throws SQLException {
    int column = RestoreRows.AFTER_ASKED;
    return new RestorePlan(
        row.getString(column),
        row.getInt(column + 1) == RestoreCodes.APPLIED
            ? RestorePlan.State.APPLIED
            : RestorePlan.State.READY,
        Codes.instant(row.getLong(column + 2)),
        Codes.instant(row.getLong(column + 3)),
        row.getString(column + 4),
        RestoreRows.request(row),
        RestoreRows.moment(row),
        counts,
        row.getLong(column + 5),
        RestoreCodes.confirm(row.getInt(column + 6)),
        Codes.optionalInstant(row, column + 7));
  }

  private List<Restore> restores(String condition, int limit, String direction, Object value) {
    return store.read(handle ->
        handle
            .select(
                "SELECT "
                    + RestoreRows.ASKED_COLUMNS
                    + ", r.id, r.plan_id, r.state, r.created_at, r.ended_at, r.message,"
                    + " r.bytes_per_second"
                    + " FROM restore r JOIN restore_plan p ON p.id = r.plan_id WHERE "
                    + condition
                    + " ORDER BY r.number "
                    + direction
                    + " LIMIT ?",
                value,
                limit)
            .map((row, _) -> restore(row, handle))
            .list());
  }

  private static Restore restore(ResultSet row, Handle handle) throws SQLException {
    int column = RestoreRows.AFTER_ASKED;
    String planId = row.getString(column + 1);
    var total = RestorePlan.Amount.ZERO;
    for (var count : RestoreRows.counts(handle, planId).entrySet()) {
      if (count.getKey().writes()) {
        total = total.plus(count.getValue().objects(), count.getValue().bytes());
      }
    }
    var sums = new EnumMap<RestoreItem.State, RestorePlan.Amount>(RestoreItem.State.class);
    handle
        .select("SELECT state, objects, bytes FROM restore_sum WHERE plan_id = ?", planId)
        .map((sum, _) ->
            Map.entry(
                RestoreCodes.itemState(sum.getInt(1)),
                new RestorePlan.Amount(sum.getLong(2), sum.getLong(3))))
        .list()
        .forEach(sum -> sums.put(sum.getKey(), sum.getValue()));
    var counts = new EnumMap<RestoreItem.State, Long>(RestoreItem.State.class);
    sums.forEach((state, amount) -> counts.put(state, amount.objects()));
    return new Restore(
        row.getString(column),
        planId,
        RestoreCodes.restoreState(row.getInt(column + 2)),
        Codes.instant(row.getLong(column + 3)),
        Codes.optionalInstant(row, column + 4),
        RestoreRows.request(row, column + 6),
        RestoreRows.moment(row),
        total,
        sums.getOrDefault(RestoreItem.State.DONE, RestorePlan.Amount.ZERO),
        counts,
        row.getString(column + 5));
  }
}
