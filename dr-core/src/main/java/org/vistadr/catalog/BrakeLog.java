package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BrakeState;
import org.vistadr.model.BucketProof;

/// What the brake saw and decided. A deletion is held from the moment in which it is recorded until
/// the scan that it counts to was judged a day's work, or a person decided; so it cannot reach a
/// secondary before the judgement, whatever crashes or runs beside the scan.
///
/// Times are in the daemon's clock. Thread-safe.
public final class BrakeLog {

  private static final String NOBODY = "scan";

  private final Store store;

  BrakeLog(Store store) {
    this.store = store;
  }

  /// How it stands.
  public BrakeState state() {
    return store.read(handle -> state(handle));
  }

  /// Takes all that the catalog knows for judged: it is another catalog's past, which that one
  /// judged. Deletions that were held stay held.
  void acceptPast() {
    store.run(handle ->
        handle.execute(
            """
            UPDATE brake SET deleted = 0, overwritten = 0, grown = 0,
              cleared_through = (SELECT COALESCE(MAX(number), 0) FROM scan),
              judged_through = (SELECT COALESCE(MAX(number), 0) FROM scan),
              objects_before = (SELECT current_objects FROM catalog_state)\
            """));
  }

  /// What was found since the last judgement, together with what was judged since a moment.
  public Found found(Instant since) {
    return store.read(handle ->
        handle
            .select(
                """
                SELECT b.deleted, b.overwritten, b.grown,
                  GREATEST(b.objects_before, COALESCE(MAX(j.objects_before), 0)),
                  b.deleted + COALESCE(SUM(j.deleted), 0),
                  b.overwritten + COALESCE(SUM(j.overwritten), 0),
                  b.grown + COALESCE(SUM(j.grown), 0)
                FROM brake b LEFT JOIN brake_judgement j ON j.judged_at >= ?
                GROUP BY b.one, b.deleted, b.overwritten, b.grown, b.objects_before\
                """,
                Codes.nanos(since))
            .map((row, _) ->
                new Found(
                    row.getLong(4),
                    new Changes(row.getLong(5), row.getLong(6), row.getLong(7)),
                    new Changes(row.getLong(1), row.getLong(2), row.getLong(3))))
            .one());
  }

  /// Records the judgement of a complete scan: without reasons, and while the brake is off, its
  /// deletions may go on; with reasons the brake is engaged.
  ///
  /// @param found what was judged
  /// @param forgetBefore judgements before this moment no longer count
  public void judge(Judgement judgement, Found found, Instant forgetBefore) {
    store.run(handle -> {
      boolean engaged = state(handle).engaged();
      boolean innocent = judgement.reasons().isEmpty() && !engaged;
      handle.execute(
          """
          UPDATE brake SET judged_through = ?,
            cleared_through = CASE WHEN CAST(? AS BOOLEAN) THEN CAST(? AS BIGINT) ELSE cleared_through END,
            proof = ?, deleted = deleted - ?, overwritten = overwritten - ?, grown = grown - ?,
            objects_before = (SELECT current_objects FROM catalog_state)\
          """,
          judgement.scan(),
          innocent,
          judgement.scan(),
          Codes.code(judgement.proof()),
          found.since().deleted(),
          found.since().overwritten(),
          found.since().grown());
      handle.execute("DELETE FROM brake_judgement WHERE judged_at < ?", Codes.nanos(forgetBefore));
      if (innocent) {
        handle.execute(
            "INSERT INTO brake_judgement VALUES (?, ?, ?, ?, ?, ?)",
            judgement.scan(),
            Codes.nanos(judgement.at()),
            found.objectsBefore(),
            found.since().deleted(),
            found.since().overwritten(),
            found.since().grown());
      }
      engage(handle, judgement.at(), judgement.reasons());
    });
  }

  /// Engages the brake for what was seen before a scan could begin.
  public void engage(Instant at, BucketProof proof, List<BrakeReason> reasons) {
    store.run(handle -> {
      handle.execute("UPDATE brake SET proof = ?", Codes.code(proof));
      engage(handle, at, reasons);
    });
  }

