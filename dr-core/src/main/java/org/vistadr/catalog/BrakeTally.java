package org.vistadr.catalog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Entry;
import org.vistadr.model.RecordedVersion;

/// Counts, in the transaction that records them, what became of keys since the last judgement, and
/// says whether deletions are to be held. Of one transaction.
final class BrakeTally {

  /// Content that grew by more than this was not encrypted but changed.
  private static final long HEADER = 4096;

  private final boolean holds;
  private long deleted;
  private long overwritten;
  private long grown;
  private final List<OverwriteLog.Pair> pairs = new ArrayList<>();

  private BrakeTally(boolean holds) {
    this.holds = holds;
  }

  /// @param scan that the findings count to
  /// @param freeDeletions see [VersionLog#record]
  static BrakeTally read(Handle handle, long scan, long freeDeletions) {
    return handle
        .select("SELECT engaged_at IS NOT NULL, cleared_through, deleted FROM brake")
        .map((row, _) ->
            new BrakeTally(
                scan > row.getLong(2) && (row.getBoolean(1) || row.getLong(3) >= freeDeletions)))
        .one();
  }

  /// While the brake is engaged, the last scan whose deletions may go on; else no limit.
  static long clearedWhileEngaged(Handle handle) {
    return handle
        .select("SELECT cleared_through FROM brake WHERE engaged_at IS NOT NULL")
        .map((row, _) -> row.getLong(1))
        .findOne()
        .orElse(Long.MAX_VALUE);
  }

  /// Whether deletions are held.
  boolean holds() {
    return holds;
  }

  /// Counts what became of a key's current state. Content that the key had before, as a restore
  /// brings it back, replaces nothing that is missed.
  ///
  /// @param known whether an older entry of the key has the entity tag of its state now
  void changed(Optional<RecordedVersion> before, Optional<RecordedVersion> after, Known known)
      throws SQLException {
    if (before.isEmpty()
        || !(before.get().entry() instanceof Entry.Content(String etag, long size, _))) {
      return;
    }
    if (after.isEmpty() || !(after.get().entry() instanceof Entry.Content now)) {
      deleted++;
    } else if (after.get().id() != before.get().id()
        && !now.etag().equals(etag)
        && !known.before(after.get(), now.etag())) {
      overwritten++;
      pairs.add(new OverwriteLog.Pair(after.get().id(), before.get().id()));
      long growth = now.size() - size;
      grown += growth > 0 && growth <= HEADER ? 1 : 0;
    }
  }

  /// Looks into a key's history.
  interface Known {
    /// Whether an entry older than this one has an entity tag.
    boolean before(RecordedVersion version, String etag) throws SQLException;
  }

  void write(Handle handle) throws SQLException {
    OverwriteLog.add(handle, pairs);
    if (deleted + overwritten > 0) {
      handle.execute(
          """
          UPDATE brake SET deleted = deleted + ?, overwritten = overwritten + ?, grown = grown + ?\
          """,
          deleted,
          overwritten,
          grown);
    }
  }
}
