package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Finding;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;

/// How far replicas were looked at again, in rounds over all of them. Listings are whole rounds;
/// the other depths go on in the order of recording. Thread-safe.
public final class ScrubLog {

  private final Store store;
  private final Secondaries secondaries;
  private final FindingLog findings;

  ScrubLog(Store store, Secondaries secondaries, FindingLog findings) {
    this.store = store;
    this.secondaries = secondaries;
    this.findings = findings;
  }

  /// Versions with content whose replicas are to be looked at next. None at the end of a round.
  ///
  /// @param now begins a round if none is under way
  public List<RecordedVersion> next(SiteName secondary, ScrubDepth depth, Instant now, int atMost) {
    int id = secondaries.id(secondary);
    return store.write(handle -> {
      if (handle.execute(
              "UPDATE scrub SET round_began = COALESCE(round_began, ?) WHERE secondary_id = ? AND depth = ?",
              Codes.nanos(now),
              id,
              code(depth))
          == 0) {
        handle.execute(
            """
            INSERT INTO scrub (secondary_id, depth, after_place, round_began, objects, bytes)
            VALUES (?, ?, 0, ?, 0, 0)\
            """,
            id,
            code(depth),
            Codes.nanos(now));
      }
      return handle
          .select(
              "SELECT "
                  + VersionRows.COLUMNS
                  + """
                   FROM replica r JOIN version v ON v.id = r.version_id
                  WHERE r.place > (SELECT after_place FROM scrub WHERE secondary_id = ? AND depth = ?)
                    AND r.secondary_id = ? AND v.kind = 0
                  ORDER BY r.place LIMIT ?\
                  """,
              id,
              code(depth),
              id,
              atMost)
          .map((row, _) -> VersionRows.read(row))
          .list();
    });
  }

  /// Records that replicas were looked at.
  ///
  /// @param through the last of them
  public void looked(SiteName secondary, ScrubDepth depth, long through, Tally tally) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE scrub SET after_place = ?, objects = objects + ?, bytes = bytes + ?,
              compared = compared + ?, not_comparable = not_comparable + ?
            WHERE secondary_id = ? AND depth = ?\
            """,
            Codes.place(id, through),
            tally.objects(),
            tally.bytes(),
            tally.compared(),
            tally.notComparable(),
            id,
            code(depth)));
  }

  /// Ends a round: every replica that was there when it began was looked at.
  public void endRound(SiteName secondary, ScrubDepth depth) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            """
            UPDATE scrub SET last_round_began = round_began, last_objects = objects,
              last_compared = compared, last_not_comparable = not_comparable,
              round_began = NULL, after_place = 0, objects = 0, bytes = 0, compared = 0,
              not_comparable = 0
            WHERE secondary_id = ? AND depth = ?\
            """,
            id,
            code(depth)));
  }

  /// Records a listing that was read to its proved end.
  ///
  /// @param began when its first page was asked for
  /// @param extra entries that no replica knows
  public void listed(SiteName secondary, Instant began, Tally tally, long extra) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      listing(handle, id);
      handle.execute(
          """
          UPDATE scrub SET last_round_began = ?, last_objects = ?, last_compared = ?,
            last_not_comparable = ?, last_extra = ?, trouble = ''
          WHERE secondary_id = ? AND depth = ?\
          """,
          Codes.nanos(began),
          tally.objects(),
          tally.compared(),
          tally.notComparable(),
          extra,
          id,
          code(ScrubDepth.LISTING));
    });
  }

  /// Records that the newest listing proves nothing. What the last whole one told stays.
  public void notListed(SiteName secondary, String why) {
    int id = secondaries.id(secondary);
    store.run(handle -> {
      listing(handle, id);
      handle.execute(
          "UPDATE scrub SET trouble = ? WHERE secondary_id = ? AND depth = ?",
          Codes.cut(why, 2000),
          id,
          code(ScrubDepth.LISTING));
    });
  }

  private static void listing(Handle handle, int secondary) {
    handle.execute(
        """
        INSERT INTO scrub (secondary_id, depth, after_place, objects, bytes)
        SELECT ?, ?, 0, 0, 0 WHERE NOT EXISTS (
          SELECT 1 FROM scrub WHERE secondary_id = ? AND depth = ?)\
        """,
        secondary,
        code(ScrubDepth.LISTING),
        secondary,
        code(ScrubDepth.LISTING));
  }

  /// How far it is.
  public Progress progress(SiteName secondary, ScrubDepth depth) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select(
                """
                SELECT objects, bytes, compared, not_comparable, round_began, last_round_began,
                  last_objects, last_compared, last_not_comparable, last_extra, trouble
                FROM scrub WHERE secondary_id = ? AND depth = ?\
                """,
                id,
                code(depth))
            .map((row, _) ->
                new Progress(
                    new Tally(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                    Codes.optionalInstant(row, 5),
                    Codes.optionalInstant(row, 6),
                    new Tally(row.getLong(7), 0, row.getLong(8), row.getLong(9)),
                    row.getLong(10),
                    row.getString(11)))
            .findOne()
            .orElse(
                new Progress(Tally.NONE, Optional.empty(), Optional.empty(), Tally.NONE, 0, "")));
  }

  /// Records what is wrong with a replica, see [FindingLog#found].
  public void found(
      SiteName secondary, long versionId, Finding.Kind kind, Instant at, String detail) {
    findings.found(secondary, versionId, kind, at, detail, Optional.empty());
  }

  /// Findings in a state that concern copies, oldest first.
  ///
  /// @param afterId for paging
  public List<Finding> list(Finding.State state, long afterId, int atMost) {
    return findings.list(state, FindingLog.Concern.COPIES, afterId, atMost);
  }

  /// Copies at a secondary that are not as they were written, and are neither repaired nor
  /// acknowledged.
  public long open(SiteName secondary) {
    return findings.open(secondary, FindingLog.Concern.COPIES);
  }

  private static int code(ScrubDepth depth) {
    return switch (depth) {
      // What was looked at with one request each before there were listings.
      case CHECKSUM -> 0;
      case READ_BACK -> 1;
      case LISTING -> 2;
    };
  }

  /// What was looked at.
  ///
  /// @param objects replicas
  /// @param bytes their bytes
  /// @param compared of them, those whose bytes something was said of that could be compared: a
  ///   checksum that the site computed, or at read-back the hash of what was read
  /// @param notComparable those of which nothing could be compared
  public record Tally(long objects, long bytes, long compared, long notComparable) {
    /// Nothing.
    public static final Tally NONE = new Tally(0, 0, 0, 0);

    /// Both.
    public Tally plus(Tally other) {
      return new Tally(
          objects + other.objects,
          bytes + other.bytes,
          compared + other.compared,
          notComparable + other.notComparable);
    }
  }

  /// @param round what was looked at in the round that is under way
  /// @param roundBegan when it began; empty between two rounds
  /// @param lastRoundBegan when the last round began that came to its end: everything was looked at
  ///   since then
  /// @param lastRound what was looked at in that one; without its bytes
  /// @param lastExtra entries of that listing that no replica knew
  /// @param trouble why a newer listing proves nothing; empty when there is none
  public record Progress(
      Tally round,
      Optional<Instant> roundBegan,
      Optional<Instant> lastRoundBegan,
      Tally lastRound,
      long lastExtra,
      String trouble) {}
}
