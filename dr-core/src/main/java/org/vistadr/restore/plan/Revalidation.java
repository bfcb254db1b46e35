package org.vistadr.restore.plan;

import java.util.ArrayList;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.target.Target;
import org.vistadr.restore.target.Targets;
import org.vistadr.storage.StorageException;

/// Looks again at what a plan saw, right before it is applied: at every object of a small plan, at
/// a thousand from all parts of a large one, so that it takes seconds whatever the plan's size.
/// What changes later, or was not looked at, the condition of each write finds. Safe for use by
/// many threads.
///
/// @param atOnce looks in flight
public record Revalidation(Catalog catalog, Targets targets, int atOnce) {

  private static final int MOST_LOOKS = 1000;

  private enum Change {
    NONE,
    CHANGED,
    OVERWRITE
  }

  /// The difference now.
  ///
  /// @throws StorageException when the bucket cannot be looked at
  public Drift look(RestorePlan plan) throws RestoreRefusedException, StorageException {
    var target = targets.open(plan.request());
    var items = catalog.course().sample(plan.id(), plan.work().objects(), MOST_LOOKS);
    var changed = new ArrayList<ObjectKey>();
    int overwrites = 0;
    var looked = Target.lookAll(items, target::look, atOnce);
    for (int i = 0; i < items.size(); i++) {
      switch (change(items.get(i), target, looked.get(i))) {
        case NONE -> {}
        case CHANGED -> changed.add(items.get(i).key());
        case OVERWRITE -> {
          // What is at stake is named first.
          changed.addFirst(items.get(i).key());
          overwrites++;
        }
      }
    }
    return new Drift(plan.work().objects(), items.size(), changed.size(), overwrites, changed);
  }

  private Change change(RestoreItem item, Target target, Looked looked) throws StorageException {
    if (!item.markers().isEmpty() && looked.current() instanceof CurrentState.Absent) {
      return looked.markers().equals(item.markers()) ? Change.NONE : Change.CHANGED;
    }
    return switch (looked.current()) {
      case CurrentState.Absent _ ->
          item.saw() instanceof CurrentState.Absent ? Change.NONE : Change.CHANGED;
      case CurrentState.Present now when now.equals(item.saw()) -> Change.NONE;
      case CurrentState.Present now ->
          hasWanted(item, target, now) ? Change.NONE : Change.OVERWRITE;
    };
  }

  private boolean hasWanted(RestoreItem item, Target target, CurrentState now)
      throws StorageException {
    if (item.wanted().isEmpty()) {
      return false;
    }
    var wanted = catalog.versions().find(item.wanted().getAsLong());
    return wanted.isPresent() && target.shows(now, wanted.get());
  }
}
