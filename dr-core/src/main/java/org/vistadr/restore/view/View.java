package org.vistadr.restore.view;

import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.ViewAt;

/// What the bucket held at a moment, key by key in UTF-8 order, from the catalog alone. Holds no
/// resource and needs no close. Not thread-safe.
public final class View {

  /// The highest code point: behind a prefix it sorts above every key with that prefix.
  private static final String HIGHEST = new String(Character.toChars(Character.MAX_CODE_POINT));

  private final Catalog catalog;
  private final String prefix;
  private final KeyStates states;
  private final boolean deleted;
  private HistoryCursor histories;

  public View(
      Catalog catalog,
      String prefix,
      Optional<ObjectKey> after,
      KeyStates states,
      boolean deleted) {
    this.catalog = catalog;
    this.prefix = prefix;
    this.states = states;
    this.deleted = deleted;
    this.histories = catalog.versions().histories(prefix, after);
  }

  /// What the time resolved to.
  public RestorePlan.Moment moment() {
    return states.moment();
  }

  /// The next key that the view shows, by the order of the listing where a state is ambiguous;
  /// empty at the end.
  public Optional<Shown> next() {
    for (var step = step(); step.isPresent(); step = step()) {
      var shown =
          step.get()
              .entry()
              .flatMap(entry ->
                  entry
                      .version()
                      .map(version -> new Shown(entry.key(), version, entry.deletedBy())));
      if (shown.isPresent()) {
        return shown;
      }
    }
    return Optional.empty();
  }

  /// The next key, shown or not, ambiguous ones always; empty at the end.
  public Optional<Step<ViewEntry>> step() {
    return histories.next().map(history -> new Step<>(history.key(), entry(history)));
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
    var state = states.of(history.newestFirst());
    var then = state.entry();
    boolean there = state.content().isPresent();
    Optional<RecordedVersion> version =
        there == deleted
            ? Optional.empty()
            : there
                ? then
                : then.flatMap(gone -> ViewAt.contentBefore(history.newestFirst(), gone));
    var deletedBy =
        deleted && version.isPresent()
            ? Optional.of(ViewAt.deletion(history.newestFirst(), version.get()))
            : Optional.<RecordedVersion>empty();
    return version.isPresent() || state.ambiguity().isPresent()
        ? Optional.of(new ViewEntry(history.key(), version, deletedBy, state.ambiguity()))
        : Optional.empty();
  }

  /// A key that a view shows.
  ///
  /// @param key the key
  /// @param version the content that the key held, or that it held before it was deleted
  /// @param deletedBy as in [ViewEntry]
  public record Shown(
      ObjectKey key, RecordedVersion version, Optional<RecordedVersion> deletedBy) {}
}
