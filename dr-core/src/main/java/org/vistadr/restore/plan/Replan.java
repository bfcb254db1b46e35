package org.vistadr.restore.plan;

import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.State;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.Target;
import org.vistadr.storage.StorageException;

/// Plans an item anew whose key changed since its plan, against what the key holds now.
///
/// @param catalog what the wanted version is
/// @param sources where its bytes are
/// @param primary the primary's regime now; empty when it is not to be read from
/// @param request what was asked
public record Replan(
    Catalog catalog, Sources sources, Optional<Regime> primary, RestorePlan.Request request) {

  /// The item under the condition of what its key holds now, or ended where nothing is to be done.
  public RestoreItem decide(RestoreItem item, Target target, Looked looked)
      throws StorageException {
    if (request.undoes().isPresent()) {
      // An undo never writes over what somebody did later.
      return looked.current().equals(item.saw())
          ? item
          : item.ended(State.SKIPPED, "changed since the plan of the undo");
    }
    Optional<RecordedVersion> wanted =
        item.wanted().isPresent()
            ? catalog.versions().find(item.wanted().getAsLong())
            : Optional.empty();
    if (item.wanted().isPresent() && wanted.isEmpty()) {
      return item.ended(State.FAILED, "the catalog no longer knows the version");
    }
    boolean same = wanted.isPresent() && target.holds(item, looked.current(), wanted.get());
    boolean overwritten =
        request.target().inPlace() && target.regime() == Regime.UNVERSIONED && !same;
    var supply = new Supply(sources, request, primary, target);
    var lost = wanted.flatMap(version -> supply.choose(version, overwritten));
    boolean keepable =
        wanted.isPresent() || sources.survivesDeletion(looked, target.regimeOf(looked.key()));
    var anew = new ItemPlan(request, wanted, true, looked, same, lost, keepable).decide();
    if (anew.isEmpty()) {
      return item.done(Written.deletion(marker(looked.current())), "is deleted already");
    }
    var action = anew.get().action();
    return switch (action) {
      case BRING_BACK, PUT_BACK, DELETE -> seeing(item, action, looked);
      case UNCHANGED -> item.done(found(looked.current()), "has the wanted content already");
      case LEFT_ALONE -> item.ended(State.SKIPPED, anew.get().reason());
      case CANNOT -> item.ended(State.FAILED, anew.get().reason());
    };
  }

  private static Optional<VersionId> marker(CurrentState now) {
    return now instanceof CurrentState.Absent(var marker) ? marker : Optional.empty();
  }

  private static Written found(CurrentState now) {
    return now instanceof CurrentState.Present(var id, var etag, _)
        ? new Written(Optional.of(id), etag, Optional.empty(), Optional.empty(), true)
        : Written.deletion(marker(now));
  }

  private static RestoreItem seeing(RestoreItem item, RestoreAction action, Looked looked) {
    return item.seeing(action, reason(looked.current()), looked.current());
  }

  private static String reason(CurrentState now) {
    return switch (now) {
      case CurrentState.Absent _ -> "deleted since";
      case CurrentState.Present _ -> "changed since the plan";
    };
  }
}
