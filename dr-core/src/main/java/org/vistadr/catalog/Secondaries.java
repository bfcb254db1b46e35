package org.vistadr.catalog;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.SiteName;

/// The secondaries that the catalog knows, and their numbers in it. Safe for use by many threads.
final class Secondaries {

  private final Store store;
  private final InstantSource clock;
  private final Map<SiteName, Integer> ids = new ConcurrentHashMap<>();

  Secondaries(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    read();
  }

  /// Reads which there are.
  void read() {
    store.read(handle -> {
      handle
          .select("SELECT id, name FROM secondary")
          .map((row, _) -> ids.put(new SiteName(row.getString(2)), row.getInt(1)))
          .list();
      return Boolean.TRUE;
    });
  }

  /// The number of a secondary.
  ///
  /// @throws CatalogException when it was never declared
  int id(SiteName name) {
    Integer id = ids.get(name);
    if (id == null) {
      throw new CatalogException(
          "the catalog knows no secondary '%s'\nHINT: it knows %s; add the site to the configuration and start again"
              .formatted(name, ids.keySet().stream().sorted().toList()));
    }
    return id;
  }

  /// See [Catalog#declareSecondaries]. Versions up to the highest id now are left to the backfill,
  /// versions above it are queued as they are recorded: none is lost and none comes twice.
  void declare(List<SiteName> names) {
    Map<SiteName, Integer> added = new ConcurrentHashMap<>();
    store.run(handle -> {
      long newest = newestVersion(handle);
      for (SiteName name : names) {
        int known =
            handle.execute(
                "UPDATE secondary SET declared = TRUE, backfill_until = ? WHERE name = ? AND NOT"
                    + " declared",
                newest,
                name.value());
        if (known == 0 && !exists(handle, name)) {
          added.put(name, insert(handle, name, newest));
        }
      }
      for (SiteName name : declared(handle)) {
        if (!names.contains(name)) {
          // It has every version up to now; when it comes back the rest is filled in.
          handle.execute(
              """
              UPDATE secondary SET declared = FALSE,
                backfilled_through = CASE WHEN backfilled_through >= backfill_until THEN ?
                  ELSE backfilled_through END
              WHERE name = ?\
              """,
              newest,
              name.value());
        }
      }
    });
    ids.putAll(added);
  }

  static long newestVersion(Handle handle) {
    return handle
        .select("SELECT COALESCE(MAX(id), 0) FROM version")
        .map((row, _) -> row.getLong(1))
        .one();
  }

  /// Numbers of the secondaries that are declared now.
  static List<Integer> declaredIds(Handle handle) {
    return handle
        .select("SELECT id FROM secondary WHERE declared ORDER BY id")
        .map((row, _) -> row.getInt(1))
        .list();
  }

  /// Numbers of all secondaries that were ever declared.
  static List<Integer> knownIds(Handle handle) {
    return handle
        .select("SELECT id FROM secondary ORDER BY id")
        .map((row, _) -> row.getInt(1))
        .list();
  }

  private static List<SiteName> declared(Handle handle) {
    return new ArrayList<>(
        handle
            .select("SELECT name FROM secondary WHERE declared")
            .map((row, _) -> new SiteName(row.getString(1)))
            .list());
  }

  private static boolean exists(Handle handle, SiteName name) {
    return !handle
        .select("SELECT id FROM secondary WHERE name = ?", name.value())
        .map((row, _) -> row.getInt(1))
        .list()
        .isEmpty();
  }

  private int insert(Handle handle, SiteName name, long newest) {
    int id =
        handle
            .select("SELECT COALESCE(MAX(id), 0) + 1 FROM secondary")
            .map((row, _) -> row.getInt(1))
            .one();
    if (id >= Codes.PLACES) {
      throw new CatalogException(
          "the catalog has no room for the secondary '%s': %d were declared already"
              .formatted(name, id - 1));
    }
    handle.execute(
        """
        INSERT INTO secondary (id, name, declared, declared_at, backfilled_through, backfill_until,
          dispatched_through, recovery_point, recovery_scan, durable_objects, durable_bytes,
          look_first_scan)
        VALUES (?, ?, TRUE, ?, 0, ?, 0, NULL, 0, 0, 0, ?)\
        """,
        id,
        name.value(),
        Codes.nanos(clock.instant()),
        newest,
        Long.MAX_VALUE);
    return id;
  }
}
