package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Versions that are pending at a secondary and were not tried there yet, as ranges of their ids.
///
/// Nearly all that waits is recorded, copied and forgotten without anything to tell of it, in about
/// the order of recording. So it stands in a few ranges instead of in a row of its own each. What
/// has more to tell stands in the table `queue`: [#giveRows] takes it there. A version is never in
/// both. Of one transaction.
final class PendingRanges {

  /// Ids have room below it.
  private static final long IDS = 1L << 48;

  private static final String ABOVE =
      """
      SELECT since, upto FROM pending_range WHERE upto > ? AND upto < ? ORDER BY upto LIMIT ?\
      """;

  private final Handle handle;

  PendingRanges(Handle handle) {
    this.handle = handle;
  }

  /// The number of a version in the ranges of a secondary.
  static long place(int secondary, long versionId) {
    return secondary * IDS + versionId;
  }

  /// An SQL condition: whether a version is in a range of a secondary.
  static String contains(String secondary, String versionId) {
    String place = "(%s * %d + %s)".formatted(secondary, IDS, versionId);
    return """
    COALESCE((SELECT p.since FROM pending_range p WHERE p.upto >= %1$s ORDER BY p.upto LIMIT 1),
      %2$d) <= %1$s\
    """
        .formatted(place, Long.MAX_VALUE);
  }

  /// Ranges of a secondary with ids above one, in order.
  static List<Range> above(Store store, int secondary, long afterId, int atMost) {
    return store.rows(
        ABOVE,
        row -> range(secondary, row).above(afterId),
        place(secondary, afterId),
        place(secondary + 1, 0),
        atMost);
  }

  /// The same in a transaction.
  List<Range> above(int secondary, long afterId, int atMost) {
    return handle
        .select(ABOVE, place(secondary, afterId), place(secondary + 1, 0), atMost)
        .map((row, _) -> range(secondary, row).above(afterId))
        .list();
  }

  /// Adds ids that are in no range, from the first to the last.
  void add(int secondary, long first, long last) {
    long since = place(secondary, first);
    long before = since - 1;
    Optional<Long> extended =
        handle
            .select("SELECT since FROM pending_range WHERE upto = ?", before)
            .map((row, _) -> row.getLong(1))
            .findOne();
    if (extended.isPresent()) {
      handle.execute("DELETE FROM pending_range WHERE upto = ?", before);
    }
    handle.execute(
        "INSERT INTO pending_range (upto, since) VALUES (?, ?)",
        place(secondary, last),
        extended.orElse(since));
  }

  /// Adds ids that are in no range.
  ///
  /// @param ids ascending
  void add(int secondary, List<Long> ids) {
    for (int from = 0, to = 0; from < ids.size(); from = to) {
      do {
        to++;
      } while (to < ids.size() && ids.get(to) == ids.get(to - 1) + 1);
      add(secondary, ids.get(from), ids.get(to - 1));
    }
  }

  /// Takes ids out.
  ///
  /// @param ids ascending; those that are in no range are passed over
  /// @return those that were in one, ascending
  List<Long> take(int secondary, List<Long> ids) throws SQLException {
    try (Cutter cutter = new Cutter(handle.getConnection(), secondary)) {
      for (long id : ids) {
        cutter.take(id);
      }
      return cutter.finish();
    }
  }

  /// Gives versions rows of their own, pending as before, so that more can be told of them.
  ///
  /// @param ids ascending; those that are in no range are passed over
  /// @return those that were in one, ascending
  List<Long> giveRows(int secondary, List<Long> ids) throws SQLException {
    List<Long> taken = take(secondary, ids);
    QueueRows.insert(handle, List.of(secondary), taken, Codes.PENDING);
    return taken;
  }

  /// Whether a version is in a range.
  boolean contains(int secondary, long versionId) {
    return handle
        .select(
            "SELECT 1 WHERE " + contains("CAST(? AS BIGINT)", "CAST(? AS BIGINT)"),
            secondary,
            versionId,
            secondary,
            versionId)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static Range range(int secondary, ResultSet row) throws SQLException {
    return new Range(row.getLong(1) - place(secondary, 0), row.getLong(2) - place(secondary, 0));
  }

  /// Ids of versions, from the first to the last.
  record Range(long first, long last) {
    private Range above(long id) {
      return new Range(Math.max(first, id + 1), last);
    }

    boolean contains(long id) {
      return first <= id && id <= last;
    }
  }

  /// Takes ids out of the ranges of one secondary, ascending.
  private static final class Cutter implements AutoCloseable {

    private static final long NONE = Long.MAX_VALUE;

    private final int secondary;
    private final PreparedStatement find;
    private final PreparedStatement shorten;
    private final PreparedStatement insert;
    private final PreparedStatement remove;
    private final List<Long> taken = new ArrayList<>();
    // The range that an id was sought in last, and what is left of it.
    private long upto = Long.MIN_VALUE;
    private long left = NONE;
    private boolean cut;

    private Cutter(Connection connection, int secondary) throws SQLException {
      this.secondary = secondary;
      find =
          connection.prepareStatement(
              "SELECT upto, since FROM pending_range WHERE upto >= ? ORDER BY upto LIMIT 1");
      shorten = connection.prepareStatement("UPDATE pending_range SET since = ? WHERE upto = ?");
      insert = connection.prepareStatement("INSERT INTO pending_range (since, upto) VALUES (?, ?)");
      remove = connection.prepareStatement("DELETE FROM pending_range WHERE upto = ?");
    }

    private void take(long id) throws SQLException {
      long place = place(secondary, id);
      if (place > upto) {
        leave();
        seek(place);
      }
      if (place < left) {
        return;
      }
      if (place > left) {
        insert.setLong(1, left);
        insert.setLong(2, place - 1);
        insert.addBatch();
      }
      left = place + 1;
      cut = true;
      taken.add(id);
    }

    private void seek(long place) throws SQLException {
      find.setLong(1, place);
      try (ResultSet row = find.executeQuery()) {
        boolean found = row.next();
        upto = found ? row.getLong(1) : NONE;
        left = found ? row.getLong(2) : NONE;
      }
    }

    private void leave() throws SQLException {
      if (cut && left > upto) {
        remove.setLong(1, upto);
        remove.addBatch();
      } else if (cut) {
        shorten.setLong(1, left);
        shorten.setLong(2, upto);
        shorten.addBatch();
      }
      cut = false;
    }

    private List<Long> finish() throws SQLException {
      leave();
      remove.executeBatch();
      shorten.executeBatch();
      insert.executeBatch();
      return Collections.unmodifiableList(taken);
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement statement : List.of(find, shorten, insert, remove)) {
        statement.close();
      }
    }
  }
}
