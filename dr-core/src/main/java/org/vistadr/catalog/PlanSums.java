package org.vistadr.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.MeasuredSpeed;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.model.SiteName;

/// What was added up while a plan was made, so that nothing ever counts its items, and the speeds
/// that restores had. Safe for use by many threads.
public final class PlanSums {

  private final Store store;

  PlanSums(Store store) {
    this.store = store;
  }

  /// Keeps the sums of a plan that is being made.
  ///
  /// @param portions where its bytes come from
  /// @param reasons why objects cannot be brought back
  /// @param lostClasses what loses its storage class, by class
  public void keep(
      String planId,
      List<RestorePortion> portions,
      Map<String, Amount> reasons,
      Map<String, Amount> lostClasses) {
    store.run(handle -> {
      for (var portion : portions) {
        handle.execute(
            "INSERT INTO restore_portion VALUES (?, ?, ?, ?, ?, ?, ?)",
            planId,
            portion.from().value(),
            portion.storageClass().orElse(""),
            portion.onServer(),
            portion.frozen(),
            portion.amount().objects(),
            portion.amount().bytes());
      }
      reasons.forEach((reason, amount) ->
          handle.execute(
              "INSERT INTO restore_reason VALUES (?, ?, ?, ?)",
              planId,
              RestoreRows.text(reason),
              amount.objects(),
              amount.bytes()));
      lostClasses.forEach((name, amount) ->
          handle.execute(
              "INSERT INTO restore_lost_class VALUES (?, ?, ?, ?)",
              planId,
              name,
              amount.objects(),
              amount.bytes()));
    });
  }

  /// Where a plan's bytes come from.
  public List<RestorePortion> portions(String planId) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT site, storage_class, on_server, frozen, objects, bytes
                FROM restore_portion WHERE plan_id = ? ORDER BY objects DESC, site, storage_class\
                """,
                planId)
            .map((row, _) ->
                new RestorePortion(
                    new SiteName(row.getString(1)),
                    Optional.of(row.getString(2)).filter(name -> !name.isEmpty()),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    new Amount(row.getLong(5), row.getLong(6))))
            .list());
  }

  /// Why a plan cannot bring objects back, the most frequent reason first.
  public List<Reason> reasons(String planId) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT reason, objects, bytes FROM restore_reason WHERE plan_id = ?
                ORDER BY objects DESC, reason\
                """,
                planId)
            .map((row, _) ->
                new Reason(row.getString(1), new Amount(row.getLong(2), row.getLong(3))))
            .list());
  }

  /// What of a plan loses its storage class, the most frequent class first.
  public List<LostClass> lostClasses(String planId) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT storage_class, objects, bytes FROM restore_lost_class WHERE plan_id = ?
                ORDER BY objects DESC, storage_class\
                """,
                planId)
            .map((row, _) ->
                new LostClass(row.getString(1), new Amount(row.getLong(2), row.getLong(3))))
            .list());
  }

  /// Marks items of a plan that is being made: they replace or delete what is newer than its
  /// moment. Of the caller's transaction.
  ///
  /// @param seqs ascending
  static void markNewer(Handle handle, String planId, List<Long> seqs) {
    for (int i = 0; i < seqs.size(); ) {
      long first = seqs.get(i);
      long last = first;
      for (i++; i < seqs.size() && seqs.get(i) == last + 1; i++) {
        last++;
      }
      handle.execute(
          "INSERT INTO restore_newer (plan_id, seq, through_seq) VALUES (?, ?, ?)",
          planId,
          first,
          last);
    }
  }

  /// The items that were marked so, in the order of the plan. Reads about as many as it returns.
  ///
  /// @param afterSeq only items behind this one
  public List<RestoreItem> newer(String planId, long afterSeq, int limit) {
    return store.read(handle -> {
      var items = new ArrayList<RestoreItem>();
      for (var range : newerRanges(handle, planId, afterSeq, limit)) {
        if (items.size() < limit) {
          items.addAll(
              handle
                  .select(
                      "SELECT "
                          + RestoreRows.ITEM_COLUMNS
                          + " FROM restore_item WHERE plan_id = ? AND seq >= ? AND seq <= ?"
                          + " ORDER BY plan_id, seq LIMIT ?",
                      planId,
                      Math.max(range.first(), afterSeq + 1),
                      range.last(),
                      limit - items.size())
                  .map((row, _) -> RestoreRows.item(row))
                  .list());
        }
      }
      return items;
    });
  }

  /// The one that an item lies in or behind, and those after it.
  private static List<Range> newerRanges(Handle handle, String planId, long afterSeq, int limit) {
    var ranges = new ArrayList<Range>();
    for (var part :
        List.of(
            "seq <= ? ORDER BY plan_id DESC, seq DESC LIMIT LEAST(1, ?)",
            "seq > ? ORDER BY plan_id, seq LIMIT ?")) {
      ranges.addAll(
          handle
              .select(
                  "SELECT seq, through_seq FROM restore_newer WHERE plan_id = ? AND " + part,
                  planId,
                  afterSeq,
                  limit)
              .map((row, _) -> new Range(row.getLong(1), row.getLong(2)))
              .list());
    }
    return ranges;
  }

  /// Keeps a speed in place of the one that was measured before.
  public void measured(MeasuredSpeed speed) {
    store.run(handle -> {
      handle.execute(
          "DELETE FROM measured_speed WHERE site = ? AND on_server = ?",
          speed.from().value(),
          speed.onServer());
      handle.execute(
          "INSERT INTO measured_speed VALUES (?, ?, ?, ?, ?)",
          speed.from().value(),
          speed.onServer(),
          speed.objectsPerSecond(),
          speed.bytesPerSecond(),
          Codes.nanos(speed.at()));
    });
  }

  /// All speeds that were measured.
  public List<MeasuredSpeed> speeds() {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT site, on_server, objects_per_second, bytes_per_second, measured_at
                FROM measured_speed ORDER BY site, on_server\
                """)
            .map((row, _) ->
                new MeasuredSpeed(
                    new SiteName(row.getString(1)),
                    row.getBoolean(2),
                    row.getDouble(3),
                    row.getDouble(4),
                    Codes.instant(row.getLong(5))))
            .list());
  }

  static void discard(Handle handle, String planId) {
    for (String table :
        List.of("restore_portion", "restore_reason", "restore_newer", "restore_lost_class")) {
      handle.execute("DELETE FROM " + table + " WHERE plan_id = ?", planId);
    }
  }

  private record Range(long first, long last) {}

  /// @param storageClass a class that the target does not have
  /// @param amount how much
  public record LostClass(String storageClass, Amount amount) {}

  /// @param reason why
  /// @param amount how much
  public record Reason(String reason, Amount amount) {}
}
