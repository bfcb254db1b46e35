package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Writes how items of a plan ended, and the sums that follow from it. Two statements however many
/// items there are: a statement for each would cost more than its row. Of one transaction.
final class SettledItems {

  /// The sums keep both queries off the indexes by state, in which the rows are not in order.
  private static final String PENDING =
      """
      SELECT i.seq FROM UNNEST(?) AS n (seq)
      JOIN restore_item i ON i.plan_id = ? AND i.seq = n.seq WHERE i.state + 0 = ?\
      """;

  private static final String SETTLE =
      """
      MERGE INTO restore_item i
      USING (SELECT * FROM UNNEST(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS n (seq, state, detail, aside, written, etag, sha256, source, atomic, place)) AS n
      ON i.plan_id = ? AND i.seq = n.seq
      WHEN MATCHED THEN UPDATE SET state = n.state, detail = n.detail, aside = n.aside,
        written = n.written, written_etag = n.etag, written_sha256 = n.sha256,
        written_source = n.source, written_atomic = n.atomic, place = n.place\
      """;

  private final Handle handle;
  private final String planId;

  SettledItems(Handle handle, String planId) {
    this.handle = handle;
    this.planId = planId;
  }

  /// Records how items ended that are pending. What was recorded before stays.
  void write(List<RestoreItem> items) throws SQLException {
    var pending = pending(items);
    var news = new ArrayList<RestoreItem>();
    for (var item : items) {
      if (pending.remove(item.seq())) {
        news.add(item);
      }
    }
    if (news.isEmpty()) {
      return;
    }
    news.sort(Comparator.comparingLong(RestoreItem::seq));
    settle(news);
    addUp(news);
  }

  private Set<Long> pending(List<RestoreItem> items) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(PENDING)) {
      set(
          statement,
          1,
          "BIGINT",
          items.stream().sorted(Comparator.comparingLong(RestoreItem::seq)).toList(),
          RestoreItem::seq);
      statement.setString(2, planId);
      statement.setInt(3, RestoreCodes.PENDING);
      var pending = new HashSet<Long>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          pending.add(row.getLong(1));
        }
      }
      return pending;
    }
  }

  private void settle(List<RestoreItem> items) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(SETTLE)) {
      set(statement, 1, "BIGINT", items, RestoreItem::seq);
      set(statement, 2, "SMALLINT", items, item -> (short) RestoreCodes.code(item.state()));
      set(statement, 3, "VARCHAR", items, item -> RestoreRows.text(item.detail()));
      set(statement, 4, "VARBINARY", items, item -> orNull(item.aside().map(ObjectKey::utf8)));
      set(
          statement,
          5,
          "VARCHAR",
          items,
          item -> orNull(item.written().flatMap(Written::version).map(VersionId::value)));
      set(statement, 6, "VARCHAR", items, item -> item.written().map(Written::etag).orElse(""));
      set(
          statement,
          7,
          "VARBINARY",
          items,
          item -> orNull(item.written().flatMap(Written::sha256).map(Sha256::bytes)));
      set(
          statement,
          8,
          "VARCHAR",
          items,
          item -> orNull(item.written().flatMap(Written::source).map(SiteName::value)));
      set(statement, 9, "BOOLEAN", items, item -> item.written().map(Written::atomic).orElse(true));
      set(statement, 10, "VARCHAR", items, item -> orNull(item.place()));
      statement.setString(11, planId);
      statement.executeUpdate();
    }
  }

  private void addUp(List<RestoreItem> news) {
    var sums = new EnumMap<RestoreItem.State, Amount>(RestoreItem.State.class);
    var left = Amount.ZERO;
    for (var item : news) {
      var sum = sums.getOrDefault(item.state(), Amount.ZERO);
      sums.put(item.state(), sum.plus(1, item.size()));
      left = left.plus(1, item.size());
    }
    sums.forEach((state, sum) -> RestoreRows.add(handle, planId, state, sum));
    RestoreRows.add(
        handle, planId, RestoreItem.State.PENDING, new Amount(-left.objects(), -left.bytes()));
  }

  private void set(
      PreparedStatement statement,
      int parameter,
      String type,
      List<RestoreItem> items,
      Function<RestoreItem, @Nullable Object> value)
      throws SQLException {
    Connection connection = handle.getConnection();
    @Nullable Object[] values = new @Nullable Object[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(items.get(i));
    }
    statement.setArray(parameter, connection.createArrayOf(type, values));
  }

  private static <T> @Nullable T orNull(Optional<T> value) {
    return value.orElse(null);
  }
}
