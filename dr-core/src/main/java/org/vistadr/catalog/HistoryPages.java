package org.vistadr.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;

/// A cursor over histories that asks for one page of rows at a time by the last key read. Not
/// thread-safe.
final class HistoryPages implements HistoryCursor {

  private static final String SELECT = "SELECT " + VersionRows.COLUMNS + " FROM version v WHERE ";
  private static final String ORDER = " ORDER BY v.object_key, v.key_rank DESC LIMIT ?";
  private static final String RANGE = SELECT + "v.object_key >= ? AND v.object_key < ?" + ORDER;
  private static final String OPEN_RANGE = SELECT + "v.object_key >= ?" + ORDER;
  private static final String REST_OF_KEY = SELECT + "v.object_key = ? AND v.key_rank < ?" + ORDER;

  /// Rows of the first page: some readers want no more than a few keys.
  static final int FIRST_PAGE = 128;

  private final Store store;
  private final int mostRows;
  private final Optional<byte[]> below;
  private final Deque<KeyHistory> ready = new ArrayDeque<>();
  private int rowsPerPage;
  private byte[] from;
  private boolean ended;

  /// @param firstRows rows of the first page; each one after it has twice as many
  /// @param mostRows rows of a page at most
  /// @param from keys from this on, included
  /// @param below keys up to this, excluded; empty for no bound
  HistoryPages(Store store, int firstRows, int mostRows, byte[] from, Optional<byte[]> below) {
    this.store = store;
    this.mostRows = mostRows;
    this.rowsPerPage = Math.min(firstRows, mostRows);
    this.from = from;
    this.below = below;
  }

  /// The first bytes, in their order, that come after a key.
  static byte[] after(ObjectKey key) {
    byte[] bytes = key.utf8();
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  @Override
  public Optional<KeyHistory> next() {
    fill();
    return Optional.ofNullable(ready.poll());
  }

  @Override
  public Optional<ObjectKey> peekKey() {
    fill();
    return Optional.ofNullable(ready.peek()).map(KeyHistory::key);
  }

  private void fill() {
    if (!ready.isEmpty() || ended) {
      return;
    }
    List<RecordedVersion> rows = page();
    ended = rows.size() < rowsPerPage;
    List<RecordedVersion> group = new ArrayList<>();
    for (RecordedVersion row : rows) {
      if (!group.isEmpty() && !group.getFirst().key().equals(row.key())) {
        ready.add(new KeyHistory(group.getFirst().key(), group));
        group = new ArrayList<>();
      }
      group.add(row);
    }
    if (!group.isEmpty()) {
      ObjectKey last = group.getFirst().key();
      if (!ended) {
        addRest(last, group);
      }
      ready.add(new KeyHistory(last, group));
      from = after(last);
      rowsPerPage = Math.min(2 * rowsPerPage, mostRows);
    }
  }

  private List<RecordedVersion> page() {
    return below.isPresent()
        ? store.rows(RANGE, VersionRows::read, from, below.get(), rowsPerPage)
        : store.rows(OPEN_RANGE, VersionRows::read, from, rowsPerPage);
  }

  /// The page may have cut the last key's history; its older entries follow.
  private void addRest(ObjectKey key, List<RecordedVersion> group) {
    List<RecordedVersion> rest;
    do {
      long oldest = group.getLast().rank();
      rest = store.rows(REST_OF_KEY, VersionRows::read, key.utf8(), oldest, rowsPerPage);
      group.addAll(rest);
    } while (rest.size() == rowsPerPage);
  }
}
