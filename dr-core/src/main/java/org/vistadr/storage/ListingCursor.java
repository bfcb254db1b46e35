package org.vistadr.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.Regime;

/// Reads a listing entry by entry, or key by key, in its order, and asks for the next page when the
/// last one is used up. Holds one page, and the entries of one key. Not thread-safe.
public final class ListingCursor {

  private final ObjectStore store;
  private final Regime regime;
  private final Deque<ListedVersion> page = new ArrayDeque<>();
  private Optional<ListingRequest> request;

  /// @param regime of the bucket: says which listing it is
  /// @param request where it begins
  public ListingCursor(ObjectStore store, Regime regime, ListingRequest request) {
    this.store = store;
    this.regime = regime;
    this.request = Optional.of(request);
  }

  /// The entry that [#next] will give; empty at the proved end.
  public Optional<ListedVersion> peek() throws StorageException {
    while (page.isEmpty() && request.isPresent()) {
      ListingRequest asked = request.get();
      ListingPage answer = store.list(regime, asked);
      page.addAll(answer.entries());
      request = answer.next().map(asked::from);
    }
    return Optional.ofNullable(page.peekFirst());
  }

  /// The next entry, or empty at the proved end.
  public Optional<ListedVersion> next() throws StorageException {
    Optional<ListedVersion> entry = peek();
    page.pollFirst();
    return entry;
  }

  /// All entries of the next key, newest first; none at the proved end.
  public List<ListedVersion> nextKey() throws StorageException {
    List<ListedVersion> entries = new ArrayList<>(1);
    while (peek().isPresent()
        && (entries.isEmpty() || page.element().key().equals(entries.getFirst().key()))) {
      entries.add(page.remove());
    }
    return entries;
  }
}
