package org.vistadr.catalog;

import java.util.List;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;

/// Pages of a plan's items in the order of their keys. Safe for use by many threads.
final class ItemPages {

  /// What a plan writes or could not write.
  private static final String WRITTEN = " AND action + 0 IN (0, 1, 2, 5) ORDER BY ";

  private final Store store;

  ItemPages(Store store) {
    this.store = store;
  }

  List<RestoreItem> all(String planId, long afterSeq, int limit) {
    return page(planId, afterSeq, limit, "seq > ? AND seq > ? ORDER BY plan_id, seq", 0);
  }

  List<RestoreItem> withAction(String planId, RestoreAction action, long afterSeq, int limit) {
    return page(
        planId,
        afterSeq,
        limit,
        "seq > ? AND action = ? ORDER BY plan_id, action, seq",
        RestoreCodes.code(action));
  }

  List<RestoreItem> ambiguous(String planId, long afterSeq, int limit) {
    return page(
        planId, afterSeq, limit, "seq > ? AND action >= ? AND ambiguous ORDER BY plan_id, seq", 0);
  }

  /// What a plan writes or could not write, in a state. Reads no more than it returns, unless the
  /// plan has an order of its own: then the few that failed, were skipped or thaw are sorted, and
  /// those that are done or pending are picked out of all.
  List<RestoreItem> inState(String planId, RestoreItem.State state, long afterSeq, int limit) {
    int code = RestoreCodes.code(state);
    if (!hasTurns(planId, code)) {
      return page(
          planId,
          afterSeq,
          limit,
          "seq > ? AND state = ? AND turn = 0" + WRITTEN + "plan_id, state, turn, seq",
          code);
    }
    return switch (state) {
      case PENDING, DONE ->
          page(
              planId,
              afterSeq,
              limit,
              "seq > ? AND state + 0 = ?" + WRITTEN + "plan_id, seq",
              code);
      case SKIPPED, FAILED, THAWING ->
          page(planId, afterSeq, limit, "seq + 0 > ? AND state = ?" + WRITTEN + "seq", code);
    };
  }

  private boolean hasTurns(String planId, int state) {
    return !store
        .read(handle ->
            handle
                .select(
                    "SELECT seq FROM restore_item WHERE plan_id = ? AND state = ? AND turn >= 1 LIMIT 1",
                    planId,
                    state)
                .map((row, _) -> row.getLong(1))
                .list())
        .isEmpty();
  }

  /// @param condition on the place in the plan and on a value, and the order. H2 takes the index
  ///   that gives the order only where all of its columns are named and no other one fits: hence
  ///   the sums
  private List<RestoreItem> page(
      String planId, long afterSeq, int limit, String condition, int value) {
    return store.read(handle ->
        handle
            .select(
                "SELECT "
                    + RestoreRows.ITEM_COLUMNS
                    + " FROM restore_item WHERE plan_id = ? AND "
                    + condition
                    + " LIMIT ?",
                planId,
                afterSeq,
                value,
                limit)
            .map((row, _) -> RestoreRows.item(row))
            .list());
  }
}
