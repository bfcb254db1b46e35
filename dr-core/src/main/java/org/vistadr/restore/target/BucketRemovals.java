package org.vistadr.restore.target;

import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.State;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;

/// What a restore takes away in a bucket: keys born after the moment, by a delete marker or when
/// they are safe elsewhere, and delete markers that hide content. Safe for use by many threads.
///
/// @param target the bucket
/// @param preserve knows what is safe
record BucketRemovals(BucketTarget target, Preserve preserve) {

  /// Deletes what the plan saw.
  RestoreItem delete(RestoreItem item) throws StorageException {
    if (!(item.saw() instanceof CurrentState.Present(_, var etag, var size))) {
      return item.ended(State.FAILED, "the plan saw nothing to delete");
    }
    var looked = target.look(item.key());
    if (looked.current() instanceof CurrentState.Absent(var marker)) {
      return item.done(Written.deletion(marker), "is deleted already");
    }
    if (!looked.current().equals(item.saw())) {
      return item.ended(State.SKIPPED, "changed since the plan");
    }
    if (target.regimeOf(item.key()) != Regime.VERSIONED
        && looked.mutableContent().isPresent()
        && !preserve.isSafe(item.key(), etag, size)
        && !preserve.isElsewhere(item)) {
      return item.ended(State.FAILED, "not at a secondary: deleting would lose it");
    }
    Optional<VersionId> marker =
        target.store().delete(target.keyOf(item.key()), new WriteCondition.Matching(etag));
    return target.look(item.key()).current() instanceof CurrentState.Absent(var top)
        ? item.done(Written.deletion(marker.or(() -> top)), "deleted")
        : item.ended(State.FAILED, "still there after it was deleted");
  }

  /// Removes the markers that the plan named, newest first, so that the content shows only when the
  /// last one is gone.
  RestoreItem removeMarkers(RestoreItem item) throws StorageException {
    var wanted = item.wantedVersion().orElseThrow();
    var looked = target.look(item.key());
    var shown = showing(item, looked, "shows already");
    if (shown.isPresent()) {
      return shown.get();
    }
    int gone = item.markers().size() - looked.markers().size();
    boolean asPlanned =
        looked.current() instanceof CurrentState.Absent
            && looked.newestContent().filter(c -> c.versionId().equals(wanted)).isPresent()
            && gone >= 0
            && item.markers().subList(gone, item.markers().size()).equals(looked.markers());
    if (!asPlanned) {
      return item.ended(State.SKIPPED, "changed since the plan");
    }
    for (var marker : looked.markers()) {
      target.store().deleteVersion(target.keyOf(item.key()), marker);
    }
    return showing(item, target.look(item.key()), "delete marker removed")
        .orElseGet(() -> item.ended(State.FAILED, "does not show after its markers were removed"));
  }

  private Optional<RestoreItem> showing(RestoreItem item, Looked looked, String detail) {
    return looked.current() instanceof CurrentState.Present(var id, var etag, _)
            && item.wantedVersion().filter(id::equals).isPresent()
        ? Optional.of(
            item.done(
                new Written(
                    Optional.of(id),
                    etag,
                    Optional.empty(),
                    Optional.of(target.store().site()),
                    true),
                detail))
        : Optional.empty();
  }
}
