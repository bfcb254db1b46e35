package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// The catalog of one moment, or what changed in it, as facts. Reads one snapshot of the database,
/// so nothing that is recorded meanwhile is in it, and nothing waits for it. Constant memory. Not
/// thread-safe.
public final class CatalogExport {

  private static final int PAGE = 1_000;

  private static final String VERSION =
      "SELECT " + VersionRows.JOINED_COLUMNS + ", c.attributes FROM ";

  private static final String CONTENT = "LEFT JOIN version_content c ON c.version_id = v.id WHERE ";

  private static final String REPLICA =
      """
      SELECT r.secondary_id, r.location, r.remote_version, r.etag, r.durable_at, r.storage_class,
        r.version_id FROM\
      """;

  private static final String WAITING =
      "SELECT q.secondary_id, q.state, q.missed_in_scan, q.last_error, q.version_id FROM";

  private final Handle handle;
  private final Marks from;
  private final Marks to;
  private final long generation;

  /// How far an export reaches.
  ///
  /// @param versions ids of versions
  /// @param changes noted changes of versions
  /// @param scans numbers of scans that are over
  /// @param progress of the secondaries, a sum that grows with it
  /// @param checkpoints changes of named checkpoints
  /// @param holds changes of holds
  /// @param bucketConfigs changes of saved bucket configurations
  public record Marks(
      long versions,
      long changes,
      long scans,
      long progress,
      long checkpoints,
      long holds,
      long bucketConfigs) {
    /// Before everything.
    public static final Marks NONE = new Marks(0, 0, 0, 0, 0, 0, 0);
  }

  CatalogExport(Handle handle, Marks from) {
    this.handle = handle;
    this.from = from;
    to = now(handle, from);
    generation = Generation.inCatalog(handle);
  }

  /// The marks of everything that there is.
  static Marks now(Handle handle, Marks from) {
    return new Marks(
        number(handle, "SELECT COALESCE(MAX(id), 0) FROM version"),
        Math.max(from.changes, number(handle, "SELECT COALESCE(MAX(seq), 0) FROM version_change")),
        number(handle, "SELECT COALESCE(MAX(number), 0) FROM scan WHERE state <> 0"),
        number(
            handle, "SELECT COALESCE(SUM(recovery_scan + backfilled_through), 0) FROM secondary"),
        CheckpointLog.changes(handle),
        HoldLog.changes(handle),
        BucketConfigLog.changes(handle));
  }

  /// How far it reaches.
  public Marks to() {
    return to;
  }

  /// The catalog's generation then.
  public long generation() {
    return generation;
  }

  /// Versions that changed since the earlier marks, then those that came since. The same version
  /// may come more than once, always as it is now.
  public void versions(Consumer<CatalogFact.Version> take) {
    for (long after = from.changes; after < to.changes; ) {
      List<long[]> notes =
          handle
              .select(
                  """
                  SELECT seq, version_id FROM version_change WHERE seq > ? AND seq <= ?
                  ORDER BY seq LIMIT ?\
                  """,
                  after,
                  to.changes,
                  PAGE)
              .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
              .list();
      if (notes.isEmpty()) {
        break;
      }
      after = notes.getLast()[0];
      TreeSet<Long> ids = new TreeSet<>();
      notes.stream().map(note -> note[1]).filter(id -> id <= from.versions).forEach(ids::add);
      changed(ids).forEach(take);
    }
    for (long after = from.versions; after < to.versions; ) {
      List<CatalogFact.Version> page = page(after);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(take);
      after = page.getLast().version().id();
    }
  }

  /// All but the versions: sums, secondaries, spans, named checkpoints, holds, bucket
  /// configurations, and scans that are over, in this order.
  ///
  /// @param all also checkpoints, holds, bucket configurations and scans that the earlier marks
  ///   cover
  public void rest(boolean all, Consumer<CatalogFact> take) {
    take.accept(totals());
    secondaries().forEach(take);
    spans().forEach(take);
    if (all || to.checkpoints > from.checkpoints) {
      CheckpointLog.fact(handle).ifPresent(take);
    }
    if (all || to.holds > from.holds) {
      HoldLog.fact(handle).ifPresent(take);
    }
    if (all || to.bucketConfigs > from.bucketConfigs) {
      BucketConfigLog.fact(handle).ifPresent(take);
    }
    for (long after = all ? 0 : from.scans; after < to.scans; ) {
      List<CatalogFact.Scan> page = scans(after);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(take);
      after = page.getLast().number();
    }
  }

