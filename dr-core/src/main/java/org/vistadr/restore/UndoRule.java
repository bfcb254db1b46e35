package org.vistadr.restore;

import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.RestoreRefusedException.Code;

/// Which restores can be undone: those that are over, have written something, and are not undone.
///
/// @param catalog knows the restores
record UndoRule(Catalog catalog) {

  /// The restore to undo.
  Restore require(String restoreId) throws RestoreRefusedException {
    var restore =
        catalog
            .restores()
            .find(restoreId)
            .orElseThrow(() ->
                refused(
                    Code.NOT_FOUND,
                    "there is no restore " + restoreId,
                    "see what there is: vistadr restore list",
                    Optional.empty()));
    if (!restore.state().ended()) {
      throw refused(
          Code.WRONG_STATE,
          "restore %s is %s: only what is over can be undone"
              .formatted(restoreId, restore.state().text()),
          "wait for it, or end it: vistadr restore cancel " + restoreId,
          Optional.empty());
    }
    if (restore.request().target() instanceof RestoreTarget.Directory(var path)) {
      throw refused(
          Code.UNDO_IMPOSSIBLE,
          "restore %s wrote files below %s: only what is in a bucket can be undone"
              .formatted(restoreId, path),
          "what it replaced is kept below .vistadr/undo/ there; move it back by hand",
          Optional.empty());
    }
    if (restore.count(RestoreItem.State.DONE) == 0) {
      throw refused(
          Code.NOTHING_TO_UNDO,
          "restore %s wrote nothing".formatted(restoreId),
          "see what became of it: vistadr restore report " + restoreId,
          Optional.empty());
    }
    refuseUndone(restoreId);
    return restore;
  }

  /// An undo that did not get everything can be made again: what it undid is as it was then.
  private void refuseUndone(String restoreId) throws RestoreRefusedException {
    for (var id : catalog.reports().undoneBy(restoreId)) {
      var undo = catalog.restores().find(id);
      if (undo.isPresent() && standsInTheWay(undo.get())) {
        throw refused(
            Code.ALREADY_UNDONE,
            "restore %s %s by %s"
                .formatted(
                    restoreId, undo.get().state().ended() ? "was undone" : "is being undone", id),
            "to have it back, undo that one: vistadr restore undo " + id,
            Optional.of(id));
      }
    }
  }

  private static boolean standsInTheWay(Restore undo) {
    return switch (undo.state()) {
      case QUEUED, THAWING, RUNNING, PAUSED, COMPLETED -> true;
      case PARTIAL, FAILED, CANCELLED -> false;
    };
  }

  private static RestoreRefusedException refused(
      Code code, String message, String hint, Optional<String> restore) {
    return new RestoreRefusedException(
        code, message, hint, restore.map(id -> Map.of("restore", id)).orElse(Map.of()));
  }
}
