package org.vistadr.catalog;

import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Finding;
import org.vistadr.model.Finding.Bytes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// What looking at replicas found, and what became of it. Thread-safe.
public final class FindingLog {

  private static final int LONGEST = 2000;

  private final Store store;
  private final Secondaries secondaries;

  FindingLog(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
  }

  /// What findings are about.
  public enum Concern {
    /// Copies that are not as they were written.
    COPIES,
    /// What is there beside the copies.
    EXTRA,
    /// Both.
    ALL
  }

  /// Where a finding is at the secondary, and what is there.
  ///
  /// @param location key at the secondary
  /// @param remoteVersion version there, where it has one
  /// @param bytes what was found; empty where nothing is
  public record Place(
      ObjectKey location, Optional<VersionId> remoteVersion, Optional<Bytes> bytes) {}

  /// Records what is wrong with a replica. Found again it is the same finding: it is open again if
  /// it was being repaired, stays acknowledged if it was that, and keeps the name of the version
  /// whose bytes are there as long as the same ones are.
  public void found(
      SiteName secondary,
      long versionId,
      Finding.Kind kind,
      Instant at,
      String detail,
      Optional<Place> place) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      Optional<Row> before = same(handle, id, versionId);
      Optional<Bytes> bytes = place.flatMap(Place::bytes);
      if (before.isEmpty()) {
        insert(handle, id, versionId, kind, Finding.State.OPEN, at, detail, place);
        return;
      }
      Finding known = before.get().finding();
      if (known.state() == Finding.State.ACKNOWLEDGED) {
        return;
      }
      boolean named = known.kind() == Finding.Kind.SWAPPED && before.get().bytes().equals(bytes);
      if (named) {
        handle.execute("UPDATE finding SET state = 0 WHERE id = ?", known.id());
        return;
      }
      handle.execute(
          """
          UPDATE finding SET kind = ?, state = 0, detail = ?, found_etag = ?, found_size = ?,
            found_sha256 = ?, compared = FALSE WHERE id = ?\
          """,
          FindingRows.code(kind),
          Codes.cut(detail, LONGEST),
          bytes.map(Bytes::etag).orElse(null),
          bytes.map(Bytes::size).orElse(null),
          bytes.flatMap(Bytes::sha256).map(Sha256::bytes).orElse(null),
          known.id());
    });
  }

  private static Optional<Row> same(Handle handle, int secondary, long versionId) {
    return handle
        .select(
            FindingRows.COLUMNS
                + """
                WHERE f.version_id = ? AND f.secondary_id = ? AND f.state IN (0, 1, 3)
                ORDER BY f.id DESC LIMIT 1\
                """,
            versionId,
            secondary)
        .map((row, _) -> FindingRows.read(row))
        .findOne();
  }

  private static void insert(
      Handle handle,
      int secondary,
      long versionId,
      Finding.Kind kind,
      Finding.State state,
      Instant at,
      String detail,
      Optional<Place> place) {
    Optional<Bytes> bytes = place.flatMap(Place::bytes);
    handle.execute(
        """
        INSERT INTO finding (id, secondary_id, version_id, kind, state, found_at, detail, location,
          remote_version, found_etag, found_size, found_sha256)
        SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM finding\
        """,
        secondary,
        versionId,
        FindingRows.code(kind),
        FindingRows.code(state),
        Codes.nanos(at),
        Codes.cut(detail, LONGEST),
        place.map(there -> there.location().utf8()).orElse(null),
        place.flatMap(Place::remoteVersion).map(VersionId::value).orElse(null),
        bytes.map(Bytes::etag).orElse(null),
        bytes.map(Bytes::size).orElse(null),
        bytes.flatMap(Bytes::sha256).map(Sha256::bytes).orElse(null));
  }

  /// Notes that something extra is still there, if it is a finding that is open or acknowledged.
  ///
  /// @param listing beginning of the listing that shows it
  /// @return whether it is one
  public boolean stillThere(SiteName secondary, Place place, Instant listing) {
    int id = secondaries.id(secondary);
    Optional<Row> known =
        store
            .rows(
                FindingRows.COLUMNS
                    + """
                    WHERE f.secondary_id = ? AND f.location = ? AND f.kind = 5 AND f.state IN (0, 3)
                    """,
                FindingRows::read,
                id,
                place.location().utf8())
            .stream()
            .filter(row -> row.finding().remoteVersion().equals(place.remoteVersion()))
            .filter(row -> row.bytes().map(Bytes::etag).equals(place.bytes().map(Bytes::etag)))
            .findFirst();
    known.ifPresent(row ->
        store.run(handle ->
            handle.execute(
                "UPDATE finding SET seen_at = ? WHERE id = ?",
                Codes.nanos(listing),
                row.finding().id())));
    return known.isPresent();
  }

  /// Records something extra. What a repair left behind is acknowledged from the beginning.
  ///
  /// @param listing beginning of the listing that shows it
  public void foundExtra(SiteName secondary, Place place, Instant listing, String detail) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      Optional<Long> repaired =
          handle
              .select(
                  """
                  SELECT id FROM finding WHERE secondary_id = ? AND location = ?
                    AND remote_version = ? AND state IN (1, 2) AND kind <> 5 LIMIT 1\
                  """,
                  id,
                  place.location().utf8(),
                  place.remoteVersion().map(VersionId::value).orElse(null))
              .map((row, _) -> row.getLong(1))
              .findOne();
      insert(
          handle,
          id,
          0,
          Finding.Kind.EXTRA,
          repaired.isPresent() ? Finding.State.ACKNOWLEDGED : Finding.State.OPEN,
          listing,
          detail,
          Optional.of(place));
      handle.execute(
          """
          UPDATE finding SET seen_at = ?, settled_at = ?, reason = ?
          WHERE id = (SELECT MAX(id) FROM finding)\
          """,
          Codes.nanos(listing),
          repaired.map(_ -> Codes.nanos(listing)).orElse(null),
          repaired.map("left behind when finding %d was repaired"::formatted).orElse(null));
    });
  }

  /// Extra ones, open or acknowledged, that a whole listing did not show.
  ///
  /// @param listing its beginning
  public List<Row> notSeen(SiteName secondary, Instant listing, long afterId, int atMost) {
    return select(
        """
        WHERE f.secondary_id = ? AND f.kind = 5 AND f.state IN (0, 3) AND f.seen_at < ?
          AND f.id > ? ORDER BY f.id LIMIT ?\
        """,
        secondaries.id(secondary),
        Codes.nanos(listing),
        afterId,
        atMost);
  }

  /// Open findings at a secondary whose bytes were not compared with those of all versions yet.
  public List<Row> notCompared(SiteName secondary, int atMost) {
    return select(
        """
        WHERE f.secondary_id = ? AND f.state = 0 AND f.compared = FALSE AND f.found_size > 0
        ORDER BY f.id LIMIT ?\
        """,
        secondaries.id(secondary),
        atMost);
  }

  /// Versions whose replica at the secondary, or whose bytes, could be what findings found there:
  /// they have the size of one. Reads all versions once.
  public void candidates(SiteName secondary, List<Row> findings, Consumer consumer) {
    List<Long> sizes =
        findings.stream().flatMap(row -> row.bytes().stream()).map(Bytes::size).distinct().toList();
    if (sizes.isEmpty()) {
      return;
    }
    String sql =
        """
        SELECT v.id, v.object_key, v.last_modified, v.size, c.sha256, r.etag
        FROM version v LEFT JOIN replica r ON r.place = v.id * 256 + ?
        LEFT JOIN version_content c ON c.version_id = v.id
        WHERE v.kind = 0 AND v.size IN (%s)\
        """
            .formatted(String.join(",", sizes.stream().map(String::valueOf).toList()));
    store.read(handle -> {
      try (var select = handle.getConnection().prepareStatement(sql)) {
        select.setInt(1, secondaries.id(secondary));
        select.setFetchSize(1000);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            consumer.take(
                new Candidate(
                    row.getLong(1),
                    ObjectKey.ofUtf8(row.getBytes(2)),
                    Codes.instant(row.getLong(3)),
                    new Bytes(
                        java.util.Objects.requireNonNullElse(row.getString(6), ""),
                        row.getLong(4),
                        Optional.ofNullable(row.getBytes(5)).map(Sha256::ofBytes))));
          }
        }
      }
      return Boolean.TRUE;
    });
  }

  /// Records what comparing a finding's bytes with those of all versions told.
  public void compared(long id, Finding.Kind kind, String detail) {
    store.run(handle ->
        handle.execute(
            "UPDATE finding SET kind = ?, detail = ?, compared = TRUE WHERE id = ?",
            FindingRows.code(kind),
            Codes.cut(detail, LONGEST),
            id));
  }

  /// Findings in a state, oldest first.
  ///
  /// @param afterId for paging
  public List<Finding> list(Finding.State state, Concern concern, long afterId, int atMost) {
    return select(
            "WHERE f.state = ? AND %s AND f.id > ? ORDER BY f.id LIMIT ?".formatted(about(concern)),
            FindingRows.code(state),
            afterId,
            atMost)
        .stream()
        .map(Row::finding)
        .toList();
  }

  /// One finding.
  public Optional<Finding> find(long id) {
    return select("WHERE f.id = ?", id).stream().map(Row::finding).findFirst();
  }

  /// The finding for which a replica is copied again.
  public Optional<Finding> beingRepaired(SiteName secondary, long versionId) {
    return select(
            "WHERE f.version_id = ? AND f.secondary_id = ? AND f.state = 1",
            versionId,
            secondaries.id(secondary))
        .stream()
        .map(Row::finding)
        .findFirst();
  }

  /// Whether a replica is open as a finding.
  public boolean isOpen(SiteName secondary, long versionId) {
    return !select(
            "WHERE f.version_id = ? AND f.secondary_id = ? AND f.state IN (0, 1, 3)",
            versionId,
            secondaries.id(secondary))
        .isEmpty();
  }

  /// Findings at a secondary that are neither repaired nor acknowledged nor gone.
  public long open(SiteName secondary, Concern concern) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select(
                "SELECT COUNT(*) FROM finding f WHERE f.state IN (0, 1) AND f.secondary_id = ? AND "
                    + about(concern),
                id)
            .map((row, _) -> row.getLong(1))
            .one());
  }

  /// Moves a finding on.
  public void move(long id, Finding.State to, Optional<Instant> settledAt) {
    store.run(handle ->
        handle.execute(
            "UPDATE finding SET state = ?, settled_at = ? WHERE id = ?",
            FindingRows.code(to),
            settledAt.map(Codes::nanos).orElse(null),
            id));
  }

  /// A person decided that it may stay as it is.
  public void acknowledge(long id, String reason, Instant at) {
    store.run(handle ->
        handle.execute(
            "UPDATE finding SET state = 3, settled_at = ?, reason = ? WHERE id = ?",
            Codes.nanos(at),
            Codes.cut(reason, LONGEST),
            id));
  }

  /// A repair came to nothing.
  public void reopen(long id, String detail) {
    store.run(handle ->
        handle.execute(
            "UPDATE finding SET state = 0, source = NULL, detail = ? WHERE id = ?",
            Codes.cut(detail, LONGEST),
            id));
  }

  /// Notes from where a replica that is being repaired was copied.
  public void copiedFrom(SiteName secondary, long versionId, SiteName source) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE finding SET source = ?
            WHERE version_id = ? AND secondary_id = ? AND state = 1\
            """,
            source.value(),
            versionId,
            id));
  }

  private static String about(Concern concern) {
    return switch (concern) {
      case COPIES -> "f.kind <> 5";
      case EXTRA -> "f.kind = 5";
      case ALL -> "TRUE";
    };
  }

  private List<Row> select(String where, Object... arguments) {
    return store.read(handle -> {
      List<Row> rows = new ArrayList<>();
      handle
          .select(FindingRows.COLUMNS + where, arguments)
          .map((row, _) -> FindingRows.read(row))
          .forEach(rows::add);
      return rows;
    });
  }

  /// A finding with what was found.
  ///
  /// @param bytes empty where nothing was, and for delete markers
  public record Row(Finding finding, Optional<Bytes> bytes) {}

  /// A version that could be what was found.
  ///
  /// @param versionId its catalog id
  /// @param time of the version at the primary
  /// @param bytes with the entity tag of its replica at the secondary; empty where it has none
  public record Candidate(long versionId, ObjectKey key, Instant time, Bytes bytes) {}

  /// Takes candidates, one after the other.
  @FunctionalInterface
  public interface Consumer {
    /// Takes one.
    void take(Candidate candidate);
  }
}
