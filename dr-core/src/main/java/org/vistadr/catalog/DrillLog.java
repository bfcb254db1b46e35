package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Drill;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;

/// Rehearsals of restores and how they ended. Thread-safe.
public final class DrillLog {

  /// How much each drill names of each kind; the counters count all.
  public static final int NAMED = 500;

  private static final String STRATUM = "stratum.";

  // Their places are what the catalog holds: add at the end only.
  private static final List<Drill.State> STATES =
      List.of(
          Drill.State.RUNNING, Drill.State.SUCCEEDED, Drill.State.FAILED, Drill.State.INTERRUPTED);

  private static final List<Drill.Item.Kind> KINDS =
      List.of(Drill.Item.Kind.FAILED, Drill.Item.Kind.ARCHIVED, Drill.Item.Kind.LEFT_OUT);

  private static final List<Drill.Stratum> STRATA =
      List.of(
          Drill.Stratum.ODD_KEY,
          Drill.Stratum.LARGEST,
          Drill.Stratum.OLDEST,
          Drill.Stratum.NEWEST,
          Drill.Stratum.UNVERSIONED,
          Drill.Stratum.VERSIONED,
          Drill.Stratum.RANDOM,
          Drill.Stratum.ALL);

  private final Store store;
  private final Secondaries secondaries;

  DrillLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// Records that one begins.
  ///
  /// @param prefix empty for the whole bucket
  /// @param sample empty for all
  /// @return its id
  public long begin(
      SiteName from,
      String who,
      Instant moment,
      Optional<String> prefix,
      OptionalInt sample,
      long seed,
      Instant now) {
    int secondary = secondaries.id(from);
    return store.write(handle -> {
      long id =
          handle
              .select("SELECT COALESCE(MAX(id), 0) + 1 FROM drill")
              .map((row, _) -> row.getLong(1))
              .one();
      handle.execute(
          "INSERT INTO drill VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, '{}', NULL, NULL, '')",
          id,
          secondary,
          Codes.cut(who, 200),
          Codes.nanos(moment),
          prefix.orElse(null),
          sample.isPresent() ? sample.getAsInt() : null,
          seed,
          Codes.nanos(now));
      return id;
    });
  }

  /// Records objects that are to be named.
  public void name(long drill, List<Drill.Item> items) {
    store.run(handle -> {
      for (Drill.Item item : items) {
        handle.execute(
            """
            INSERT INTO drill_item
            SELECT ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ? FROM drill_item WHERE drill_id = ?\
            """,
            drill,
            item.versionId(),
            code(item.kind()),
            code(item.stratum()),
            Codes.cut(item.detail(), 2000),
            drill);
      }
    });
  }

  /// Ends one.
  public void end(
      long drill,
      Drill.State state,
      Instant at,
      Drill.Tally tally,
      Optional<Drill.Projection> projection,
      String message) {
    store.run(handle ->
        handle.execute(
            """
            UPDATE drill SET state = ?, ended_at = ?, counters = ?, projected_low = ?,
              projected_high = ?, message = ? WHERE id = ?\
            """,
            code(state),
            Codes.nanos(at),
            AttributesJson.writeCounters(counters(tally)),
            projection.map(Drill.Projection::low).orElse(null),
            projection.map(Drill.Projection::high).orElse(null),
            Codes.cut(message, 2000),
            drill));
  }

  /// Marks those that a crash left open; called once at start.
  public void closeInterrupted(Instant at) {
    store.run(handle ->
        handle.execute(
            "UPDATE drill SET state = ?, ended_at = ?, message = ? WHERE state = ?",
            code(Drill.State.INTERRUPTED),
            Codes.nanos(at),
            "the daemon ended before the drill did",
            code(Drill.State.RUNNING)));
  }

  /// Drills, newest first.
  ///
  /// @param from only from this secondary
  /// @param beforeId only older ones, for paging
  public List<Drill> list(Optional<SiteName> from, Optional<Long> beforeId, int atMost) {
    long before = beforeId.orElse(Long.MAX_VALUE);
    return from.map(name ->
            select(
                "WHERE d.secondary_id = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                secondaries.id(name),
                before,
                atMost))
        .orElseGet(() -> select("WHERE d.id < ? ORDER BY d.id DESC LIMIT ?", before, atMost));
  }

  /// One drill.
  public Optional<Drill> find(long id) {
    return select("WHERE d.id = ?", id).stream().findFirst();
  }

  /// The last one from a secondary that ended in a state. Of those that succeeded only drills over
  /// the whole bucket count: one of a prefix proves that prefix.
  public Optional<Drill> last(SiteName from, Drill.State state) {
    return select(
            """
            WHERE d.secondary_id = ? AND d.state = ? AND d.prefix IS NULL
            ORDER BY d.id DESC LIMIT 1\
            """,
            secondaries.id(from),
            code(state))
        .stream()
        .findFirst();
  }

