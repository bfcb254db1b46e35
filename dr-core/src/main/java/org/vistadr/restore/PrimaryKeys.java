package org.vistadr.restore;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// The primary's keys as they are now, in key order, read by pages. Keeps one page. Not
/// thread-safe.
final class PrimaryKeys {

  private final ObjectStore primary;
  private final Regime regime;
  private ListingRequest request;
  private final Deque<ListedVersion> page = new ArrayDeque<>();
  private boolean atEnd;

  PrimaryKeys(ObjectStore primary, Regime regime, String prefix) {
    this(primary, regime, prefix, ListingRequest.MAX_LIMIT);
  }

  private PrimaryKeys(ObjectStore primary, Regime regime, String prefix, int limit) {
    this.primary = primary;
    this.regime = regime;
    this.request = new ListingRequest(prefix, ListingRequest.Position.BEGINNING, limit);
  }

  /// Looks at one key.
  static Looked look(ObjectStore primary, Regime regime, ObjectKey key) throws StorageException {
    // The key itself is the first of all keys that start with it.
    var keys = new PrimaryKeys(primary, regime, key.value(), 50);
    return keys.peekKey().filter(key::equals).isPresent()
        ? keys.next().orElseThrow()
        : Looked.nothing(key);
  }

  /// The key that [#next] will give.
  Optional<ObjectKey> peekKey() throws StorageException {
    return peek().map(ListedVersion::key);
  }

  /// The next key; empty at the end.
  Optional<Looked> next() throws StorageException {
    var first = peek();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    var key = first.get().key();
    CurrentState current = new CurrentState.Absent(Optional.empty());
    List<VersionId> markers = new ArrayList<>();
    Optional<ListedVersion> newestContent = Optional.empty();
    Optional<ListedVersion> mutable = Optional.empty();
    boolean newest = true;
    for (var entry = first; belongsTo(entry, key); entry = peek()) {
      var version = page.removeFirst();
      switch (version.entry()) {
        case Entry.Content(var etag, var size, _) -> {
          if (newest) {
            current = new CurrentState.Present(version.versionId(), etag, size);
          }
          newestContent = newestContent.or(() -> Optional.of(version));
          if (version.versionId().isNull()) {
            mutable = Optional.of(version);
          }
        }
        case Entry.DeleteMarker() -> {
          if (newest) {
            current = new CurrentState.Absent(Optional.of(version.versionId()));
          }
          if (newestContent.isEmpty()) {
            markers.add(version.versionId());
          }
        }
      }
      newest = false;
    }
    Optional<Instant> changedAt = first.map(ListedVersion::lastModified);
    return Optional.of(new Looked(key, current, changedAt, markers, newestContent, mutable));
  }

  private static boolean belongsTo(Optional<ListedVersion> entry, ObjectKey key) {
    return entry.isPresent() && entry.get().key().equals(key);
  }

  private Optional<ListedVersion> peek() throws StorageException {
    while (page.isEmpty() && !atEnd) {
      ListingPage answer =
          switch (regime) {
            case UNVERSIONED -> primary.listObjects(request);
            case VERSIONED, SUSPENDED -> primary.listVersions(request);
          };
      page.addAll(answer.entries());
      if (answer.next().isPresent()) {
        request = request.from(answer.next().get());
      } else {
        atEnd = true;
      }
    }
    return Optional.ofNullable(page.peekFirst());
  }
}
