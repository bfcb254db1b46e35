package org.vistadr.restore.view;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.ViewAt;

/// Keys that match a glob at a moment, in UTF-8 order, from the catalog alone. Holds no resource
/// and needs no close. Not thread-safe.
public final class Search {

  /// What of the matching keys is wanted.
  public sealed interface Wanted {
    /// Those that are there.
    Wanted PRESENT = new Present();

    /// Those that are there.
    record Present() implements Wanted {}

    /// Those that are gone and were deleted at a moment or after it.
    record DeletedSince(Instant since) implements Wanted {}

    /// Those that are there and were created or overwritten at a moment or after it.
    record ChangedSince(Instant since) implements Wanted {}
  }

  private final HistoryCursor histories;
  private final KeyGlobs globs;
  private final Wanted wanted;
  private final KeyStates states;

  public Search(HistoryCursor histories, KeyGlobs globs, Wanted wanted, KeyStates states) {
    this.histories = histories;
    this.globs = globs;
    this.wanted = wanted;
    this.states = states;
  }

  /// What the time resolved to.
  public RestorePlan.Moment moment() {
    return states.moment();
  }

  /// The next key, matching or not; empty at the end.
  public Optional<Step<ViewEntry>> step() {
    return histories
        .next()
        .map(history ->
            new Step<>(
                history.key(),
                history.key().isReserved() || !globs.accepts(history.key())
                    ? Optional.empty()
                    : match(history)));
  }

  private Optional<ViewEntry> match(KeyHistory history) {
    var state = states.of(history.newestFirst());
    var content = state.content();
    return switch (wanted) {
      case Wanted.Present() ->
          content.map(version ->
              new ViewEntry(
                  history.key(), Optional.of(version), Optional.empty(), state.ambiguity()));
      case Wanted.ChangedSince(var since) ->
          content
              .filter(version -> !version.effectiveAt().isBefore(since))
              .map(version ->
                  new ViewEntry(
                      history.key(), Optional.of(version), Optional.empty(), state.ambiguity()));
      case Wanted.DeletedSince(var since) -> {
        var before =
            state
                .entry()
                .filter(marker -> !ViewAt.isContent(marker))
                .flatMap(marker -> ViewAt.contentBefore(history.newestFirst(), marker));
        yield before
            .map(version ->
                new ViewEntry(
                    history.key(),
                    before,
                    Optional.of(ViewAt.deletion(history.newestFirst(), version)),
                    state.ambiguity()))
            .filter(entry ->
                entry.deletedBy().filter(by -> !by.effectiveAt().isBefore(since)).isPresent());
      }
    };
  }
}
