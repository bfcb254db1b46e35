package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.KeyRange;
import org.vistadr.model.KeyedHash;
import org.vistadr.model.ObjectKey;

/// Remembers of ranges of keys what the primary listed when that was the same as the catalog. A
/// range that lists the same again needs no look at the catalog, since whatever changes the history
/// of a key takes away what is remembered of its range, in the same transaction.
///
/// Ranges that are kept must not overlap; those that a hash of the keys cuts do not. Safe for use
/// by many threads, for one scan at a time.
public final class RangeDigests {

  private static final int ROWS_PER_PAGE = 1000;

  /// Keys that changed since the scan began; with more of them it keeps nothing.
  private static final int MOST_CHANGED = 20_000;

  private final Store store;

  // Whoever writes to the store adds to these before the transaction ends.
  private final ConcurrentSkipListSet<ObjectKey> changed = new ConcurrentSkipListSet<>();
  private int changedKeys;
  private volatile boolean tooManyChanged;

  RangeDigests(Store store) {
    this.store = store;
  }

  /// A scan begins: what it reads of the catalog from now on is what changes are compared with.
  ///
  /// @param rules all that decides, beside the listing, how ranges are cut and what a scan makes of
  ///   them; what was kept under other rules is forgotten, since its ranges may overlap with new
  ///   ones
  public void begin(String rules) {
    store.run(handle -> {
      changed.clear();
      changedKeys = 0;
      tooManyChanged = false;
      int others =
          handle.execute(
              "UPDATE catalog_state SET range_rules = ? WHERE range_rules <> ?", rules, rules);
      if (others > 0) {
        forgetAll(handle);
      }
    });
  }

  /// What the keys of this catalog's ranges are hashed with, always the same.
  ///
  /// @param random makes its key at first, which whoever writes to the primary must not foresee
  public KeyedHash hash(RandomGenerator random) {
    return store
        .read(RangeDigests::hash)
        .orElseGet(() ->
            store.write(handle -> {
              KeyedHash made = KeyedHash.random(random);
              handle.execute(
                  "UPDATE catalog_state SET range_key = COALESCE(range_key, ?)",
                  (Object) made.key());
              return hash(handle).orElseThrow();
            }));
  }

  private static Optional<KeyedHash> hash(Handle handle) {
    return handle
        .select("SELECT range_key FROM catalog_state WHERE range_key IS NOT NULL")
        .map((row, _) -> KeyedHash.ofKey(row.getBytes(1)))
        .findOne();
  }

  /// What is remembered of the ranges that end in a range, in key order.
  public Cursor in(KeyRange range) {
    return new Cursor(range.after().map(HistoryPages::after).orElse(new byte[0]));
  }

  /// Remembers ranges that are equal, but for those in which a key changed since the scan began by
  /// anything else than what the scan itself recorded of its listing.
  public void keep(List<RangeDigest> ranges) {
    store.run(handle -> keep(handle, ranges));
  }

  /// The same in a transaction of the caller.
  void keep(Handle handle, List<RangeDigest> ranges) throws SQLException {
    if (tooManyChanged || ranges.isEmpty()) {
      return;
    }
    try (PreparedStatement merge =
        handle
            .getConnection()
            .prepareStatement("MERGE INTO range_digest KEY (up_to) VALUES (?, ?, ?)")) {
      for (RangeDigest range : ranges) {
        if (!hasChanged(range)) {
          merge.setBytes(1, range.upTo().utf8());
          merge.setBytes(2, range.after().map(ObjectKey::utf8).orElse(new byte[0]));
          merge.setBytes(3, range.listed().bytes());
          merge.addBatch();
        }
      }
      merge.executeBatch();
    }
  }

  /// Forgets everything, in a transaction of the caller.
  static void forgetAll(Handle handle) {
    handle.execute("DELETE FROM range_digest");
  }

  /// Whether, since the scan began, the history of a key of a range changed by anything else than
  /// what the scan itself recorded of its listing. True if that is not known. What was read of the
  /// catalog before this was asked shows no such change when there was none.
  public boolean mayHaveChanged(RangeDigest range) {
    return tooManyChanged || hasChanged(range);
  }

  private boolean hasChanged(RangeDigest range) {
    ObjectKey first =
        range
            .after()
            .map(changed::higher)
            .orElseGet(() -> changed.isEmpty() ? null : changed.first());
    return first != null && range.contains(first);
  }

  /// Forgets the ranges of keys whose histories a transaction changes.
  Forgetting forgetting(Handle handle) {
    return new Forgetting(handle);
  }