  private List<CatalogFact.Version> changed(SortedSet<Long> ids) {
    List<Integer> secondaries = Secondaries.knownIds(handle);
    List<Long> places =
        ids.stream()
            .flatMap(id -> secondaries.stream().map(secondary -> Codes.place(secondary, id)))
            .toList();
    Connection connection = handle.getConnection();
    try (PreparedStatement version =
            connection.prepareStatement(
                VERSION
                    + ByNumber.from("version v", "v.id")
                    + CONTENT
                    + ByNumber.found("v.id")
                    + "ORDER BY v.id");
        PreparedStatement replica =
            connection.prepareStatement(
                REPLICA
                    + ByNumber.from("replica r", "r.place")
                    + "WHERE "
                    + ByNumber.found("r.place")
                    + "ORDER BY r.place");
        PreparedStatement waiting =
            connection.prepareStatement(
                WAITING
                    + ByNumber.from("queue q", "q.place")
                    + "WHERE q.state <> 0 AND "
                    + ByNumber.found("q.place")
                    + "ORDER BY q.place")) {
      version.setArray(1, ByNumber.numbers(handle, ids));
      replica.setArray(1, ByNumber.numbers(handle, places));
      waiting.setArray(1, ByNumber.numbers(handle, places));
      return facts(
          rows(version, CatalogExport::known),
          rows(replica, CatalogExport::copy),
          rows(waiting, CatalogExport::waiting));
    } catch (SQLException e) {
      throw new CatalogException("cannot read versions for a segment", e);
    }
  }

  private List<CatalogFact.Version> page(long after) {
    Connection connection = handle.getConnection();
    try (PreparedStatement version =
            connection.prepareStatement(
                VERSION + "version v " + CONTENT + "v.id > ? ORDER BY v.id LIMIT ?");
        PreparedStatement replica =
            connection.prepareStatement(
                REPLICA + " replica r WHERE r.place >= ? AND r.place < ? ORDER BY r.place");
        PreparedStatement waiting =
            connection.prepareStatement(
                WAITING
                    + """
                     queue q WHERE q.state <> 0 AND q.place >= ? AND q.place < ? ORDER BY q.place\
                    """)) {
      version.setLong(1, after);
      version.setInt(2, PAGE);
      List<Known> known = rows(version, CatalogExport::known);
      if (known.isEmpty()) {
        return List.of();
      }
      long first = known.getFirst().version.id();
      long last = known.getLast().version.id();
      return facts(
          known,
          rows(between(replica, first, last), CatalogExport::copy),
          rows(between(waiting, first, last), CatalogExport::waiting));
    } catch (SQLException e) {
      throw new CatalogException("cannot read versions for a segment", e);
    }
  }

  private static List<CatalogFact.Version> facts(
      List<Known> versions,
      List<Numbered<CatalogFact.Copy>> copies,
      List<Numbered<CatalogFact.Waiting>> waiting) {
    Runs<CatalogFact.Copy> copiesOf = new Runs<>(copies);
    Runs<CatalogFact.Waiting> waitingOf = new Runs<>(waiting);
    return versions.stream()
        .map(one -> {
          long id = one.version.id();
          return new CatalogFact.Version(
              one.version, one.attributes, copiesOf.of(id), waitingOf.of(id));
        })
        .toList();
  }

  private CatalogFact.Totals totals() {
    return handle
        .select(
            """
            SELECT content_objects, content_bytes, current_objects, current_bytes, delete_markers,
              purged_objects, oldest_modified FROM catalog_state\
            """)
        .map((row, _) -> {
          long oldest = row.getLong(7);
          return new CatalogFact.Totals(
              row.getLong(1),
              row.getLong(2),
              row.getLong(3),
              row.getLong(4),
              row.getLong(5),
              row.getLong(6),
              row.wasNull() ? OptionalLong.empty() : OptionalLong.of(oldest));
        })
        .one();
  }

