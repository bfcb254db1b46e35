package org.vistadr.restore.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.AscendingLooks;
import org.vistadr.restore.target.BucketTarget;
import org.vistadr.storage.StorageException;

/// What an undo does, object by object in the order of the restore that it undoes. Only what that
/// restore has done counts, so one that was cancelled or ended early can be undone, too. Keeps one
/// page. Not thread-safe.
final class UndoItems {

  private static final int PAGE = 500;

  private final Catalog catalog;
  private final Sources sources;
  private final BucketTarget target;
  private final Optional<Regime> primary;
  private final Restore undone;
  private final AscendingLooks looks;
  private final Deque<RestoreItem> page = new ArrayDeque<>();
  private long after;

  /// @param target where the undone restore wrote
  /// @param primary the primary's regime now; empty when it does not answer
  UndoItems(
      Catalog catalog,
      Sources sources,
      BucketTarget target,
      Optional<Regime> primary,
      Restore undone) {
    this.catalog = catalog;
    this.sources = sources;
    this.target = target;
    this.primary = primary;
    this.undone = undone;
    this.looks = new AscendingLooks(target, undone.request().scope());
  }

  /// The next item, without its place in the plan; empty at the end.
  Optional<RestoreItem> next() throws StorageException {
    if (page.isEmpty()) {
      page.addAll(catalog.restores().itemsIn(undone.planId(), RestoreItem.State.DONE, after, PAGE));
      if (page.isEmpty()) {
        return Optional.empty();
      }
      after = page.getLast().seq();
    }
    var done = besideItsKey(page.removeFirst());
    var looked = looks.look(done.key());
    var before = before(done);
    return Optional.of(
        new UndoPlan(done, looked, before, lost(done, before), keepable(done, looked)).decide());
  }

  /// What was written beside its key, because the key had changed, is an object of its own.
  private RestoreItem besideItsKey(RestoreItem done) throws StorageException {
    var own = target.keyOf(done.key()).value();
    var written = done.place().orElse(own);
    if (written.equals(own)) {
      return done;
    }
    return new RestoreItem(
        done.seq(),
        new ObjectKey(written.substring(target.prefix().length())),
        RestoreAction.BRING_BACK,
        done.reason(),
        done.wanted(),
        done.wantedVersion(),
        done.size(),
        new CurrentState.Absent(Optional.empty()),
        List.of(),
        done.state(),
        done.detail(),
        done.aside(),
        done.written(),
        done.place(),
        done.turn());
  }

  /// The catalog knows the primary's versions only, so at another target it knows what an undo
  /// deleted, which a restore had brought, and nothing else of what was there.
  private Optional<RecordedVersion> before(RestoreItem done) {
    if (!(done.saw() instanceof CurrentState.Present present)) {
      return Optional.empty();
    }
    if (target.inPlace()) {
      return sources.find(done.key(), present);
    }
    return done.action() == RestoreAction.DELETE && done.wanted().isPresent()
        ? catalog.versions().find(done.wanted().getAsLong())
        : Optional.empty();
  }

  private Optional<String> lost(RestoreItem done, Optional<RecordedVersion> before) {
    if (!(done.saw() instanceof CurrentState.Present(var version, _, _))) {
      return Optional.empty();
    }
    boolean replacedForGood =
        version.isNull()
            && done.written()
                .flatMap(RestoreItem.Written::version)
                .map(VersionId::isNull)
                .orElse(true);
    if (replacedForGood) {
      boolean kept = done.aside().isPresent() || before.filter(this::isElsewhere).isPresent();
      return kept
          ? Optional.empty()
          : Optional.of("what was there is at no secondary and no copy was put aside");
    }
    return before
        .filter(known -> sources.best(known, Optional.empty(), primary, false).isEmpty())
        .map(known -> sources.whyLost(known, Optional.empty(), primary));
  }

  /// Whether deleting what the restore wrote loses nothing: the bucket keeps it as a version, or
  /// its bytes are elsewhere, too.
  private boolean keepable(RestoreItem done, Looked looked) {
    if (target.regimeOf(looked.key()) == Regime.VERSIONED || looked.mutableContent().isEmpty()) {
      return true;
    }
    boolean mutableIsCurrent =
        looked.current() instanceof CurrentState.Present(var version, _, _) && version.isNull();
    return switch (looked.mutableContent().get().entry()) {
      case Entry.DeleteMarker() -> true;
      case Entry.Content(var etag, var size, _) ->
          (target.inPlace() && sources.isSafe(done.key(), etag, size))
              || (mutableIsCurrent
                  && sources.isElsewhere(done.wanted(), !target.inPlace() && primary.isPresent()));
    };
  }

  /// Whether bytes can be had from another place than the one that was written to.
  private boolean isElsewhere(RecordedVersion version) {
    return sources.best(version, Optional.empty(), primary, target.inPlace()).isPresent();
  }
}
