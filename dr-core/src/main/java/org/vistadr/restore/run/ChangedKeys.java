package org.vistadr.restore.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.State;
import org.vistadr.restore.plan.Replan;
import org.vistadr.restore.run.Retries.StoppedException;
import org.vistadr.storage.StorageException;

/// Carries items out, and does with those whose key is no longer as the plan saw it what was asked
/// for: leaves it, ends the restore, writes over it, or writes beside it. Safe for use by many
/// threads.
final class ChangedKeys {

  /// A key that changes again each time that it is looked at is left.
  private static final int MOST_LOOKS = 3;

  private final Catalog catalog;
  private final Restore restore;
  private final ItemWriter writer;
  private final Replan replan;
  private final AtomicReference<Optional<ObjectKey>> endedBy;

  /// @param endedBy is set to the key because of which the restore is to end
  ChangedKeys(
      Catalog catalog,
      Restore restore,
      ItemWriter writer,
      Replan replan,
      AtomicReference<Optional<ObjectKey>> endedBy) {
    this.catalog = catalog;
    this.restore = restore;
    this.writer = writer;
    this.replan = replan;
    this.endedBy = endedBy;
  }

  /// Why the target takes nothing more, if it does not.
  Optional<String> full() {
    return writer.full();
  }

  /// Carries an item out.
  ///
  /// @param wanted the version that it wants; empty when the catalog has to be asked
  /// @return the item, ended
  RestoreItem carryOut(RestoreItem item, Optional<RecordedVersion> wanted) throws StoppedException {
    var ended = writer.write(item, wanted);
    if (ended.state() != State.SKIPPED) {
      return ended;
    }
    return switch (restore.request().rules().onChange()) {
      case SKIP -> ended;
      case FAIL -> {
        endedBy.compareAndSet(Optional.empty(), Optional.of(item.key()));
        yield ended.ended(State.FAILED, "changed since the plan; the restore ended here, as asked");
      }
      case OVERWRITE -> item.markers().isEmpty() ? overwrite(item, ended) : ended;
      case KEEP_BOTH -> item.wanted().isPresent() ? writeBeside(item, ended) : ended;
    };
  }

  /// Under the condition of what the key holds now. What the item saw is recorded first, so that it
  /// still tells what it replaced when the process ends here.
  private RestoreItem overwrite(RestoreItem item, RestoreItem skipped) throws StoppedException {
    var ended = skipped;
    for (int looks = 0; looks < MOST_LOOKS && ended.state() == State.SKIPPED; looks++) {
      var anew = planAnew(item);
      if (anew.state() != State.PENDING) {
        return anew;
      }
      catalog.course().seen(restore.planId(), anew);
      ended = writer.write(anew, Optional.empty());
    }
    return ended;
  }

  /// Looks at an item's key and plans it anew.
  RestoreItem planAnew(RestoreItem item) throws StoppedException {
    return writer.planAnew(item, replan);
  }

  private RestoreItem writeBeside(RestoreItem item, RestoreItem skipped) throws StoppedException {
    var beside = Beside.name(item.key(), restore.createdAt());
    Optional<String> place;
    try {
      place = writer.place(beside);
    } catch (StorageException.Rejected e) {
      return skipped.ended(State.SKIPPED, "changed since the plan; " + e.getMessage());
    }
    var written =
        writer.write(
            new RestoreItem(
                item.seq(),
                beside,
                RestoreAction.BRING_BACK,
                item.reason(),
                item.wanted(),
                item.wantedVersion(),
                item.size(),
                new CurrentState.Absent(Optional.empty()),
                List.of(),
                State.PENDING,
                "",
                Optional.empty(),
                Optional.empty(),
                place,
                item.turn()),
            Optional.empty());
    return switch (written.state()) {
      case DONE ->
          item.withPlace(place.orElse(beside.value()))
              .done(
                  written.written().orElseThrow(),
                  "changed since the plan: written beside as " + beside);
      case FAILED -> item.ended(State.FAILED, written.detail());
      case THAWING -> item.ended(State.THAWING, written.detail());
      case SKIPPED, PENDING ->
          skipped.ended(State.SKIPPED, "changed since the plan; %s is taken".formatted(beside));
    };
  }
}
