package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;

/// Writes what looks at the primary found: versions, their rows in every queue, and the totals. Of
/// one transaction. Plain JDBC, because a first scan passes here with every object of the bucket.
final class VersionWriter implements AutoCloseable {

  private static final String SELECT = "SELECT " + VersionRows.COLUMNS + " FROM version v ";

  private final long scan;
  private final Optional<Instant> visibleAfter;
  private final List<Integer> secondaries;
  private final QueueSums sums;
  private final PendingRanges ranges;
  private final ChangeNotes changes;
  private final RangeDigests digests;
  private final RangeDigests.Forgetting forgetting;
  private final Totals totals = new Totals();
  private final PreparedStatement newest;
  private final PreparedStatement newestAtPrimary;
  private final PreparedStatement atRank;
  private final PreparedStatement sameContent;
  private final PreparedStatement byId;
  private final PreparedStatement insert;
  private final PreparedStatement purge;
  private final PreparedStatement queued;
  private final PreparedStatement miss;
  private final Handle handle;
  private final Set<ObjectKey> unwritten = new HashSet<>();
  private final BrakeTally tally;
  private final List<Long> held = new ArrayList<>();
  private final List<Long> pending = new ArrayList<>();
  private final List<Long> purged = new ArrayList<>();
  private final long idBefore;
  private long lastId;

  /// @param freeDeletions see [VersionLog#record]
  VersionWriter(
      Handle handle,
      long scan,
      Optional<Instant> visibleAfter,
      long freeDeletions,
      RangeDigests digests)
      throws SQLException {
    this.handle = handle;
    this.digests = digests;
    this.scan = scan;
    this.visibleAfter = visibleAfter;
    tally = BrakeTally.read(handle, scan, freeDeletions);
    secondaries = Secondaries.declaredIds(handle);
    idBefore = Secondaries.newestVersion(handle);
    lastId = idBefore;
    sums = new QueueSums(handle);
    ranges = new PendingRanges(handle);
    changes = new ChangeNotes(handle);
    forgetting = digests.forgetting(handle);
    Connection connection = handle.getConnection();
    newest =
        connection.prepareStatement(
            SELECT + "WHERE v.object_key = ? ORDER BY v.object_key, v.key_rank DESC LIMIT 1");
    newestAtPrimary =
        connection.prepareStatement(
            SELECT
                + """
                WHERE v.object_key = ? AND v.origin = 0 AND v.purged_scan IS NULL
                ORDER BY v.object_key, v.key_rank DESC LIMIT 1\
                """);
    sameContent =
        connection.prepareStatement(
            "SELECT 1 FROM version WHERE object_key = ? AND key_rank < ? AND etag = ? LIMIT 1");
    atRank = connection.prepareStatement(SELECT + "WHERE v.object_key = ? AND v.key_rank = ?");
    byId = connection.prepareStatement(SELECT + "WHERE v.id = ?");
    insert = connection.prepareStatement(VersionRows.INSERT);
    purge = connection.prepareStatement("UPDATE version SET purged_scan = ? WHERE id = ?");
    queued =
        connection.prepareStatement(
            """
            SELECT q.secondary_id, q.state, q.seen_scan, q.size FROM secondary s
            JOIN queue q ON q.place = ? + s.id\
            """);
    miss =
        connection.prepareStatement(
            "UPDATE queue SET state = ?, missed_in_scan = ? WHERE place = ?");
  }

  /// Writes what looks at single keys found.
  void record(List<KeyChange> changes) throws SQLException {
    for (KeyChange change : changes) {
      if (!change.isEmpty()) {
        forgetting.changed(change.key());
      }
    }
    write(changes);
  }

  /// Writes what a scan's listing showed, and that these ranges are now as it listed them.
  void record(List<KeyChange> changes, List<RangeDigest> equal) throws SQLException {
    write(changes);
    digests.keep(handle, equal);
  }

  private void write(List<KeyChange> changes) throws SQLException {
    for (KeyChange change : changes) {
      if (!change.isEmpty()) {
        forgetting.forget(change.key());
        write(change);
      }
    }
    flush();
    enqueue();
    miss();
    sums.write();
    this.changes.write();
    totals.write(handle);
    tally.write(handle);
  }

