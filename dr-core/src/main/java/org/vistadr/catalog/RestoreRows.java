package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Reads and writes rows of plans and their items.
final class RestoreRows {

  /// Columns in the order in which [#request] and [#moment] take them, of `restore_plan p`.
  static final String ASKED_COLUMNS =
      """
      p.scope_kind, p.scope, p.asked_at, p.source, p.overwrite, p.delete_extra, p.undelete,
      p.moment, p.basis, p.basis_at, p.complete, p.undoes, p.options\
      """;

  /// The first column after those.
  static final int AFTER_ASKED = 14;

  /// Columns in the order in which [#item] takes them.
  static final String ITEM_COLUMNS =
      """
      seq, object_key, action, reason, wanted, wanted_version, size, saw, saw_version, saw_etag,
      saw_size, markers, state, detail, aside, written, written_etag, written_sha256,
      written_source, written_atomic, place, turn\
      """;

  private static final int TEXT = 2000;
  private static final int KEYS = 0;
  private static final int PREFIX = 1;
  private static final int ALL = 2;
  private static final int PARTS = 3;

  private RestoreRows() {}

  static RestorePlan.Request request(ResultSet row) throws SQLException {
    var options = RequestJson.read(row.getString(13));
    return new RestorePlan.Request(
        goal(row),
        scope(row.getInt(1), row.getString(2)),
        RequestJson.globs(options),
        Optional.ofNullable(row.getString(4)).map(SiteName::new),
        RequestJson.target(options),
        RequestJson.rules(options, RestoreCodes.overwrite(row.getInt(5)), row.getBoolean(6)),
        RequestJson.manner(options));
  }

  private static RestoreGoal goal(ResultSet row) throws SQLException {
    var undoes = row.getString(12);
    if (undoes != null) {
      return new RestoreGoal.Undo(undoes);
    }
    var at = Codes.optionalInstant(row, 3);
    return row.getBoolean(7) ? new RestoreGoal.Undelete(at) : new RestoreGoal.AsOf(at);
  }

  static RestorePlan.Moment moment(ResultSet row) throws SQLException {
    return new RestorePlan.Moment(
        Codes.instant(row.getLong(8)),
        RestoreCodes.basis(row.getInt(9)),
        Codes.optionalInstant(row, 10),
        row.getBoolean(11));
  }

  static RestoreItem item(ResultSet row) throws SQLException {
    var state = RestoreCodes.itemState(row.getInt(13));
    return new RestoreItem(
        row.getLong(1),
        ObjectKey.ofUtf8(row.getBytes(2)),
        RestoreCodes.action(row.getInt(3)),
        row.getString(4),
        optionalLong(row, 5),
        version(row, 6),
        row.getLong(7),
        row.getInt(8) == 0
            ? new CurrentState.Absent(version(row, 9))
            : new CurrentState.Present(
                new VersionId(row.getString(9)), row.getString(10), row.getLong(11)),
        row.getString(12).lines().map(VersionId::new).toList(),
        state,
        row.getString(14),
        Optional.ofNullable(row.getBytes(15)).map(ObjectKey::ofUtf8),
        state == RestoreItem.State.DONE ? Optional.of(written(row)) : Optional.empty(),
        Optional.ofNullable(row.getString(21)),
        row.getLong(22));
  }

  private static RestoreItem.Written written(ResultSet row) throws SQLException {
    return new RestoreItem.Written(
        version(row, 16),
        row.getString(17),
        Optional.ofNullable(row.getBytes(18)).map(Sha256::ofBytes),
        Optional.ofNullable(row.getString(19)).map(SiteName::new),
        row.getBoolean(20));
  }

