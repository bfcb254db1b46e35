package org.vistadr.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.ContentLook;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;

/// Histories of keys. Append-only: entries are added and annotated, never removed.
public final class VersionLog {

  /// The rank of a key's first entry; later entries get [#RANK_STEP] more, so that one that proves
  /// to be older can be put between.
  public static final long FIRST_RANK = 1L << 32;

  /// Distance of ranks.
  public static final long RANK_STEP = 1L << 16;

  /// Rows of a page of a cursor.
  private static final int ROWS_PER_PAGE = 2_000;

  /// Keys looked at for each part of [#splitKeys]: parts come out equal within about a tenth.
  private static final int SAMPLES_PER_PART = 256;

  /// Stands for the look of bytes that did not pass: what is known of them stays.
  private static final short NOT_SEEN = -1;

  private static final String SELECT = "SELECT " + VersionRows.COLUMNS + " FROM version v ";

  private final Store store;
  private final RangeDigests digests;

  VersionLog(Store store, RangeDigests digests) {
    this.store = store;
    this.digests = digests;
  }

  /// Histories of the keys of a range in UTF-8 order, entries of a key newest first. Constant
  /// memory.
  public HistoryCursor histories(KeyRange range) {
    return histories(range, HistoryPages.FIRST_PAGE);
  }

  /// The same for a reader that may want no more than the first few.
  ///
  /// @param firstRows entries that are read first
  public HistoryCursor histories(KeyRange range, int firstRows) {
    return histories(
        firstRows,
        range.after().map(HistoryPages::after).orElse(new byte[0]),
        range.upTo().map(HistoryPages::after));
  }