  private void write(KeyChange change) throws SQLException {
    if (!unwritten.add(change.key())) {
      flush();
      unwritten.add(change.key());
    }
    byte[] key = change.key().utf8();
    Optional<RecordedVersion> top = select(newest, key);
    Optional<RecordedVersion> currentBefore =
        top.isEmpty() || top.get().atPrimary() ? top : select(newestAtPrimary, key);
    for (long id : change.purged()) {
      purge(change.key(), id);
    }
    Optional<RecordedVersion> current =
        currentBefore.isPresent() && change.purged().contains(currentBefore.get().id())
            ? select(newestAtPrimary, key)
            : currentBefore;
    // A deletion that something follows takes nothing from the secondaries, and of a key that was
    // not known before there is nothing to take.
    long lastContent =
        Math.max(
            top.map(RecordedVersion::rank).orElse(Long.MAX_VALUE),
            change.appended().stream()
                .filter(entry -> entry.entry() instanceof Entry.Content)
                .mapToLong(KeyChange.NewEntry::rank)
                .max()
                .orElse(Long.MIN_VALUE));
    for (KeyChange.NewEntry entry :
        change.appended().stream()
            .sorted(Comparator.comparingLong(KeyChange.NewEntry::rank))
            .toList()) {
      if (top.isPresent() && entry.rank() <= top.get().rank() && isRecorded(change.key(), entry)) {
        continue;
      }
      boolean holds =
          tally.holds()
              && entry.entry() instanceof Entry.DeleteMarker
              && entry.rank() > lastContent;
      RecordedVersion added = append(change.key(), entry, holds);
      if (added.atPrimary() && current.map(c -> added.rank() > c.rank()).orElse(true)) {
        current = Optional.of(added);
      }
    }
    totals.replaceCurrent(currentBefore, current);
    tally.changed(currentBefore, current, this::hadBefore);
  }

  private boolean hadBefore(RecordedVersion version, String etag) throws SQLException {
    sameContent.setBytes(1, version.key().utf8());
    sameContent.setLong(2, version.rank());
    sameContent.setString(3, etag);
    try (ResultSet rows = sameContent.executeQuery()) {
      return rows.next();
    }
  }

  /// Whether the rank already holds this very entry.
  private boolean isRecorded(ObjectKey key, KeyChange.NewEntry entry) throws SQLException {
    atRank.setLong(2, entry.rank());
    Optional<RecordedVersion> there = select(atRank, key.utf8());
    if (there.isEmpty()) {
      return false;
    }
    RecordedVersion known = there.get();
    if (known.origin() == entry.origin()
        && known.versionId().equals(entry.versionId())
        && known.lastModified().equals(entry.lastModified())
        && known.entry().equals(entry.entry())) {
      return true;
    }
    throw new CatalogException(
        "rank %d of key '%s' holds version '%s' already, not '%s'\nHINT: two looks at the key crossed each other; look again"
            .formatted(entry.rank(), key, known.versionId(), entry.versionId()));
  }

  private RecordedVersion append(ObjectKey key, KeyChange.NewEntry entry, boolean holds)
      throws SQLException {
    lastId++;
    RecordedVersion version =
        new RecordedVersion(
            lastId,
            key,
            entry.rank(),
            entry.origin(),
            entry.versionId(),
            entry.lastModified(),
            entry.entry(),
            scan,
            visibleAfter,
            OptionalLong.empty(),
            Optional.empty());
    VersionRows.bind(insert, version);
    insert.addBatch();
    (holds ? held : pending).add(version.id());
    for (int secondary : secondaries) {
      sums.add(secondary, holds ? Codes.HELD : Codes.PENDING, scan, 0, version.entry().bytes());
    }
    totals.appended(version.lastModified());
    if (version.atPrimary()) {
      totals.add(version.entry(), 1);
    }
    return version;
  }

