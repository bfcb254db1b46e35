package org.vistadr.restore.target;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// The keys of a bucket, or of what is below a base in it, as they are now, in key order, read by
/// pages. Keys are told without the base. Keeps one page. Not thread-safe.
final class BucketKeys implements TargetKeys {

  private final String base;
  private final ListingCursor listing;

  /// @param base what stands before each key in the bucket; may be empty
  /// @param prefix only keys that start with it
  BucketKeys(ObjectStore store, Regime regime, String base, String prefix) {
    this(store, regime, base, prefix, ListingRequest.MAX_LIMIT);
  }

  private BucketKeys(ObjectStore store, Regime regime, String base, String prefix, int limit) {
    this.base = base;
    this.listing =
        new ListingCursor(
            store,
            regime,
            new ListingRequest(base + prefix, ListingRequest.Position.BEGINNING, limit));
  }

  /// Looks at one key.
  static Looked look(ObjectStore store, Regime regime, String base, ObjectKey key)
      throws StorageException {
    // The key itself is the first of all keys that start with it.
    return new BucketKeys(store, regime, base, key.value(), 50).take(key);
  }

  @Override
  public Optional<ObjectKey> peekKey() throws StorageException {
    return peek().map(this::withoutBase);
  }

  @Override
  public Looked take(ObjectKey key) throws StorageException {
    return peekKey().filter(key::equals).isPresent() ? next(key) : Looked.nothing(key);
  }

  private Looked next(ObjectKey key) throws StorageException {
    var first = peek();
    CurrentState current = new CurrentState.Absent(Optional.empty());
    List<VersionId> markers = new ArrayList<>();
    Optional<ListedVersion> newestContent = Optional.empty();
    Optional<ListedVersion> mutable = Optional.empty();
    boolean newest = true;
    for (var entry = first; belongsTo(entry, key); entry = peek()) {
      var version = listing.next().orElseThrow();
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
    return new Looked(key, current, changedAt, markers, newestContent, mutable);
  }

  private boolean belongsTo(Optional<ListedVersion> entry, ObjectKey key) {
    return entry.isPresent() && withoutBase(entry.get()).equals(key);
  }

  private ObjectKey withoutBase(ListedVersion entry) {
    return base.isEmpty()
        ? entry.key()
        : new ObjectKey(entry.key().value().substring(base.length()));
  }

  private Optional<ListedVersion> peek() throws StorageException {
    // An object that is named like the base itself belongs to no key.
    while (listing.peek().filter(this::isTheBase).isPresent()) {
      listing.next();
    }
    return listing.peek();
  }

  private boolean isTheBase(ListedVersion entry) {
    return !base.isEmpty() && entry.key().value().length() <= base.length();
  }
}
