package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;

/// Plans of what retention removes, and what became of each replica. A replica that was removed is
/// recorded as pruned and never copied again. Safe for use by many threads.
public final class PruneLog {

  private static final String SELECT =
      """
      SELECT id, state, secondary, basis, policies, relies_on, made_at, made_by, expires_at,
        truncated, started_at, started_by, reason, ended_at, message FROM prune_plan \
      """;

  private final Store store;
  private final Secondaries secondaries;
  private final PruneItems items;

  PruneLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
    items = new PruneItems(store, secondaries);
  }

  /// What was decided about a replica when a plan was made.
  ///
  /// @param goes whether it may go
  public record Decided(
      SiteName at, RecordedVersion version, boolean goes, PruneRule.Why why, String detail) {}

  /// What became of an item when its plan ran.
  ///
  /// @param state removed, stays, refused or differs
  public record Settled(PrunePlan.Item item, ItemState state, PruneRule.Why why, String detail) {}

  /// Records that a plan is being made. One that never was finished is of no use.
  public void begin(PrunePlan plan) {
    store.run(handle ->
        handle.execute(
            """
            INSERT INTO prune_plan (number, id, state, secondary, basis, policies, relies_on,
              made_at, made_by, expires_at, truncated, started_by, reason, message)
            SELECT COALESCE(MAX(number), 0) + 1, ?, 0, ?, ?, ?, '', ?, ?, ?, FALSE, '', '', ''
            FROM prune_plan\
            """,
            plan.id(),
            plan.secondary().map(SiteName::value).orElse(null),
            plan.basis(),
            Codes.cut(plan.policies(), 8000),
            Codes.nanos(plan.madeAt()),
            Codes.cut(plan.madeBy(), 200),
            Codes.nanos(plan.expiresAt())));
  }

  /// Adds what was decided.
  ///
  /// @param firstSeq place of the first one
  public void add(String plan, long firstSeq, List<Decided> decisions) {
    items.add(plan, firstSeq, decisions);
  }

  /// Ends the making of a plan: it can be run.
  public void finish(String plan, List<SiteName> reliesOn, boolean truncated) {
    store.run(handle ->
        handle.execute(
            "UPDATE prune_plan SET state = 1, relies_on = ?, truncated = ? WHERE id = ? AND state = 0",
            String.join("\n", reliesOn.stream().map(SiteName::value).toList()),
            truncated,
            plan));
  }

  /// One plan.
  public Optional<PrunePlan> find(String plan) {
    return select("WHERE id = ? AND state <> 0", plan).stream().findFirst();
  }

  /// Plans, newest first.
  ///
  /// @param before only those made before this one, for paging
  public List<PrunePlan> list(Optional<String> before, int atMost) {
    return select(
        """
        WHERE state <> 0 AND number < COALESCE((SELECT number FROM prune_plan WHERE id = ?), ?)
        ORDER BY number DESC LIMIT ?\
        """,
        before.orElse(""),
        Long.MAX_VALUE,
        atMost);
  }

  /// The plan that runs, or ran when the daemon ended.
  public Optional<PrunePlan> running() {
    return select("WHERE state = 2").stream().findFirst();
  }

  /// Begins to run a plan.
  ///
  /// @return whether it does: it was not run before, or failed, and no other one runs
  public boolean start(String plan, String who, String reason, Instant at) {
    return store.write(handle -> {
      boolean started =
          handle.execute(
                  """
                  UPDATE prune_plan SET state = 2, started_at = ?, started_by = ?, reason = ?, message = ''
                  WHERE id = ? AND state IN (1, 5) AND NOT EXISTS
                    (SELECT 1 FROM prune_plan WHERE state = 2)\
                  """,
                  Codes.nanos(at),
                  Codes.cut(who, 200),
                  Codes.cut(reason, 500),
                  plan)
              > 0;
      if (started) {
        AuditLog.add(handle, AuditEvent.of(at, who, "prune-started", plan, reason, ""));
      }
      return started;
    });
  }

  /// Ends a run.
  ///
  /// @param state done, refused or failed
  public void end(String plan, PrunePlan.State state, Instant at, String message) {
    store.run(handle -> {
      int ended =
          handle.execute(
              "UPDATE prune_plan SET state = ?, ended_at = ?, message = ? WHERE id = ? AND state = 2",
              PruneCodes.code(state),
              Codes.nanos(at),
              Codes.cut(message, 2000),
              plan);
      if (ended > 0) {
        PrunePlan run = find(handle, plan);
        StringBuilder detail = new StringBuilder(message);
        for (PrunePlan.Sum sum : PruneItems.sums(handle, plan)) {
          if (sum.state() != ItemState.STAYS) {
            detail.append(detail.isEmpty() ? "" : "; ");
            detail.append(
                "%s: %d versions, %d bytes %s"
                    .formatted(sum.at(), sum.versions(), sum.bytes(), sum.state().text()));
          }
        }
        AuditLog.add(
            handle,
            AuditEvent.of(
                at,
                run.startedBy(),
                "prune-" + state.text(),
                plan,
                run.reason(),
                detail.toString()));
      }
    });
  }

  /// Items of a plan, in its order.
  ///
  /// @param states only in one of these
  public List<PrunePlan.Item> items(
      String plan, List<ItemState> states, long afterSeq, int atMost) {
    return items.list(plan, states, afterSeq, atMost);
  }

  /// Says, before any of them is removed, that these replicas may be gone: after a crash those that
  /// are not there were removed by this plan.
  public void intend(String plan, List<PrunePlan.Item> intended) {
    items.intend(plan, intended);
  }

  /// Whether a plan that runs may have removed a replica, which is not recorded yet.
  public boolean mayBeRemoving(SiteName secondary, long versionId) {
    return items.mayBeRemoving(secondary, versionId);
  }

  /// Records what became of items. A replica that was removed leaves the durable ones in the same
  /// transaction and is pruned from then on.
  public void settle(String plan, List<Settled> settled, Instant at) {
    items.settle(plan, settled, at);
  }

  /// Has items tried again that a failed run left though they may go: refused by the site, or never
  /// reached.
  public void tryAgain(String plan) {
    items.tryAgain(plan);
  }

  /// Sums over a plan's items.
  public List<PrunePlan.Sum> sums(String plan) {
    return store.read(handle -> PruneItems.sums(handle, plan));
  }

  /// What was pruned at a secondary so far.
  public ReplicaLog.Count pruned(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select(
                """
                SELECT COALESCE(SUM(objects), 0), COALESCE(SUM(bytes), 0) FROM queue_sum
                WHERE secondary_id = ? AND state = ?\
                """,
                id,
                Codes.PRUNED)
            .map((row, _) -> new ReplicaLog.Count(row.getLong(1), row.getLong(2)))
            .one());
  }

  /// When the last run ended that did all of its plan; empty when there was none.
  public Optional<Instant> lastDone() {
    return store.read(handle ->
        handle
            .select("SELECT MAX(ended_at) FROM prune_plan WHERE state = 3")
            .map((row, _) -> Codes.optionalInstant(row, 1))
            .one());
  }

  /// Removes plans that ended before a moment, those that expired without a run, and what a crash
  /// left of one that was being made.
  ///
  /// @param now plans that can still be run stay
  public int forgetBefore(Instant moment, Instant now) {
    List<String> old =
        store.read(handle ->
            handle
                .select(
                    """
                    SELECT id FROM prune_plan WHERE (state IN (3, 4, 5) AND ended_at < ?)
                      OR (state IN (0, 1) AND expires_at < ?) ORDER BY number LIMIT 100\
                    """,
                    Codes.nanos(moment),
                    Codes.nanos(now))
                .map((row, _) -> row.getString(1))
                .list());
    for (String plan : old) {
      store.run(handle -> {
        for (String table : List.of("prune_item", "prune_sum")) {
          handle.execute("DELETE FROM " + table + " WHERE plan_id = ?", plan);
        }
        handle.execute("DELETE FROM prune_plan WHERE id = ?", plan);
      });
    }
    return old.size();
  }

  private List<PrunePlan> select(String where, Object... arguments) {
    return store.read(
        handle -> handle.select(SELECT + where, arguments).map((row, _) -> plan(row)).list());
  }

  private static PrunePlan find(Handle handle, String plan) {
    return handle.select(SELECT + "WHERE id = ?", plan).map((row, _) -> plan(row)).one();
  }

  private static PrunePlan plan(ResultSet row) throws SQLException {
    List<SiteName> reliesOn = new ArrayList<>();
    row.getString(6).lines().forEach(name -> reliesOn.add(new SiteName(name)));
    return new PrunePlan(
        row.getString(1),
        PruneCodes.planState(row.getInt(2)),
        Optional.ofNullable(row.getString(3)).map(SiteName::new),
        row.getString(4),
        row.getString(5),
        reliesOn,
        Codes.instant(row.getLong(7)),
        row.getString(8),
        Codes.instant(row.getLong(9)),
        row.getBoolean(10),
        Codes.optionalInstant(row, 11),
        row.getString(12),
        row.getString(13),
        Codes.optionalInstant(row, 14),
        row.getString(15));
  }
}
