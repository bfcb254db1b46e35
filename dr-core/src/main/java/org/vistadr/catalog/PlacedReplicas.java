package org.vistadr.catalog;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectKey;

/// A secondary's replicas in the order of their keys there, all of one key together: the order in
/// which the secondary lists them. Holds a page, the replicas of one key, and no database resource
/// between calls. What is current at its own key is read in the order of keys; what is kept aside
/// has names that sort otherwise, and is sorted by the database once, into a temporary file. Not
/// thread-safe.
public final class PlacedReplicas implements AutoCloseable {

  private static final int ROWS_PER_PAGE = 2_000;

  private static final String COLUMNS =
      """
      SELECT v.id, v.key_rank, v.kind, COALESCE(r.location, v.object_key), r.remote_version, r.etag,
        v.size, v.etag, r.durable_at
      """;

  // The outer join keeps H2 on the index by key, whatever it thinks of the sizes.
  private static final String AT_OWN_KEY =
      COLUMNS
          + """
          , v.object_key, r.place, r.location
          FROM version v LEFT JOIN replica r ON r.place = v.id * 256 + ?
          WHERE v.object_key >= ? ORDER BY v.object_key, v.key_rank DESC LIMIT ?
          """;

  private static final String REST_OF_KEY =
      COLUMNS
          + """
          , v.object_key, r.place, r.location
          FROM version v LEFT JOIN replica r ON r.place = v.id * 256 + ?
          WHERE v.object_key = ? AND v.key_rank < ?
          ORDER BY v.object_key, v.key_rank DESC LIMIT ?
          """;

  private static final String ASIDE =
      COLUMNS
          + """
          FROM replica r JOIN version v ON v.id = r.version_id
          WHERE r.secondary_id = ? AND r.location IS NOT NULL ORDER BY r.location
          """;

  /// All replicas at one key of the secondary, newest first.
  ///
  /// @param location the key there
  /// @param replicas never empty
  public record AtKey(ObjectKey location, List<PlacedReplica> replicas) {}

  private final Store store;
  private final int secondary;
  private final TempSpool<PlacedReplica> aside;
  private final Deque<AtKey> ready = new ArrayDeque<>();
  private Optional<PlacedReplica> nextAside;
  private byte[] from = {};
  private boolean ended;

  PlacedReplicas(Store store, int secondary) {
    this.store = store;
    this.secondary = secondary;
    aside = new TempSpool<>(new InFile());
    try {
      sortAside();
      nextAside = aside.poll();
    } catch (RuntimeException e) {
      aside.close();
      throw e;
    }
  }

  /// The key that [#next] will give; empty at the end.
  public Optional<ObjectKey> peekKey() {
    fill();
    Optional<ObjectKey> own = Optional.ofNullable(ready.peek()).map(AtKey::location);
    return asideComesFirst(own) ? nextAside.map(PlacedReplica::location) : own;
  }

  /// The next key; empty at the end.
  public Optional<AtKey> next() {
    fill();
    if (!asideComesFirst(Optional.ofNullable(ready.peek()).map(AtKey::location))) {
      return Optional.ofNullable(ready.poll());
    }
    List<PlacedReplica> group = new ArrayList<>();
    ObjectKey location = nextAside.orElseThrow().location();
    while (nextAside.filter(replica -> replica.location().equals(location)).isPresent()) {
      group.add(nextAside.get());
      nextAside = aside.poll();
    }
    return Optional.of(new AtKey(location, group));
  }

  private boolean asideComesFirst(Optional<ObjectKey> own) {
    return nextAside.isPresent()
        && own.map(key -> nextAside.get().location().compareTo(key) < 0).orElse(true);
  }

  private void sortAside() {
    store.read(handle -> {
      try (PreparedStatement select = handle.getConnection().prepareStatement(ASIDE)) {
        select.setInt(1, secondary);
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            aside.add(placed(rows));
          }
        }
      }
      return Boolean.TRUE;
    });
  }

  private void fill() {
    while (ready.isEmpty() && !ended) {
      List<Row> rows = store.rows(AT_OWN_KEY, Row::read, secondary, from, ROWS_PER_PAGE);
      ended = rows.size() < ROWS_PER_PAGE;
      List<Row> group = new ArrayList<>();
      for (Row row : rows) {
        if (!group.isEmpty() && !group.getFirst().key.equals(row.key)) {
          add(group);
          group = new ArrayList<>();
        }
        group.add(row);
      }
      if (!group.isEmpty()) {
        ObjectKey last = group.getFirst().key;
        if (!ended) {
          addRest(last, group);
        }
        add(group);
        from = HistoryPages.after(last);
      }
    }
  }

  /// The page may have cut the last key's history.
  private void addRest(ObjectKey key, List<Row> group) {
    List<Row> rest;
    do {
      rest =
          store.rows(
              REST_OF_KEY, Row::read, secondary, key.utf8(), group.getLast().rank, ROWS_PER_PAGE);
      group.addAll(rest);
    } while (rest.size() == ROWS_PER_PAGE);
  }

  private void add(List<Row> group) {
    List<PlacedReplica> here = group.stream().map(Row::replica).flatMap(Optional::stream).toList();
    if (!here.isEmpty()) {
      ready.add(new AtKey(group.getFirst().key, here));
    }
  }

  private static PlacedReplica placed(ResultSet row) throws SQLException {
    return new PlacedReplica(
        row.getLong(1),
        row.getLong(2),
        row.getInt(3) == Codes.DELETE_MARKER,
        ObjectKey.ofUtf8(row.getBytes(4)),
        Optional.ofNullable(row.getString(5)).map(org.vistadr.model.VersionId::new),
        row.getString(6),
        row.getLong(7),
        java.util.Objects.requireNonNullElse(row.getString(8), ""),
        Codes.instant(row.getLong(9)));
  }

  @Override
  public void close() {
    aside.close();
  }

  /// An entry of a key's history, with the replica that is at the key itself.
  private record Row(ObjectKey key, long rank, Optional<PlacedReplica> replica) {
    static Row read(ResultSet row) throws SQLException {
      row.getLong(11);
      boolean here = !row.wasNull() && row.getBytes(12) == null;
      return new Row(
          ObjectKey.ofUtf8(row.getBytes(10)),
          row.getLong(2),
          here ? Optional.of(placed(row)) : Optional.empty());
    }
  }

  private static final class InFile implements TempSpool.Codec<PlacedReplica> {
    @Override
    public void write(DataOutputStream to, PlacedReplica replica) throws IOException {
      to.writeLong(replica.versionId());
      to.writeLong(replica.rank());
      to.writeBoolean(replica.marker());
      TempSpool.write(to, replica.location());
      TempSpool.write(to, replica.remoteVersion());
      to.writeUTF(replica.etag());
      to.writeLong(replica.size());
      to.writeUTF(replica.primaryEtag());
      to.writeLong(Codes.nanos(replica.durableAt()));
    }

    @Override
    public PlacedReplica read(DataInputStream from) throws IOException {
      return new PlacedReplica(
          from.readLong(),
          from.readLong(),
          from.readBoolean(),
          TempSpool.readKey(from),
          TempSpool.readVersion(from),
          from.readUTF(),
          from.readLong(),
          from.readUTF(),
          Codes.instant(from.readLong()));
    }
  }

  /// Replicas in a temporary file.
  public static TempSpool<PlacedReplica> spool() {
    return new TempSpool<>(new InFile());
  }
}
