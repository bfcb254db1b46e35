package org.vistadr.catalog;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;

/// What secondaries have of the catalog as segments, and the digest that two catalogs with the same
/// content share. Safe for use by many threads; exports take turns, and nothing else waits for
/// them.
public final class SegmentLog {

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

  /// So many notes of changes are kept for secondaries that cannot be reached; one that is further
  /// behind gets a new snapshot.
  private static final long NOTES_AT_MOST = 2_000_000;

  private final Store store;
  private final Secondaries secondaries;
  private final Generation generation;
  private final ReentrantLock exporting = new ReentrantLock();

  SegmentLog(Store store, Secondaries secondaries, Generation generation) {
    this.store = store;
    this.secondaries = secondaries;
    this.generation = generation;
  }

  /// Which catalog this is: the same in every segment, and kept by the one who adopts it.
  ///
  /// @param fresh taken when it has no name yet
  public String catalogId(String fresh) {
    return store.write(handle -> {
      handle.execute("UPDATE segment_state SET catalog_id = ? WHERE catalog_id = ''", fresh);
      return handle
          .select("SELECT catalog_id FROM segment_state")
          .map((row, _) -> row.getString(1))
          .one();
    });
  }

  /// The generation now.
  public long generation() {
    return store.read(Generation::inCatalog);
  }

  /// Whether a person decided at this start to go on with an older catalog than there was.
  public boolean olderIsAccepted() {
    return generation.olderIsAccepted();
  }

  /// Raises the generation above one that a secondary knows.
  public void raiseGenerationAbove(long other) {
    store.run(handle ->
        handle.execute("UPDATE catalog_state SET generation = GREATEST(generation, ?) + 1", other));
    generation.write();
  }

  /// The digest when the catalog was exported last.
  public Optional<Digest> digest() {
    return store.read(handle ->
        handle
            .select("SELECT digest, digest_at FROM segment_state WHERE digest IS NOT NULL")
            .map((row, _) ->
                new Digest(Sha256.ofBytes(row.getBytes(1)), Codes.instant(row.getLong(2))))
            .findOne());
  }