  /// Of one transaction.
  final class Forgetting implements AutoCloseable {

    private final boolean nothingKept;
    private final Handle handle;
    private @Nullable PreparedStatement find;
    private @Nullable PreparedStatement remove;
    // The range that a look found, and the key that it was asked for: keys between are in no other.
    private Optional<ObjectKey> lookedFor = Optional.empty();
    private Optional<RangeDigest> found = Optional.empty();

    private Forgetting(Handle handle) {
      this.handle = handle;
      nothingKept =
          handle
              .select("SELECT 1 FROM range_digest FETCH FIRST ROW ONLY")
              .mapTo(Integer.class)
              .findFirst()
              .isEmpty();
    }

    /// A key's history changes in another way than by what the running scan listed.
    void changed(ObjectKey key) {
      if (changedKeys == MOST_CHANGED) {
        tooManyChanged = true;
      } else if (changed.add(key)) {
        changedKeys++;
      }
    }

    /// Forgets the range of a key.
    void forget(ObjectKey key) throws SQLException {
      if (nothingKept || isBeforeFound(key)) {
        return;
      }
      lookedFor = Optional.of(key);
      found = next(key);
      if (found.filter(range -> range.contains(key)).isPresent()) {
        PreparedStatement statement = remove;
        if (statement == null) {
          statement =
              handle.getConnection().prepareStatement("DELETE FROM range_digest WHERE up_to = ?");
          remove = statement;
        }
        statement.setBytes(1, found.get().upTo().utf8());
        statement.executeUpdate();
      }
    }

    /// Whether the last look tells of this key, too: there is no range, or it begins behind the key
    /// or is forgotten already.
    private boolean isBeforeFound(ObjectKey key) {
      if (lookedFor.filter(from -> from.compareTo(key) <= 0).isEmpty()) {
        return false;
      }
      if (found.isEmpty()) {
        return true;
      }
      RangeDigest range = found.get();
      boolean isForgotten = range.contains(lookedFor.get());
      return isForgotten
          ? range.contains(key)
          : range.after().filter(after -> key.compareTo(after) <= 0).isPresent();
    }

    /// The first range that ends at a key or behind it.
    private Optional<RangeDigest> next(ObjectKey key) throws SQLException {
      PreparedStatement statement = find;
      if (statement == null) {
        statement =
            handle
                .getConnection()
                .prepareStatement(
                    """
                    SELECT up_to, after_key, listed FROM range_digest WHERE up_to >= ?
                    ORDER BY up_to LIMIT 1\
                    """);
        find = statement;
      }
      statement.setBytes(1, key.utf8());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }

    @Override
    public void close() throws SQLException {
      if (find != null) {
        find.close();
      }
      if (remove != null) {
        remove.close();
      }
    }
  }

  private static RangeDigest read(ResultSet row) throws SQLException {
    byte[] after = row.getBytes(2);
    return new RangeDigest(
        after.length == 0 ? Optional.empty() : Optional.of(ObjectKey.ofUtf8(after)),
        ObjectKey.ofUtf8(row.getBytes(1)),
        KeyHashes.ofBytes(row.getBytes(3)));
  }

  /// Goes once through what is remembered, a page at a time. Not thread-safe.
  public final class Cursor {

    private final Deque<RangeDigest> page = new ArrayDeque<>();
    private byte[] from;
    private boolean ended;

    private Cursor(byte[] from) {
      this.from = from;
    }

    /// What is remembered of the range between these bounds. Ranges are asked for in key order.
    public Optional<RangeDigest> sameBounds(RangeDigest range) {
      for (RangeDigest kept = peek(); kept != null; kept = peek()) {
        int order = kept.upTo().compareTo(range.upTo());
        if (order >= 0) {
          return order == 0 && kept.hasBoundsOf(range) ? Optional.of(kept) : Optional.empty();
        }
        page.remove();
      }
      return Optional.empty();
    }

    private @Nullable RangeDigest peek() {
      if (page.isEmpty() && !ended) {
        page.addAll(
            store.rows(
                """
                SELECT up_to, after_key, listed FROM range_digest WHERE up_to >= ?
                ORDER BY up_to LIMIT ?\
                """,
                RangeDigests::read,
                from,
                ROWS_PER_PAGE));
        ended = page.size() < ROWS_PER_PAGE;
        if (!page.isEmpty()) {
          from = HistoryPages.after(page.getLast().upTo());
        }
      }
      return page.peek();
    }
  }
}
