package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;

/// How far the locks of replicas were renewed, in rounds over all of them in the order of
/// recording. Safe for use by many threads.
public final class LockLog {

  private final Store store;
  private final Secondaries secondaries;

  LockLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// Versions with content whose replicas are to be looked at next. None at the end of a round.
  ///
  /// @param now begins a round if none is under way
  public List<RecordedVersion> next(SiteName secondary, Instant now, int atMost) {
    int id = secondaries.id(secondary);
    return store.write(handle -> {
      begin(handle, id, now);
      return handle
          .select(
              "SELECT "
                  + VersionRows.COLUMNS
                  + """
                   FROM replica r JOIN version v ON v.id = r.version_id
                  WHERE r.place > (SELECT after_place FROM lock_round WHERE secondary_id = ?)
                    AND r.secondary_id = ? AND v.kind = 0
                  ORDER BY r.place LIMIT ?\
                  """,
              id,
              id,
              atMost)
          .map((row, _) -> VersionRows.read(row))
          .list();
    });
  }

  /// Records that replicas were looked at.
  ///
  /// @param through the last of them
  public void looked(SiteName secondary, long through, long looked, long renewed) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE lock_round SET after_place = ?, looked = looked + ?, renewed = renewed + ?
            WHERE secondary_id = ?\
            """,
            Codes.place(id, through),
            looked,
            renewed,
            id));
  }

  /// Ends a round: every replica that was there when it began is locked for long enough.
  public void endRound(SiteName secondary) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE lock_round SET last_round_began = round_began, last_looked = looked,
              last_renewed = renewed, round_began = NULL, after_place = 0, looked = 0, renewed = 0
            WHERE secondary_id = ?\
            """,
            id));
  }

  /// The last round that came to its end; empty when none did.
  public Optional<Round> lastRound(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select(
                """
                SELECT last_round_began, last_looked, last_renewed FROM lock_round
                WHERE secondary_id = ? AND last_round_began IS NOT NULL\
                """,
                id)
            .map((row, _) ->
                new Round(Codes.instant(row.getLong(1)), row.getLong(2), row.getLong(3)))
            .findOne());
  }

  private static void begin(Handle handle, int id, Instant now) {
    if (handle.execute(
            "UPDATE lock_round SET round_began = COALESCE(round_began, ?) WHERE secondary_id = ?",
            Codes.nanos(now),
            id)
        == 0) {
      handle.execute(
          "INSERT INTO lock_round VALUES (?, 0, ?, 0, 0, NULL, 0, 0)", id, Codes.nanos(now));
    }
  }

  /// @param began every replica of that time was found locked for long enough, or its lock renewed
  /// @param looked replicas
  /// @param renewed locks
  public record Round(Instant began, long looked, long renewed) {}
}
