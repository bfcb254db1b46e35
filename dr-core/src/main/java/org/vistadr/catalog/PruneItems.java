package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.vistadr.catalog.PruneLog.Decided;
import org.vistadr.catalog.PruneLog.Settled;
import org.vistadr.model.Entry;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;

/// The items of prune plans, see [PruneLog].
final class PruneItems {

  private static final int PAGE = 1_000;

  private final Store store;
  private final Secondaries secondaries;

  PruneItems(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  ///
  void add(String plan, long firstSeq, List<Decided> decisions) {
    store.run(handle -> {
      PruneSums sums = new PruneSums(handle, plan);
      try (PreparedStatement insert =
          handle
              .getConnection()
              .prepareStatement("INSERT INTO prune_item VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
        long seq = firstSeq;
        for (Decided decided : decisions) {
          int secondary = secondaries.id(decided.at());
          ItemState state = decided.goes() ? ItemState.TO_GO : ItemState.STAYS;
          long bytes = decided.version().entry().bytes();
          insert.setString(1, plan);
          insert.setLong(2, seq++);
          insert.setInt(3, secondary);
          insert.setLong(4, decided.version().id());
          insert.setLong(5, bytes);
          insert.setInt(6, PruneCodes.code(state));
          insert.setString(7, decided.why().name());
          insert.setString(8, Codes.cut(decided.detail(), 2000));
          insert.addBatch();
          sums.add(secondary, state, decided.why(), 1, bytes);
        }
        insert.executeBatch();
      }
      sums.write();
    });
  }

  List<PrunePlan.Item> list(String plan, List<ItemState> states, long afterSeq, int atMost) {
    String in =
        String.join(
            ", ", states.stream().map(state -> String.valueOf(PruneCodes.code(state))).toList());
    return store.read(handle -> select(handle, "i.state IN (" + in + ")", plan, afterSeq, atMost));
  }

  private static List<PrunePlan.Item> select(
      Handle handle, String which, String plan, long afterSeq, int atMost) {
    return handle
        .select(
            "SELECT "
                + VersionRows.COLUMNS
                + """
                , i.seq, s.name, i.state, i.why, i.detail
                FROM prune_item i JOIN version v ON v.id = i.version_id
                JOIN secondary s ON s.id = i.secondary_id
                WHERE i.plan_id = ? AND i.seq > ? AND \
                """
                + which
                + " ORDER BY i.plan_id, i.seq LIMIT ?",
            plan,
            afterSeq,
            atMost)
        .map((row, _) -> item(row))
        .list();
  }

  void intend(String plan, List<PrunePlan.Item> items) {
    store.run(handle -> {
      PruneSums sums = new PruneSums(handle, plan);
      for (PrunePlan.Item item : items) {
        move(handle, sums, plan, item, ItemState.REMOVING, item.why(), item.detail());
      }
      sums.write();
    });
  }

  boolean mayBeRemoving(SiteName secondary, long versionId) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select(
                """
                SELECT 1 FROM prune_item i JOIN prune_plan p ON p.id = i.plan_id
                WHERE p.state = 2 AND i.state = 1 AND i.secondary_id = ? AND i.version_id = ?\
                """,
                id,
                versionId)
            .map((row, _) -> row.getInt(1))
            .findFirst()
            .isPresent());
  }

  void settle(String plan, List<Settled> settled, Instant at) {
    store.run(handle -> {
      PruneSums sums = new PruneSums(handle, plan);
      QueueSums queueSums = new QueueSums(handle);
      try (QueueRows rows = new QueueRows(handle, queueSums)) {
        for (Settled one : settled) {
          move(handle, sums, plan, one.item(), one.state(), one.why(), one.detail());
          if (one.state() == ItemState.REMOVED) {
            pruned(
                handle,
                rows,
                one.item(),
                "pruned %s by plan %s".formatted(at.truncatedTo(ChronoUnit.SECONDS), plan));
          }
        }
        rows.write();
      }
      queueSums.write();
      sums.write();
    });
  }

  void tryAgain(String plan) {
    String going =
        String.join(
            ", ",
            java.util.Arrays.stream(PruneRule.Why.values())
                // A marker stayed because of what was below it.
                .filter(why -> why.goes() || why == PruneRule.Why.HIDES)
                .map(why -> "'" + why.name() + "'")
                .toList());
    long after = 0;
    while (true) {
      long from = after;
      List<PrunePlan.Item> page =
          store.read(handle ->
              select(handle, "i.state IN (3, 4) AND i.why IN (" + going + ")", plan, from, PAGE));
      if (page.isEmpty()) {
        return;
      }
      after = page.getLast().seq();
      store.run(handle -> {
        PruneSums sums = new PruneSums(handle, plan);
        for (PrunePlan.Item item : page) {
          move(handle, sums, plan, item, ItemState.TO_GO, item.why(), item.detail());
        }
        sums.write();
      });
    }
  }

  private void pruned(Handle handle, QueueRows rows, PrunePlan.Item item, String note)
      throws SQLException {
    int secondary = secondaries.id(item.at());
    RecordedVersion version = item.version();
    int durable =
        handle.execute("DELETE FROM replica WHERE place = ?", Codes.place(secondary, version.id()));
    if (durable == 0) {
      // It was found to be gone meanwhile, and waits to be copied again.
      return;
    }
    handle.execute(
        """
        UPDATE secondary SET durable_objects = durable_objects - ?,
          durable_bytes = durable_bytes - ? WHERE id = ?\
        """,
        version.entry() instanceof Entry.Content ? 1 : 0,
        version.entry().bytes(),
        secondary);
    // Notes the version for segments, too.
    rows.add(secondary, version, Codes.PRUNED, 0, note);
  }

  private void move(
      Handle handle,
      PruneSums sums,
      String plan,
      PrunePlan.Item item,
      ItemState state,
      PruneRule.Why why,
      String detail) {
    handle.execute(
        "UPDATE prune_item SET state = ?, why = ?, detail = ? WHERE plan_id = ? AND seq = ?",
        PruneCodes.code(state),
        why.name(),
        Codes.cut(detail, 2000),
        plan,
        item.seq());
    int secondary = secondaries.id(item.at());
    long bytes = item.version().entry().bytes();
    sums.add(secondary, item.state(), item.why(), -1, -bytes);
    sums.add(secondary, state, why, 1, bytes);
  }

  static List<PrunePlan.Sum> sums(Handle handle, String plan) {
    return handle
        .select(
            """
            SELECT s.name, p.state, p.why, p.versions, p.bytes FROM prune_sum p
            JOIN secondary s ON s.id = p.secondary_id
            WHERE p.plan_id = ? AND p.versions > 0 ORDER BY s.name, p.state, p.why\
            """,
            plan)
        .map((row, _) ->
            new PrunePlan.Sum(
                new SiteName(row.getString(1)),
                PruneCodes.itemState(row.getInt(2)),
                PruneCodes.why(row.getString(3)),
                row.getLong(4),
                row.getLong(5)))
        .list();
  }

  private static PrunePlan.Item item(ResultSet row) throws SQLException {
    int next = VersionRows.NEXT_COLUMN;
    return new PrunePlan.Item(
        row.getLong(next),
        new SiteName(row.getString(next + 1)),
        VersionRows.read(row),
        PruneCodes.itemState(row.getInt(next + 2)),
        PruneCodes.why(row.getString(next + 3)),
        row.getString(next + 4));
  }
}