  /// Engages the brake for what copies showed of a scan that was judged a day's work: deletions
  /// that count to it or to later ones do not go on any more.
  ///
  /// @param firstScan the first scan that anything of it counts to
  public void engage(Instant at, List<BrakeReason> reasons, long firstScan) {
    store.run(handle -> {
      handle.execute("UPDATE brake SET cleared_through = LEAST(cleared_through, ?)", firstScan - 1);
      engage(handle, at, reasons);
    });
  }

  /// Takes the brake off: what was judged so far may go on, and counts no longer.
  ///
  /// @param event who did it, and why
  public void disengage(AuditEvent event) {
    store.run(handle -> {
      AuditLog.add(handle, event);
      // A bucket that was not recognised, and that a person accepts, is marked anew.
      handle.execute(
          """
          UPDATE brake SET bucket_mark = NULL WHERE EXISTS (
            SELECT 1 FROM brake_reason WHERE suspicion IN ('OTHER_BUCKET', 'EMPTIED'))\
          """);
      handle.execute("UPDATE brake SET engaged_at = NULL, cleared_through = judged_through");
      handle.execute("DELETE FROM brake_reason");
      handle.execute("DELETE FROM brake_judgement");
      OverwriteLog.accept(handle);
    });
  }

  /// Remembers what the primary's bucket is known by.
  public void mark(String mark) {
    store.run(handle -> handle.execute("UPDATE brake SET bucket_mark = ?", mark));
  }

  /// In the transaction of what it is engaged for.
  static void engage(Handle handle, Instant at, List<BrakeReason> reasons) {
    if (reasons.isEmpty()) {
      return;
    }
    boolean more = false;
    for (BrakeReason reason : reasons) {
      int known =
          handle.execute(
              "UPDATE brake_reason SET detail = ? WHERE suspicion = ?",
              reason.detail(),
              reason.suspicion().name());
      if (known == 0) {
        handle.execute(
            "INSERT INTO brake_reason VALUES (?, ?)", reason.suspicion().name(), reason.detail());
        more = true;
      }
    }
    handle.execute("UPDATE brake SET engaged_at = ? WHERE engaged_at IS NULL", Codes.nanos(at));
    if (more) {
      AuditLog.add(
          handle,
          AuditEvent.of(
              at,
              NOBODY,
              "brake-engaged",
              "",
              reasons.stream().map(BrakeReason::detail).collect(Collectors.joining("; ")),
              "deletions are held, nothing is pruned, content is copied"));
    }
  }

  private static BrakeState state(Handle handle) {
    List<BrakeReason> reasons =
        handle
            .select("SELECT suspicion, detail FROM brake_reason ORDER BY suspicion")
            .map((row, _) -> new BrakeReason(Codes.suspicion(row.getString(1)), row.getString(2)))
            .list();
    return handle
        .select("SELECT engaged_at, cleared_through, judged_through, bucket_mark, proof FROM brake")
        .map((row, _) ->
            new BrakeState(
                Codes.optionalInstant(row, 1),
                reasons,
                row.getLong(2),
                row.getLong(3),
                Optional.ofNullable(row.getString(4)),
                Codes.bucketProof(row.getInt(5))))
        .one();
  }

  /// @param deleted keys that lost their content
  /// @param overwritten keys whose content was replaced
  /// @param grown those of them that grew a little
  public record Changes(long deleted, long overwritten, long grown) {}

  /// @param objectsBefore keys with content when the window began
  /// @param window changes of the whole window
  /// @param since changes since the last judgement alone
  public record Found(long objectsBefore, Changes window, Changes since) {}

  /// @param scan that was judged
  /// @param at when
  /// @param proof what is known of the bucket
  /// @param reasons why the brake is to be engaged; none for a day's work
  public record Judgement(long scan, Instant at, BucketProof proof, List<BrakeReason> reasons) {}
}