  /// How a secondary's chain stands; empty when it has none.
  public Optional<Chain> chain(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle -> chain(handle, id));
  }

  /// Whether something is to be told that the secondary's chain does not tell.
  public boolean hasNews(Chain chain) {
    return !chain.complete
        || !store.read(handle -> CatalogExport.now(handle, chain.through).equals(chain.through));
  }

  /// Begins a chain. What there was before is forgotten here and stays at the secondary.
  public void begin(SiteName secondary, String name) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      handle.execute("DELETE FROM segment_chain WHERE secondary_id = ?", id);
      handle.execute(
          """
          INSERT INTO segment_chain (secondary_id, chain, number, complete, versions_through,
            changes_through, scans_through, progress, snapshot_bytes, changes_bytes)
          VALUES (?, ?, 0, FALSE, 0, 0, 0, 0, 0, 0)\
          """,
          id,
          name);
    });
  }

  /// Says, before it is sent, which segment may be at the secondary from now on.
  public void intend(SiteName secondary, ObjectKey key, Sha256 sha256) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            "UPDATE segment_chain SET next_key = ?, next_sha256 = ? WHERE secondary_id = ?",
            key.value(),
            sha256.bytes(),
            id));
  }

  /// Records that the segment that was intended is at the secondary.
  ///
  /// @param bytes its size
  public void written(SiteName secondary, long number, long bytes) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE segment_chain SET number = ?, sha256 = next_sha256, next_key = NULL,
              next_sha256 = NULL,
              snapshot_bytes = snapshot_bytes + CASE WHEN complete THEN 0 ELSE ? END,
              changes_bytes = changes_bytes + CASE WHEN complete THEN ? ELSE 0 END
            WHERE secondary_id = ?\
            """,
            number,
            bytes,
            bytes,
            id));
  }

  /// Records that all segments of an export are at the secondary, and forgets notes that no
  /// secondary needs any more.
  public void finish(SiteName secondary, CatalogExport.Marks through, Instant stateAt) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      handle.execute(
          """
          UPDATE segment_chain SET complete = TRUE, versions_through = ?, changes_through = ?,
            scans_through = ?, progress = ?, checkpoint_changes = ?, hold_changes = ?,
            bucket_config_changes = ?, state_at = ?
          WHERE secondary_id = ?\
          """,
          through.versions(),
          through.changes(),
          through.scans(),
          through.progress(),
          through.checkpoints(),
          through.holds(),
          through.bucketConfigs(),
          Codes.nanos(stateAt),
          id);
      handle.execute(
          """
          UPDATE segment_chain SET complete = FALSE WHERE complete AND (changes_through < ?
            OR secondary_id IN (SELECT id FROM secondary WHERE NOT declared))\
          """,
          through.changes() - NOTES_AT_MOST);
      handle.execute(
          """
          DELETE FROM version_change WHERE seq <= (
            SELECT COALESCE(MIN(c.changes_through), 0) FROM segment_chain c
            JOIN secondary s ON s.id = c.secondary_id WHERE s.declared AND c.complete)\
          """);
    });
  }

  /// Records that nothing changed since the segments were written.
  public void stillTrue(SiteName secondary, Instant at) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            "UPDATE segment_chain SET state_at = ? WHERE secondary_id = ? AND complete",
            Codes.nanos(at),
            id));
  }

  /// Exports the catalog, or what changed in it since a chain was finished.
  ///
  /// @param since empty for everything
  /// @param work is given an export that is valid until it returns
  public <T> T export(Optional<Chain> since, Function<CatalogExport, T> work) {
    CatalogExport.Marks from = since.map(Chain::through).orElse(CatalogExport.Marks.NONE);
    exporting.lock();
    try {
      return store.snapshot(
          handle ->
              handle.execute(
                  """
                  UPDATE segment_state SET exported_through = GREATEST(exported_through,
                    (SELECT COALESCE(MAX(id), 0) FROM version))\
                  """),
          handle -> work.apply(new CatalogExport(handle, from)));
    } finally {
      exporting.unlock();
    }
  }

  /// Counts what was exported of versions into the digest. Within an export.
  public void fold(List<VersionDigest> digests) {
    store.run(handle -> {
      Map<Long, byte[]> before = before(handle, digests);
      BigInteger sum = sum(handle);
      Connection connection = handle.getConnection();
      try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO version_digest VALUES (?, ?)");
          PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE version_digest SET digest = ? WHERE version_id = ?")) {
        for (VersionDigest digest : digests) {
          byte[] now = digest.digest();
          byte[] old = before.put(digest.versionId, now);
          if (old == null) {
            insert.setLong(1, digest.versionId);
            insert.setBytes(2, now);
            insert.addBatch();
          } else if (!Arrays.equals(old, now)) {
            sum = sum.subtract(new BigInteger(1, old));
            update.setBytes(1, now);
            update.setLong(2, digest.versionId);
            update.addBatch();
          } else {
            continue;
          }
          sum = sum.add(new BigInteger(1, now));
        }
        insert.executeBatch();
        update.executeBatch();
      }
      handle.execute("UPDATE segment_state SET versions_sum = ?", bytes(sum.mod(MODULUS)));
    });
  }

  /// What is counted of these versions so far.
  private static Map<Long, byte[]> before(Handle handle, List<VersionDigest> digests)
      throws SQLException {
    Map<Long, byte[]> before = HashMap.newHashMap(digests.size());
    try (PreparedStatement find =
        handle
            .getConnection()
            .prepareStatement(
                "SELECT d.version_id, d.digest FROM"
                    + ByNumber.from("version_digest d", "d.version_id")
                    + "WHERE "
                    + ByNumber.found("d.version_id"))) {
      find.setArray(
          1,
          ByNumber.numbers(
              handle, digests.stream().map(VersionDigest::versionId).sorted().toList()));
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          before.put(row.getLong(1), row.getBytes(2));
        }
      }
    }
    return before;
  }

  /// Ends the digest of an export, in which every version was counted that changed since the last
  /// one, and keeps it.
  ///
  /// @param rest hash of all that is not of one version
  public Sha256 seal(Sha256 rest, Instant at) {
    return store.write(handle -> {
      Sha256 digest = seal(bytes(sum(handle)), rest);
      handle.execute(
          "UPDATE segment_state SET digest = ?, digest_at = ?", digest.bytes(), Codes.nanos(at));
      return digest;
    });
  }

  private static Sha256 seal(byte[] versionsSum, Sha256 rest) {
    MessageDigest all = Sha256.newDigest();
    all.update("vistadr catalog 1\n".getBytes(StandardCharsets.US_ASCII));
    all.update(versionsSum);
    all.update(rest.bytes());
    return Sha256.ofBytes(all.digest());
  }

  private static BigInteger sum(Handle handle) {
    return handle
        .select("SELECT versions_sum FROM segment_state")
        .map((row, _) -> new BigInteger(1, row.getBytes(1)))
        .one();
  }

  private static byte[] bytes(BigInteger sum) {
    byte[] number = sum.toByteArray();
    byte[] result = new byte[16];
    int length = Math.min(number.length, 16);
    System.arraycopy(number, number.length - length, result, 16 - length, length);
    return result;
  }

  private static Optional<Chain> chain(Handle handle, int secondary) {
    return handle
        .select(
            """
            SELECT chain, number, sha256, next_key, next_sha256, complete, versions_through,
              changes_through, scans_through, progress, state_at, snapshot_bytes, changes_bytes,
              checkpoint_changes, hold_changes, bucket_config_changes
            FROM segment_chain WHERE secondary_id = ?\
            """,
            secondary)
        .map((row, _) ->
            new Chain(
                row.getString(1),
                row.getLong(2),
                Optional.ofNullable(row.getBytes(3)).map(Sha256::ofBytes),
                Optional.ofNullable(row.getString(4)).map(ObjectKey::new),
                Optional.ofNullable(row.getBytes(5)).map(Sha256::ofBytes),
                row.getBoolean(6),
                new CatalogExport.Marks(
                    row.getLong(7),
                    row.getLong(8),
                    row.getLong(9),
                    row.getLong(10),
                    row.getLong(14),
                    row.getLong(15),
                    row.getLong(16)),
                Codes.optionalInstant(row, 11),
                row.getLong(12),
                row.getLong(13)))
        .findOne();
  }

  /// A version as it was exported.
  ///
  /// @param versionId catalog id
  /// @param high first half of 16 bytes of a hash
  /// @param low second half
  public record VersionDigest(long versionId, long high, long low) {
    private byte[] digest() {
      return java.nio.ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }
  }

  /// @param sha256 equal for catalogs with the same content
  /// @param at when the catalog had it
  public record Digest(Sha256 sha256, Instant at) {}

  /// The segments of one secondary that follow one another.
  ///
  /// @param name its folder
  /// @param number of its last segment, 0 for none
  /// @param sha256 of that one
  /// @param nextKey the segment after it that may be there without a record
  /// @param nextSha256 hash of that one
  /// @param complete whether the catalog can be rebuilt from it
  /// @param through how far it reaches
  /// @param stateAt the catalog of this moment can be rebuilt from it
  /// @param snapshotBytes size of the snapshot that it begins with
  /// @param changesBytes size of all that follows
  public record Chain(
      String name,
      long number,
      Optional<Sha256> sha256,
      Optional<ObjectKey> nextKey,
      Optional<Sha256> nextSha256,
      boolean complete,
      CatalogExport.Marks through,
      Optional<Instant> stateAt,
      long snapshotBytes,
      long changesBytes) {}
}
