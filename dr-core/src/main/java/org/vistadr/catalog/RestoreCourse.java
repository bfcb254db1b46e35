package org.vistadr.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan.Amount;

/// The course of restores: what comes next, pausing, bandwidth, trying again. What a method
/// returned from survives the process. Safe for use by many threads.
public final class RestoreCourse {

  private static final String WRITES = "action IN (0, 1, 2)";

  /// The next items of a plan that are written, in its order. The condition is written so that no
  /// index fits it: H2 would take that of the actions, and sort the whole plan for each page.
  static final String BEHIND =
      "SELECT "
          + RestoreRows.ITEM_COLUMNS
          + " FROM restore_item WHERE plan_id = ? AND seq > ? AND action + 0 IN (0, 1, 2)"
          + " ORDER BY plan_id, seq LIMIT ?";

  private final Store store;

  RestoreCourse(Store store) {
    this.store = store;
  }

  /// Where the last page of items ended.
  ///
  /// @param turn the last item's turn
  /// @param seq its place in the plan
  public record Cursor(long turn, long seq) {
    /// Before the first item.
    public static final Cursor START = new Cursor(0, 0);

    /// Behind an item.
    public static Cursor behind(RestoreItem item) {
      return new Cursor(item.turn(), item.seq());
    }
  }

  /// The next items to carry out, by turn and within a turn in the order of the plan. Reads no more
  /// than it returns, however many there are.
  public List<RestoreItem> next(String planId, Cursor after, int limit) {
    return store.read(handle -> {
      var items = new ArrayList<>(page(handle, planId, "turn = ? AND seq > ?", after, limit));
      if (items.size() < limit) {
        // H2 would pass all items of a turn to find those of higher ones.
        var laterTurns = new Cursor(after.turn() + 1, 0);
        items.addAll(
            page(handle, planId, "turn >= ? AND seq > ?", laterTurns, limit - items.size()));
      }
      return items;
    });
  }

  private static List<RestoreItem> page(
      Handle handle, String planId, String behind, Cursor after, int limit) {
    // All columns of the index are named, or H2 sorts everything that is left for each page.
    return handle
        .select(
            "SELECT "
                + RestoreRows.ITEM_COLUMNS
                + " FROM restore_item WHERE plan_id = ? AND state = ? AND "
                + behind
                + " AND "
                + WRITES
                + " ORDER BY plan_id, state, turn, seq LIMIT ?",
            planId,
            RestoreCodes.PENDING,
            after.turn(),
            after.seq(),
            limit)
        .map((row, _) -> RestoreRows.item(row))
        .list();
  }

  /// Items that a plan writes: all of them when there are no more than so many, else so many from
  /// all parts of the plan. Reads about as many as it returns.
  ///
  /// @param written how many the plan writes
  public List<RestoreItem> sample(String planId, long written, int atMost) {
    return store.read(handle -> {
      if (written <= atMost) {
        return behind(handle, planId, 0, atMost);
      }
      long last =
          handle
              .select(
                  "SELECT seq FROM restore_item WHERE plan_id = ?"
                      + " ORDER BY plan_id DESC, seq DESC LIMIT 1",
                  planId)
              .map((row, _) -> row.getLong(1))
              .findOne()
              .orElse(0L);
      var items = new ArrayList<RestoreItem>();
      long seq = 0;
      for (long part = 0; part < atMost; part++) {
        var found = behind(handle, planId, Math.max(seq, part * last / atMost), 1);
        if (found.isEmpty()) {
          break;
        }
        items.add(found.getFirst());
        seq = found.getFirst().seq();
      }
      return items;
    });
  }

  private static List<RestoreItem> behind(Handle handle, String planId, long seq, int limit) {
    return handle.select(BEHIND, planId, seq, limit).map((row, _) -> RestoreRows.item(row)).list();
  }

  /// Moves a restore from one of some states to another that is not its end.
  ///
  /// @return false when it is in another state
  public boolean move(String restoreId, Set<Restore.State> from, Restore.State to) {
    return store.write(handle ->
        handle.execute(
                "UPDATE restore SET state = ?, message = '' WHERE id = ? AND state IN "
                    + from.stream()
                        .map(state -> String.valueOf(RestoreCodes.code(state)))
                        .collect(Collectors.joining(", ", "(", ")")),
                RestoreCodes.code(to),
                restoreId)
            > 0);
  }

  /// Changes the most bytes that a restore writes in a second; empty is no limit.
  public void limit(String restoreId, OptionalLong bytesPerSecond) {
    store.run(handle ->
        handle.execute(
            "UPDATE restore SET bytes_per_second = ? WHERE id = ?",
            bytesPerSecond.orElse(0),
            restoreId));
  }

  /// What an item saw, changed before it is written under that condition: after a crash the item
  /// still tells what it replaced.
  public void seen(String planId, RestoreItem item) {
    store.run(handle -> RestoreRows.seen(handle, planId, item));
  }