  /// Histories of the keys that start with a prefix, above `after` when given.
  public HistoryCursor histories(String prefix, Optional<ObjectKey> after) {
    byte[] first = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] from =
        after
            .map(HistoryPages::after)
            .filter(bound -> Arrays.compareUnsigned(bound, first) > 0)
            .orElse(first);
    return histories(HistoryPages.FIRST_PAGE, from, end(first));
  }

  /// One key's history; empty when the key was never seen.
  public KeyHistory history(ObjectKey key) {
    List<RecordedVersion> newestFirst =
        store.rows(
            SELECT + "WHERE v.object_key = ? ORDER BY v.object_key, v.key_rank DESC",
            VersionRows::read,
            key.utf8());
    return new KeyHistory(key, newestFirst);
  }

  /// Whether the catalog ever saw a key that starts with a prefix.
  public boolean hasKeyBelow(String prefix) {
    byte[] first = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] end = end(first).orElseThrow(() -> new IllegalArgumentException("a prefix is needed"));
    return !store
        .rows(
            "SELECT id FROM version WHERE object_key >= ? AND object_key < ? ORDER BY object_key"
                + " LIMIT 1",
            row -> row.getLong(1),
            first,
            end)
        .isEmpty();
  }

  /// One entry.
  public Optional<RecordedVersion> find(long id) {
    return store.rows(SELECT + "WHERE v.id = ?", VersionRows::read, id).stream().findFirst();
  }

  /// Entries by their numbers; those that are not there are left out.
  public Map<Long, RecordedVersion> findAll(Collection<Long> ids) {
    return store
        .rows(
            "SELECT "
                + VersionRows.COLUMNS
                + " FROM"
                + ByNumber.from("version v", "v.id")
                + "WHERE "
                + ByNumber.found("v.id"),
            VersionRows::read,
            (Object) ids.stream().mapToLong(Long::longValue).sorted().toArray())
        .stream()
        .collect(Collectors.toMap(RecordedVersion::id, Function.identity()));
  }

  /// Records what a look at the primary found, in one transaction: entries are appended with the
  /// scan's number and every known secondary gets them into its queue; purged entries are marked,
  /// and where they were still pending or given up in a queue that row becomes
  /// [org.vistadr.model.ReplicaState#MISSED].
  ///
  /// Idempotent: appending an entry whose rank is taken by the same entry of the key, or purging a
  /// purged entry, changes nothing.
  ///
  /// A deletion at the end of a known key's history is appended as held while the brake is engaged,
  /// and also before that until the scan that it counts to was judged; see [BrakeLog].
  ///
  /// @param scan the scan's number, see [ScanLog#begin]
  /// @param visibleAfter start of the last complete scan before; goes into each appended entry
  /// @param freeDeletions so many deletions since the last judgement go on without waiting for the
  ///   next one, while the brake is off
  public void record(
      long scan, Optional<Instant> visibleAfter, List<KeyChange> changes, long freeDeletions) {
    if (changes.stream().allMatch(KeyChange::isEmpty)) {
      return;
    }
    store.run(handle -> {
      try (VersionWriter writer =
          new VersionWriter(handle, scan, visibleAfter, freeDeletions, digests)) {
        writer.record(changes);
      }
    });
  }

  /// Records what a running scan found, as [#record] does, and keeps the ranges that are equal to
  /// its listing with that, see [RangeDigests].
  ///
  /// @param equal ranges of which the scan listed all keys and of which all changes are recorded
  ///   with this call or were before
  public void recordListed(
      long scan,
      Optional<Instant> visibleAfter,
      List<KeyChange> changes,
      long freeDeletions,
      List<RangeDigest> equal) {
    store.run(handle -> {
      try (VersionWriter writer =
          new VersionWriter(handle, scan, visibleAfter, freeDeletions, digests)) {
        writer.record(changes, equal);
      }
    });
  }

  /// Adds what reading the bytes taught: hash and attributes of entries.
  public void annotate(Map<Long, Annotation> annotations) {
    if (annotations.isEmpty()) {
      return;
    }
    store.run(handle -> {
      try (ChangeNotes changes = new ChangeNotes(handle)) {
        annotate(handle, annotations, changes);
        changes.write();
      }
    });
  }

  /// What is known already costs a look only: each secondary after the first teaches nothing new.
  ///
  /// @param changes of the transaction, written by the caller
  static void annotate(Handle handle, Map<Long, Annotation> annotations, ChangeNotes changes)
      throws SQLException {
    if (annotations.isEmpty()) {
      return;
    }
    List<Long> ids = new ArrayList<>();
    List<byte[]> hashes = new ArrayList<>();
    List<Short> looks = new ArrayList<>();
    List<String> attributes = new ArrayList<>();
    Connection connection = handle.getConnection();
    try (PreparedStatement merge =
        connection.prepareStatement(
            """
            MERGE INTO version_content c USING (
              SELECT * FROM UNNEST(?, ?, ?, ?) AS n (id, sha256, look, attributes)) AS n
            ON c.version_id = n.id
            WHEN MATCHED AND (c.sha256 IS DISTINCT FROM n.sha256
              OR c.attributes IS DISTINCT FROM n.attributes
              OR (n.look >= 0 AND c.look IS DISTINCT FROM n.look))
            THEN UPDATE SET sha256 = n.sha256, attributes = n.attributes,
              look = CASE WHEN n.look < 0 THEN c.look ELSE n.look END
            WHEN NOT MATCHED THEN INSERT (version_id, sha256, look, attributes)
              VALUES (n.id, n.sha256, CASE WHEN n.look < 0 THEN NULL ELSE n.look END, n.attributes)\
            """)) {
      for (var annotation : new TreeMap<>(annotations).entrySet()) {
        ids.add(annotation.getKey());
        hashes.add(annotation.getValue().sha256().bytes());
        looks.add(annotation.getValue().look().map(ContentLook::code).orElse(NOT_SEEN));
        attributes.add(AttributesJson.write(annotation.getValue().attributes()));
        changes.note(annotation.getKey());
      }
      merge.setArray(1, ByNumber.numbers(handle, ids));
      merge.setArray(2, connection.createArrayOf("VARBINARY", hashes.toArray()));
      merge.setArray(3, connection.createArrayOf("SMALLINT", looks.toArray()));
      merge.setArray(4, connection.createArrayOf("VARCHAR", attributes.toArray()));
      merge.executeUpdate();
    }
  }

  /// Attributes of an entry, empty when its bytes were never read.
  public Optional<ObjectAttributes> attributes(long id) {
    return store
        .rows(
            """
            SELECT attributes FROM version_content WHERE version_id = ? AND attributes IS NOT NULL\
            """,
            row -> AttributesJson.read(row.getString(1)),
            id)
        .stream()
        .findFirst();
  }

  /// Keys that cut the recorded keys into about equal parts; fewer, or none, when there are few
  /// keys. Ascending.
  public List<ObjectKey> splitKeys(int parts) {
    if (parts < 2) {
      return List.of();
    }
    List<ObjectKey> keys = sample(parts * SAMPLES_PER_PART);
    if (keys.size() < 2 * parts) {
      return List.of();
    }
    List<ObjectKey> cuts = new ArrayList<>();
    for (int part = 1; part < parts; part++) {
      cuts.add(keys.get((int) ((long) part * keys.size() / parts)));
    }
    return cuts;
  }

  /// Totals over all current entries at the primary: objects and bytes that are current, noncurrent
  /// content, delete markers.
  public Totals totals() {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT current_objects, current_bytes, content_objects - current_objects,
                  content_bytes - current_bytes, delete_markers FROM catalog_state\
                """)
            .map((row, _) ->
                new Totals(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
            .one());
  }

  private HistoryCursor histories(int firstRows, byte[] from, Optional<byte[]> below) {
    return new HistoryPages(store, firstRows, ROWS_PER_PAGE, from, below);
  }

  /// The first bytes after all keys that start with a prefix. The last byte of UTF-8 is never the
  /// highest one, so adding one to it is enough.
  static Optional<byte[]> end(byte[] prefix) {
    if (prefix.length == 0) {
      return Optional.empty();
    }
    byte[] end = prefix.clone();
    end[end.length - 1]++;
    return Optional.of(end);
  }

  /// Distinct keys of versions drawn by chance, ascending; of all versions when there are not more.
  /// Ids are dense, so a draw costs one look-up by id whatever the size of the catalog. The draws
  /// are the same at each call for the same newest id.
  private List<ObjectKey> sample(int draws) {
    return store.read(handle -> {
      long newest = Secondaries.newestVersion(handle);
      SplittableRandom random = new SplittableRandom(newest);
      TreeSet<ObjectKey> keys = new TreeSet<>();
      try (PreparedStatement key =
          handle.getConnection().prepareStatement("SELECT object_key FROM version WHERE id = ?")) {
        long count = Math.min(newest, draws);
        for (long i = 1; i <= count; i++) {
          key.setLong(1, newest <= draws ? i : random.nextLong(newest) + 1);
          try (ResultSet row = key.executeQuery()) {
            if (row.next()) {
              keys.add(ObjectKey.ofUtf8(row.getBytes(1)));
            }
          }
        }
      }
      return List.copyOf(keys);
    });
  }

  /// @param sha256 hash of the entry's bytes
  /// @param attributes attributes as the primary had them
  /// @param look what its first bytes look like; empty where they did not pass
  public record Annotation(Sha256 sha256, ObjectAttributes attributes, Optional<ContentLook> look) {
    /// Of bytes that did not pass.
    public Annotation(Sha256 sha256, ObjectAttributes attributes) {
      this(sha256, attributes, Optional.empty());
    }
  }

  /// Sizes of the primary as the catalog knows it.
  public record Totals(
      long currentObjects,
      long currentBytes,
      long noncurrentObjects,
      long noncurrentBytes,
      long deleteMarkers) {}
}