  static void insertPlan(Handle handle, RestorePlan plan) {
    var request = plan.request();
    var moment = plan.moment();
    handle.execute(
        """
        INSERT INTO restore_plan (id, state, created_at, expires_at, bucket, scope_kind, scope,
          asked_at, source, overwrite, delete_extra, undelete, moment, basis, basis_at, complete,
          undoes, options, newer_at_risk, confirm)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)\
        """,
        plan.id(),
        RestoreCodes.BEING_MADE,
        Codes.nanos(plan.createdAt()),
        Codes.nanos(plan.expiresAt()),
        plan.bucket(),
        scopeKind(request.scope()),
        RequestJson.scope(request.scope()),
        nanosOrNull(request.at()),
        request.from().map(SiteName::value).orElse(null),
        RestoreCodes.code(request.rules().overwrite()),
        request.rules().deleteExtra(),
        request.undelete(),
        Codes.nanos(moment.at()),
        RestoreCodes.code(moment.basis()),
        nanosOrNull(moment.basisAt()),
        moment.complete(),
        request.undoes().orElse(null),
        RequestJson.options(request));
  }

  /// @param ambiguous places in the plan of items of which it is not certain what their keys held
  static void insertItems(
      Handle handle, String planId, List<RestoreItem> items, Set<Long> ambiguous)
      throws SQLException {
    try (var statement =
        handle
            .getConnection()
            .prepareStatement(
                "INSERT INTO restore_item (plan_id, "
                    + ITEM_COLUMNS
                    + ", ambiguous) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', NULL, NULL, TRUE, ?, ?, ?)")) {
      for (var item : items) {
        statement.setString(1, planId);
        statement.setLong(2, item.seq());
        statement.setBytes(3, item.key().utf8());
        statement.setInt(4, RestoreCodes.code(item.action()));
        statement.setString(5, Codes.cut(item.reason(), TEXT));
        statement.setObject(6, item.wanted().isPresent() ? item.wanted().getAsLong() : null);
        statement.setString(7, item.wantedVersion().map(VersionId::value).orElse(null));
        statement.setLong(8, item.size());
        switch (item.saw()) {
          case CurrentState.Absent(var marker) -> {
            statement.setInt(9, 0);
            statement.setString(10, marker.map(VersionId::value).orElse(null));
            statement.setString(11, null);
            statement.setLong(12, 0);
          }
          case CurrentState.Present(var version, var etag, var size) -> {
            statement.setInt(9, 1);
            statement.setString(10, version.value());
            statement.setString(11, etag);
            statement.setLong(12, size);
          }
        }
        statement.setString(
            13, String.join("\n", item.markers().stream().map(VersionId::value).toList()));
        statement.setInt(14, RestoreCodes.code(item.state()));
        statement.setString(15, Codes.cut(item.detail(), TEXT));
        statement.setBytes(16, item.aside().map(ObjectKey::utf8).orElse(null));
        statement.setString(17, item.place().orElse(null));
        statement.setLong(18, item.turn());
        statement.setBoolean(19, ambiguous.contains(item.seq()));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /// Records what an item sees at its key now, and what is to be done therefore, unless it ended.
  static void seen(Handle handle, String planId, RestoreItem item) {
    var saw = item.saw();
    handle.execute(
        """
        UPDATE restore_item
        SET action = ?, reason = ?, saw = ?, saw_version = ?, saw_etag = ?, saw_size = ?
        WHERE plan_id = ? AND seq = ? AND state = ?\
        """,
        RestoreCodes.code(item.action()),
        Codes.cut(item.reason(), TEXT),
        switch (saw) {
          case CurrentState.Absent _ -> 0;
          case CurrentState.Present _ -> 1;
        },
        switch (saw) {
          case CurrentState.Absent(var marker) -> marker.map(VersionId::value).orElse(null);
          case CurrentState.Present(var version, _, _) -> version.value();
        },
        saw instanceof CurrentState.Present(_, var etag, _) ? etag : null,
        saw instanceof CurrentState.Present(_, _, var size) ? size : 0L,
        planId,
        item.seq(),
        RestoreCodes.PENDING);
  }

  static Map<RestoreAction, RestorePlan.Amount> counts(Handle handle, String planId) {
    var counts = new java.util.EnumMap<RestoreAction, RestorePlan.Amount>(RestoreAction.class);
    handle
        .select("SELECT action, objects, bytes FROM restore_plan_count WHERE plan_id = ?", planId)
        .map((row, _) ->
            Map.entry(
                RestoreCodes.action(row.getInt(1)),
                new RestorePlan.Amount(row.getLong(2), row.getLong(3))))
        .list()
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /// Adds to the sums of a plan's items in one state.
  static void add(
      Handle handle, String planId, RestoreItem.State state, RestorePlan.Amount amount) {
    handle.execute(
        "UPDATE restore_sum SET objects = objects + ?, bytes = bytes + ? WHERE plan_id = ? AND state = ?",
        amount.objects(),
        amount.bytes(),
        planId,
        RestoreCodes.code(state));
  }

  /// As in the plan, but with the limit that a person set since.
  static RestorePlan.Request request(ResultSet row, int limitColumn) throws SQLException {
    var planned = request(row);
    long limit = row.getLong(limitColumn);
    if (row.wasNull()) {
      return planned;
    }
    return planned.withManner(
        planned
            .manner()
            .withBytesPerSecond(limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit)));
  }

  /// Begins the sums of a plan's items by state.
  static void insertSums(Handle handle, String planId) {
    for (var state : RestoreItem.State.values()) {
      handle.execute(
          """
          INSERT INTO restore_sum (plan_id, state, objects, bytes)
          SELECT CAST(? AS VARCHAR(40)), CAST(? AS SMALLINT), COALESCE(SUM(objects), 0), COALESCE(SUM(bytes), 0)
          FROM restore_plan_count WHERE plan_id = ? AND action IN (?, ?, ?)\
          """,
          planId,
          RestoreCodes.code(state),
          planId,
          state == RestoreItem.State.PENDING ? RestoreCodes.code(RestoreAction.BRING_BACK) : -1,
          state == RestoreItem.State.PENDING ? RestoreCodes.code(RestoreAction.PUT_BACK) : -1,
          switch (state) {
            case PENDING -> RestoreCodes.code(RestoreAction.DELETE);
            case FAILED -> RestoreCodes.code(RestoreAction.CANNOT);
            case DONE, SKIPPED, THAWING -> -1;
          });
    }
    var frozen = frozen(handle, planId);
    add(handle, planId, RestoreItem.State.THAWING, frozen);
    add(
        handle,
        planId,
        RestoreItem.State.PENDING,
        new RestorePlan.Amount(-frozen.objects(), -frozen.bytes()));
  }

  private static RestorePlan.Amount frozen(Handle handle, String planId) {
    return handle
        .select(
            """
            SELECT COALESCE(SUM(objects), 0), COALESCE(SUM(bytes), 0) FROM restore_portion
            WHERE plan_id = ? AND frozen\
            """,
            planId)
        .map((row, _) -> new RestorePlan.Amount(row.getLong(1), row.getLong(2)))
        .one();
  }

  /// Cuts a text to what the columns for texts hold.
  static String text(String text) {
    return Codes.cut(text, TEXT);
  }

  private static int scopeKind(RestoreScope scope) {
    return switch (scope) {
      case RestoreScope.All() -> ALL;
      case RestoreScope.Parts _ -> PARTS;
    };
  }

  /// Catalogs of the first program hold an array of keys or of one prefix.
  private static RestoreScope scope(int kind, String json) {
    var scope = RequestJson.read(json);
    return switch (kind) {
      case KEYS ->
          RestoreScope.keys(RequestJson.texts(scope).stream().map(ObjectKey::new).toList());
      case PREFIX -> RestoreScope.prefix(RequestJson.texts(scope).getFirst());
      case ALL -> RestoreScope.ALL;
      case PARTS -> RequestJson.parts(scope);
      default -> throw new CatalogException("the catalog holds the unknown scope " + kind);
    };
  }

  private static @org.jspecify.annotations.Nullable Long nanosOrNull(Optional<Instant> time) {
    return time.map(Codes::nanos).orElse(null);
  }

  private static Optional<VersionId> version(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(VersionId::new);
  }

  private static OptionalLong optionalLong(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