  private void purge(ObjectKey key, long id) throws SQLException {
    byId.setLong(1, id);
    RecordedVersion version =
        first(byId)
            .filter(found -> found.key().equals(key))
            .orElseThrow(() ->
                new CatalogException(
                    "key '%s' has no version with the id %d to mark as purged".formatted(key, id)));
    if (version.purgedInScan().isPresent()) {
      return;
    }
    purge.setLong(1, scan);
    purge.setLong(2, id);
    purge.executeUpdate();
    changes.note(id);
    if (version.origin() == Origin.LISTED) {
      totals.add(version.entry(), -1);
      totals.purged(version.entry());
    }
    purged.add(id);
  }

  /// Where what is purged was still to be copied, it is missed now.
  private void miss() throws SQLException {
    if (purged.isEmpty()) {
      return;
    }
    Collections.sort(purged);
    for (int secondary : Secondaries.knownIds(handle)) {
      ranges.giveRows(secondary, purged);
    }
    for (long id : purged) {
      miss(id);
    }
  }

  private void miss(long id) throws SQLException {
    queued.setLong(1, Codes.place(0, id));
    try (ResultSet rows = queued.executeQuery()) {
      while (rows.next()) {
        int secondary = rows.getInt(1);
        int state = rows.getInt(2);
        long seenScan = rows.getLong(3);
        long size = rows.getLong(4);
        if (Codes.blocks(state)) {
          miss.setInt(1, Codes.MISSED);
          miss.setLong(2, scan);
          miss.setLong(3, Codes.place(secondary, id));
          miss.executeUpdate();
          sums.remove(secondary, state, seenScan, 0, size);
          sums.add(secondary, Codes.MISSED, seenScan, scan, size);
        }
      }
    }
  }

  private void flush() throws SQLException {
    insert.executeBatch();
    unwritten.clear();
  }

  /// Queues all that was appended, held from the first moment or pending.
  private void enqueue() throws SQLException {
    QueueRows.insert(handle, secondaries, held, Codes.HELD);
    for (int secondary : secondaries) {
      ranges.add(secondary, pending);
    }
  }

  private static Optional<RecordedVersion> select(PreparedStatement statement, byte[] key)
      throws SQLException {
    statement.setBytes(1, key);
    return first(statement);
  }

  private static Optional<RecordedVersion> first(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(VersionRows.read(rows)) : Optional.empty();
    }
  }

  @Override
  public void close() throws SQLException {
    changes.close();
    forgetting.close();
    for (PreparedStatement statement :
        List.of(newest, newestAtPrimary, sameContent, atRank, byId, insert, purge, queued, miss)) {
      statement.close();
    }
  }

  /// What the transaction changes in the totals over the primary.
  private static final class Totals {
    private long contentObjects;
    private long contentBytes;
    private long currentObjects;
    private long currentBytes;
    private long deleteMarkers;
    private long purgedObjects;
    private long oldest = Long.MAX_VALUE;

    void appended(Instant lastModified) {
      oldest = Math.min(oldest, Codes.nanos(lastModified));
    }

    void purged(Entry entry) {
      purgedObjects += entry instanceof Entry.Content ? 1 : 0;
    }

    void add(Entry entry, int sign) {
      switch (entry) {
        case Entry.Content(_, long size, _) -> {
          contentObjects += sign;
          contentBytes += sign * size;
        }
        case Entry.DeleteMarker() -> deleteMarkers += sign;
      }
    }

    void replaceCurrent(Optional<RecordedVersion> before, Optional<RecordedVersion> after) {
      before.ifPresent(version -> addCurrent(version.entry(), -1));
      after.ifPresent(version -> addCurrent(version.entry(), 1));
    }

    private void addCurrent(Entry entry, int sign) {
      if (entry instanceof Entry.Content content) {
        currentObjects += sign;
        currentBytes += sign * content.size();
      }
    }

    void write(Handle handle) {
      handle.execute(
          """
          UPDATE catalog_state SET content_objects = content_objects + ?,
            content_bytes = content_bytes + ?, current_objects = current_objects + ?,
            current_bytes = current_bytes + ?, delete_markers = delete_markers + ?,
            purged_objects = purged_objects + ?,
            oldest_modified = LEAST(COALESCE(oldest_modified, ?), ?)\
          """,
          contentObjects,
          contentBytes,
          currentObjects,
          currentBytes,
          deleteMarkers,
          purgedObjects,
          oldest,
          oldest);
    }
  }
}
