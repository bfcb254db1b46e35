package org.vistadr.restore;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Basis;
import org.vistadr.model.ViewAt;

/// What the bucket held at a moment, key by key in UTF-8 order, from the catalog alone. Holds no
/// resource and needs no close. Not thread-safe.
public final class View {

  /// The highest code point: behind a prefix it sorts above every key with that prefix.
  private static final String HIGHEST = new String(Character.toChars(Character.MAX_CODE_POINT));

  private final Catalog catalog;
  private final String prefix;
  private final RestorePlan.Moment moment;
  private final boolean deleted;
  private HistoryCursor histories;

  View(
      Catalog catalog,
      String prefix,
      Optional<ObjectKey> after,
      RestorePlan.Moment moment,
      boolean deleted) {
    this.catalog = catalog;
    this.prefix = prefix;
    this.moment = moment;
    this.deleted = deleted;
    this.histories = catalog.versions().histories(prefix, after);
  }

  View(Catalog catalog, String prefix, Optional<ObjectKey> after, Instant at, boolean deleted) {
    this(
        catalog,
        prefix,
        after,
        new RestorePlan.Moment(at, Basis.VERSIONS, Optional.empty(), true),
        deleted);
  }

  /// What the time resolved to.
  public RestorePlan.Moment moment() {
    return moment;
  }

  /// The next key; empty at the end.
  public Optional<ViewEntry> next() {
    for (var history = histories.next(); history.isPresent(); history = histories.next()) {
      var entry = entry(history.get());
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  /// Goes on behind all keys that start with a prefix, without reading them.
  public void skip(String skipped) {
    var bound = skipped + HIGHEST;
    if (bound.length() <= ObjectKey.MAX_BYTES / 3) {
      histories = catalog.versions().histories(prefix, Optional.of(new ObjectKey(bound)));
      return;
    }
    // Too long for a key's bytes, perhaps: read on, which is slower and as right.
    while (histories.peekKey().filter(key -> key.value().startsWith(skipped)).isPresent()) {
      histories.next();
    }
  }

  private Optional<ViewEntry> entry(KeyHistory history) {
    if (history.key().isReserved()) {
      return Optional.empty();
    }
    var newestFirst = history.newestFirst();
    var then = ViewAt.entry(newestFirst, moment.viewedAt());
    if (then.isEmpty()) {
      return Optional.empty();
    }
    if (ViewAt.isContent(then.get())) {
      return deleted
          ? Optional.empty()
          : Optional.of(new ViewEntry(history.key(), then.get(), Optional.empty()));
    }
    return deleted
        ? before(history, then.get()).map(version -> new ViewEntry(history.key(), version, then))
        : Optional.empty();
  }

  private static Optional<RecordedVersion> before(KeyHistory history, RecordedVersion marker) {
    return history.newestFirst().stream()
        .filter(version -> version.rank() < marker.rank() && ViewAt.isContent(version))
        .findFirst();
  }
}