  private List<CatalogFact.Secondary> secondaries() {
    return handle
        .select(
            """
            SELECT id, name, declared, declared_at, backfilled_through, backfill_until,
              recovery_point, recovery_scan, durable_objects, durable_bytes
            FROM secondary ORDER BY id\
            """)
        .map((row, _) ->
            new CatalogFact.Secondary(
                row.getInt(1),
                new SiteName(row.getString(2)),
                row.getBoolean(3),
                Codes.instant(row.getLong(4)),
                row.getLong(5),
                row.getLong(6),
                Codes.optionalInstant(row, 7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10)))
        .list();
  }

  private List<CatalogFact.Span> spans() {
    return handle
        .select(
            """
            SELECT first_scan, regime, first_at, last_scan, last_at, scans FROM regime_span
            ORDER BY first_scan\
            """)
        .map((row, _) ->
            new CatalogFact.Span(
                row.getLong(1),
                Codes.regime(row.getInt(2)),
                Codes.instant(row.getLong(3)),
                row.getLong(4),
                Codes.instant(row.getLong(5)),
                row.getLong(6)))
        .list();
  }

  private List<CatalogFact.Scan> scans(long after) {
    return handle
        .select(
            """
            SELECT number, started_at, ended_at, regime, state, keys, versions, reason FROM scan
            WHERE number > ? AND number <= ? AND state <> 0 ORDER BY number LIMIT ?\
            """,
            after,
            to.scans,
            PAGE)
        .map((row, _) ->
            new CatalogFact.Scan(
                row.getLong(1),
                Codes.instant(row.getLong(2)),
                Codes.optionalInstant(row, 3),
                Codes.regime(row.getInt(4)),
                Codes.scanState(row.getInt(5)),
                row.getLong(6),
                row.getLong(7),
                row.getString(8)))
        .list();
  }

  private static long number(Handle handle, String sql) {
    return handle.select(sql).map((row, _) -> row.getLong(1)).one();
  }

  private static PreparedStatement between(PreparedStatement statement, long first, long last)
      throws SQLException {
    statement.setLong(1, Codes.place(0, first));
    statement.setLong(2, Codes.place(0, last + 1));
    return statement;
  }

  private static <T> List<T> rows(PreparedStatement statement, Store.Row<T> read)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(read.read(rows));
      }
      return result;
    }
  }

  private static Known known(ResultSet row) throws SQLException {
    return new Known(
        VersionRows.read(row), Optional.ofNullable(row.getString(VersionRows.NEXT_COLUMN)));
  }

  private static Numbered<CatalogFact.Copy> copy(ResultSet row) throws SQLException {
    return new Numbered<>(
        row.getLong(7),
        new CatalogFact.Copy(
            row.getInt(1),
            Optional.ofNullable(row.getBytes(2)).map(ObjectKey::ofUtf8),
            Optional.ofNullable(row.getString(3)).map(VersionId::new),
            row.getString(4),
            Codes.instant(row.getLong(5)),
            Optional.ofNullable(row.getString(6))));
  }

  private static Numbered<CatalogFact.Waiting> waiting(ResultSet row) throws SQLException {
    return new Numbered<>(
        row.getLong(5),
        new CatalogFact.Waiting(
            row.getInt(1), Codes.queueState(row.getInt(2)), row.getLong(3), row.getString(4)));
  }

  private record Known(RecordedVersion version, Optional<String> attributes) {}

  private record Numbered<T>(long versionId, T fact) {}

  /// Facts of a page in the order of their versions, taken version by version.
  private static final class Runs<T> {
    private final List<Numbered<T>> rows;
    private int at;

    private Runs(List<Numbered<T>> rows) {
      this.rows = rows;
    }

    private List<T> of(long versionId) {
      List<T> result = new ArrayList<>();
      while (at < rows.size() && rows.get(at).versionId <= versionId) {
        if (rows.get(at).versionId == versionId) {
          result.add(rows.get(at).fact);
        }
        at++;
      }
      return result;
    }
  }
}