  /// What a drill names, in the order in which it came up.
  public List<Drill.Item> items(long drill) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT v.object_key, i.version_id, i.kind, i.stratum, i.detail
                FROM drill_item i JOIN version v ON v.id = i.version_id
                WHERE i.drill_id = ? ORDER BY i.number\
                """,
                drill)
            .map((row, _) ->
                new Drill.Item(
                    ObjectKey.ofUtf8(row.getBytes(1)),
                    row.getLong(2),
                    kind(row.getInt(3)),
                    stratum(row.getInt(4)),
                    row.getString(5)))
            .list());
  }

  /// Removes drills that ended before a moment, but keeps the last of each state of each secondary.
  public int forgetBefore(Instant moment) {
    return store.write(handle -> {
      int forgotten =
          handle.execute(
              """
              DELETE FROM drill WHERE ended_at < ? AND id NOT IN (
                SELECT MAX(id) FROM drill GROUP BY secondary_id, state, prefix IS NULL)\
              """,
              Codes.nanos(moment));
      handle.execute("DELETE FROM drill_item WHERE drill_id NOT IN (SELECT id FROM drill)");
      return forgotten;
    });
  }

  private List<Drill> select(String where, Object... arguments) {
    return store.read((Handle handle) ->
        handle
            .select(
                """
                SELECT d.id, s.name, d.who, d.moment, d.prefix, d.sample, d.seed, d.started_at,
                  d.ended_at, d.state, d.counters, d.projected_low, d.projected_high, d.message
                FROM drill d JOIN secondary s ON s.id = d.secondary_id \
                """
                    + where,
                arguments)
            .map((row, _) -> drill(row))
            .list());
  }

  private static Drill drill(ResultSet row) throws SQLException {
    int sample = row.getInt(6);
    OptionalInt wanted = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(sample);
    long low = row.getLong(12);
    Optional<Drill.Projection> projection =
        row.wasNull() ? Optional.empty() : Optional.of(new Drill.Projection(low, row.getLong(13)));
    return new Drill(
        row.getLong(1),
        new SiteName(row.getString(2)),
        row.getString(3),
        Codes.instant(row.getLong(4)),
        Optional.ofNullable(row.getString(5)),
        wanted,
        row.getLong(7),
        Codes.instant(row.getLong(8)),
        Codes.optionalInstant(row, 9),
        state(row.getInt(10)),
        tally(AttributesJson.readCounters(row.getString(11))),
        projection,
        row.getString(14));
  }

  private static Map<String, Long> counters(Drill.Tally tally) {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("restored", tally.restored());
    counters.put("bytes", tally.bytes());
    counters.put("failures", tally.failures());
    counters.put("unproved", tally.unproved());
    counters.put("archived", tally.archived());
    counters.put("leftOut", tally.leftOut());
    counters.put("elapsedMillis", tally.elapsed().toMillis());
    counters.put("wholeObjects", tally.wholeObjects());
    counters.put("wholeBytes", tally.wholeBytes());
    tally
        .strata()
        .forEach((stratum, count) ->
            counters.put(STRATUM + stratum.name().toLowerCase(Locale.ROOT), count));
    return counters;
  }

  private static Drill.Tally tally(Map<String, Long> counters) {
    Map<Drill.Stratum, Long> strata = new EnumMap<>(Drill.Stratum.class);
    for (Drill.Stratum stratum : Drill.Stratum.values()) {
      Long count = counters.get(STRATUM + stratum.name().toLowerCase(Locale.ROOT));
      if (count != null) {
        strata.put(stratum, count);
      }
    }
    return new Drill.Tally(
        counters.getOrDefault("restored", 0L),
        counters.getOrDefault("bytes", 0L),
        counters.getOrDefault("failures", 0L),
        counters.getOrDefault("unproved", 0L),
        counters.getOrDefault("archived", 0L),
        counters.getOrDefault("leftOut", 0L),
        Duration.ofMillis(counters.getOrDefault("elapsedMillis", 0L)),
        counters.getOrDefault("wholeObjects", 0L),
        counters.getOrDefault("wholeBytes", 0L),
        strata);
  }

  private static int code(Drill.State state) {
    return STATES.indexOf(state);
  }

  private static int code(Drill.Item.Kind kind) {
    return KINDS.indexOf(kind);
  }

  private static int code(Drill.Stratum stratum) {
    return STRATA.indexOf(stratum);
  }

  private static Drill.State state(int code) {
    return known(STATES, code);
  }

  private static Drill.Item.Kind kind(int code) {
    return known(KINDS, code);
  }

  private static Drill.Stratum stratum(int code) {
    return known(STRATA, code);
  }

  private static <T> T known(List<T> all, int code) {
    if (code < 0 || code >= all.size()) {
      throw new CatalogException(
          "the catalog holds the unknown code %d of a drill".formatted(code));
    }
    return all.get(code);
  }
}
