package org.vistadr.restore.plan;

import java.util.List;
import java.util.Map;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;

/// Which restores can be undone: those that are over, have written something, and are not undone.
///
/// @param catalog knows the restores
public record UndoRule(Catalog catalog) {

  /// The restore to undo.
  public Restore require(String restoreId) throws RestoreRefusedException {
    var restore =
        catalog
            .restores()
            .find(restoreId)
            .orElseThrow(() ->
                refused(
                    Code.NOT_FOUND,
                    "there is no restore " + restoreId,
                    "see what there is",
                    "vistadr restore list"));
    if (!restore.state().ended()) {
      throw refused(
          Code.WRONG_STATE,
          "restore %s is %s: only what is over can be undone"
              .formatted(restoreId, restore.state().text()),
          "wait for it, or end it",
          "vistadr restore cancel " + restoreId);
    }
    if (restore.request().target() instanceof RestoreTarget.Directory(var path)) {
      throw refused(
          Code.UNDO_IMPOSSIBLE,
          "restore %s wrote files below %s: only what is in a bucket can be undone"
              .formatted(restoreId, path),
          "what it replaced is kept below %s; move it back by hand, the report names what was written"
              .formatted(path.resolve(".vistadr/undo/" + restoreId)),
          "vistadr restore report " + restoreId);
    }
    if (restore.count(RestoreItem.State.DONE) == 0) {
      throw refused(
          Code.NOTHING_TO_UNDO,
          "restore %s wrote nothing".formatted(restoreId),
          "see what became of it",
          "vistadr restore report " + restoreId);
    }
    refuseUndone(restoreId);
    return restore;
  }

  /// An undo that did not get everything can be made again: what it undid is as it was then.
  private void refuseUndone(String restoreId) throws RestoreRefusedException {
    for (var id : catalog.reports().undoneBy(restoreId)) {
      var undo = catalog.restores().find(id);
      if (undo.isPresent() && standsInTheWay(undo.get())) {
        throw new RestoreRefusedException(
            Code.ALREADY_UNDONE,
            "restore %s %s by %s"
                .formatted(
                    restoreId, undo.get().state().ended() ? "was undone" : "is being undone", id),
            "to have it back, undo that one",
            Map.of("restore", id),
            List.of("vistadr restore undo " + id));
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
      Code code, String message, String hint, String tryNext) {
    return new RestoreRefusedException(code, message, hint, Map.of(), List.of(tryNext));
  }
}