  /// Takes an ended restore up again: its failed items, and also its skipped ones where asked for,
  /// are to do again, the skipped ones after a new look.
  ///
  /// @return empty when it is not partial or failed; else how many items are to do
  public OptionalLong again(String restoreId, boolean skippedToo) {
    return store.write(handle -> {
      var planId =
          handle
              .select(
                  "SELECT plan_id FROM restore WHERE id = ? AND state IN (?, ?)",
                  restoreId,
                  RestoreCodes.code(Restore.State.PARTIAL),
                  RestoreCodes.code(Restore.State.FAILED))
              .map((row, _) -> row.getString(1))
              .findOne();
      if (planId.isEmpty()) {
        return OptionalLong.empty();
      }
      reopen(handle, planId.get(), RestoreItem.State.FAILED);
      if (skippedToo) {
        handle.execute(
            "INSERT INTO restore_again (plan_id, seq) SELECT plan_id, seq FROM restore_item"
                + " WHERE plan_id = ? AND state = ? AND "
                + WRITES,
            planId.get(),
            RestoreCodes.code(RestoreItem.State.SKIPPED));
        reopen(handle, planId.get(), RestoreItem.State.SKIPPED);
      }
      long pending = pending(handle, planId.get());
      if (pending > 0) {
        recordAttempt(handle, restoreId);
      }
      return OptionalLong.of(pending);
    });
  }

  private static void reopen(Handle handle, String planId, RestoreItem.State from) {
    var found =
        handle
            .select(
                "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM restore_item"
                    + " WHERE plan_id = ? AND state = ? AND "
                    + WRITES,
                planId,
                RestoreCodes.code(from))
            .map((row, _) -> new Amount(row.getLong(1), row.getLong(2)))
            .one();
    if (found.objects() == 0) {
      return;
    }
    handle.execute(
        "UPDATE restore_item SET state = ? WHERE plan_id = ? AND state = ? AND " + WRITES,
        RestoreCodes.PENDING,
        planId,
        RestoreCodes.code(from));
    RestoreRows.add(handle, planId, from, new Amount(-found.objects(), -found.bytes()));
    RestoreRows.add(handle, planId, RestoreItem.State.PENDING, found);
  }

  private static long pending(Handle handle, String planId) {
    return handle
        .select(
            "SELECT objects FROM restore_sum WHERE plan_id = ? AND state = ?",
            planId,
            RestoreCodes.PENDING)
        .map((row, _) -> row.getLong(1))
        .findOne()
        .orElse(0L);
  }

  private static void recordAttempt(Handle handle, String restoreId) {
    handle.execute(
        """
        INSERT INTO restore_attempt (restore_id, number, state, ended_at, message)
        SELECT id, (SELECT COUNT(*) + 1 FROM restore_attempt a WHERE a.restore_id = r.id),
          state, COALESCE(ended_at, created_at), message FROM restore r WHERE id = ?\
        """,
        restoreId);
    handle.execute(
        "UPDATE restore SET state = ?, ended_at = NULL, message = '' WHERE id = ?",
        RestoreCodes.code(Restore.State.QUEUED),
        restoreId);
  }

  /// How a restore had ended before it was taken up again, oldest first.
  public List<Restore.Attempt> attempts(String restoreId) {
    return store.read(handle ->
        handle
            .select(
                "SELECT state, ended_at, message FROM restore_attempt"
                    + " WHERE restore_id = ? ORDER BY restore_id, number",
                restoreId)
            .map((row, _) ->
                new Restore.Attempt(
                    RestoreCodes.restoreState(row.getInt(1)),
                    Codes.instant(row.getLong(2)),
                    row.getString(3)))
            .list());
  }

  /// Items to look at anew before they are tried again.
  public List<RestoreItem> toPlanAnew(String planId, int limit) {
    return store.read(handle ->
        handle
            .select(
                "SELECT "
                    + RestoreRows.ITEM_COLUMNS
                    + " FROM (SELECT a.seq AS again FROM restore_again a WHERE a.plan_id = ?"
                    + " ORDER BY a.plan_id, a.seq LIMIT ?)"
                    + " JOIN restore_item i ON i.plan_id = ? AND i.seq = again ORDER BY seq",
                planId,
                limit,
                planId)
            .map((row, _) -> RestoreRows.item(row))
            .list());
  }

  /// An item was looked at anew: it is to be written under the condition of what it saw now, or has
  /// ended.
  public void plannedAnew(String planId, RestoreItem item) {
    store.run(handle -> {
      handle.execute("DELETE FROM restore_again WHERE plan_id = ? AND seq = ?", planId, item.seq());
      RestoreRows.seen(handle, planId, item);
      if (item.state() != RestoreItem.State.PENDING) {
        new SettledItems(handle, planId).write(List.of(item));
      }
    });
  }
}
