package org.vistadr.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Reads a key range of the primary's listing, key by key. Holds one page, and the entries of one
/// key. Not thread-safe.
final class ListingStream {

  /// All entries of one key, newest first.
  record ListedKey(ObjectKey key, List<ListedVersion> newestFirst) {}

  private final ObjectStore store;
  private final Regime regime;
  private final KeyRange range;
  private final Deque<ListedVersion> page = new ArrayDeque<>();
  private Optional<ListingRequest> request;
  private long versions;

  ListingStream(ObjectStore store, Regime regime, KeyRange range) {
    this.store = store;
    this.regime = regime;
    this.range = range;
    this.request =
        Optional.of(
            ListingRequest.ALL.from(
                range
                    .after()
                    .<ListingRequest.Position>map(ListingRequest.Position.AfterKey::new)
                    .orElseGet(ListingRequest.Position.Beginning::new)));
  }

  /// Only the entries of exactly one key, however many.
  static List<ListedVersion> ofKey(ObjectStore store, Regime regime, ObjectKey key)
      throws StorageException {
    List<ListedVersion> result = new ArrayList<>();
    Optional<ListingRequest> next =
        Optional.of(
            new ListingRequest(
                key.value(), new ListingRequest.Position.Beginning(), ListingRequest.MAX_LIMIT));
    while (next.isPresent()) {
      ListingPage page = list(store, regime, next.get());
      for (ListedVersion version : page.entries()) {
        // The key itself is the first of all keys that start with it.
        if (!version.key().equals(key)) {
          return result;
        }
        result.add(version);
      }
      ListingRequest current = next.get();
      next = page.next().map(current::from);
    }
    return result;
  }

  /// The next key of the range, or empty at its proved end.
  Optional<ListedKey> next() throws StorageException {
    fill();
    if (page.isEmpty()) {
      return Optional.empty();
    }
    ObjectKey key = page.element().key();
    if (range.isBeyond(key)) {
      request = Optional.empty();
      page.clear();
      return Optional.empty();
    }
    List<ListedVersion> entries = new ArrayList<>(1);
    while (!page.isEmpty() && page.element().key().equals(key)) {
      entries.add(page.remove());
      fill();
    }
    versions += entries.size();
    return Optional.of(new ListedKey(key, entries));
  }

  /// Entries given out so far.
  long versions() {
    return versions;
  }

  private void fill() throws StorageException {
    while (page.isEmpty() && request.isPresent()) {
      ListingRequest current = request.get();
      ListingPage answer = list(store, regime, current);
      page.addAll(answer.entries());
      request = answer.next().map(current::from);
    }
  }

  private static ListingPage list(ObjectStore store, Regime regime, ListingRequest request)
      throws StorageException {
    return switch (regime) {
      case VERSIONED, SUSPENDED -> store.listVersions(request);
      case UNVERSIONED -> store.listObjects(request);
    };
  }
}
