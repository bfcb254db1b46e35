package org.vistadr.sync;

import java.util.List;
import java.util.Optional;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Reads a key range of the primary's listing, key by key. Holds one page, and the entries of one
/// key. Not thread-safe.
final class ListingStream {

  /// All entries of one key, newest first.
  record ListedKey(ObjectKey key, List<ListedVersion> newestFirst) {}

  private final ListingCursor listing;
  private final KeyRange range;
  private long versions;

  ListingStream(ObjectStore store, Regime regime, KeyRange range) {
    this.range = range;
    this.listing =
        new ListingCursor(
            store,
            regime,
            ListingRequest.ALL.from(
                range
                    .after()
                    .<ListingRequest.Position>map(ListingRequest.Position.AfterKey::new)
                    .orElseGet(ListingRequest.Position.Beginning::new)));
  }

  /// Only the entries of exactly one key, however many.
  static List<ListedVersion> ofKey(ObjectStore store, Regime regime, ObjectKey key)
      throws StorageException {
    ListingCursor listing =
        new ListingCursor(
            store,
            regime,
            new ListingRequest(
                key.value(), ListingRequest.Position.BEGINNING, ListingRequest.MAX_LIMIT));
    // The key itself is the first of all keys that start with it.
    boolean isListed = listing.peek().filter(entry -> entry.key().equals(key)).isPresent();
    return isListed ? listing.nextKey() : List.of();
  }

  /// The next key of the range, or empty at its proved end.
  Optional<ListedKey> next() throws StorageException {
    Optional<ObjectKey> key =
        listing.peek().map(ListedVersion::key).filter(found -> !range.isBeyond(found));
    if (key.isEmpty()) {
      return Optional.empty();
    }
    List<ListedVersion> entries = listing.nextKey();
    versions += entries.size();
    return Optional.of(new ListedKey(key.get(), entries));
  }

  /// The first key behind the range, once [#next] has come to its end; empty when the bucket ends
  /// there.
  Optional<ObjectKey> beyond() throws StorageException {
    return listing.peek().map(ListedVersion::key);
  }

  /// Entries given out so far.
  long versions() {
    return versions;
  }
}
