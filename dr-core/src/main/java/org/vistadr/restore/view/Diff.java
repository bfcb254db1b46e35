package org.vistadr.restore.view;

import java.util.Locale;
import java.util.Optional;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.StateAt;
import org.vistadr.restore.source.Same;

/// What differs between two moments, key by key in UTF-8 order, from the catalog alone. Holds no
/// resource and needs no close. Not thread-safe.
public final class Diff {

  private final HistoryCursor histories;
  private final KeyStates from;
  private final KeyStates to;

  public Diff(HistoryCursor histories, KeyStates from, KeyStates to) {
    this.histories = histories;
    this.from = from;
    this.to = to;
  }

  /// What the earlier time resolved to.
  public RestorePlan.Moment from() {
    return from.moment();
  }

  /// What the later time resolved to.
  public RestorePlan.Moment to() {
    return to.moment();
  }

  /// The next key, differing or not; empty at the end.
  public Optional<Step<Difference>> step() {
    return histories.next().map(history -> new Step<>(history.key(), compare(history)));
  }

  private Optional<Difference> compare(KeyHistory history) {
    if (history.key().isReserved()) {
      return Optional.empty();
    }
    var before = from.of(history.newestFirst());
    var after = to.of(history.newestFirst());
    var kind = kind(before.content(), after.content());
    var doubt = before.ambiguity().or(after::ambiguity);
    return kind == Kind.SAME && doubt.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Difference(
                history.key(),
                kind,
                before.content(),
                after.content(),
                after.entry(),
                before.ambiguity(),
                after.ambiguity()));
  }

  private static Kind kind(Optional<RecordedVersion> before, Optional<RecordedVersion> after) {
    if (before.isEmpty()) {
      return after.isEmpty() ? Kind.SAME : Kind.ADDED;
    }
    if (after.isEmpty()) {
      return Kind.REMOVED;
    }
    return Same.bytes(before.get(), after.get()) ? Kind.SAME : Kind.CHANGED;
  }

  /// A key that differs, or may.
  ///
  /// @param key the key
  /// @param kind how, by the order of the listing
  /// @param before its content at the earlier moment
  /// @param after its content at the later moment
  /// @param entryAfter what it was at the later moment: the delete marker that removed it, say
  /// @param doubtBefore the other state at the earlier moment, when that is ambiguous
  /// @param doubtAfter the other state at the later moment, when that is ambiguous
  public record Difference(
      ObjectKey key,
      Kind kind,
      Optional<RecordedVersion> before,
      Optional<RecordedVersion> after,
      Optional<RecordedVersion> entryAfter,
      Optional<StateAt.Ambiguous> doubtBefore,
      Optional<StateAt.Ambiguous> doubtAfter) {}

  /// How a key differs.
  public enum Kind {
    /// It is there only at the later moment.
    ADDED,
    /// It is there only at the earlier moment.
    REMOVED,
    /// It has other bytes.
    CHANGED,
    /// It has the same bytes by the order of the listing, but one of its states is ambiguous.
    SAME;

    /// The name in answers: `added`.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
