package org.vistadr.restore.plan;

import org.vistadr.model.Regime;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Confirm;

/// What applying a plan asks for, by how dangerous it is. Pure.
final class ConfirmRule {

  private ConfirmRule() {}

  /// Severe (the target's name): anything is deleted, content is replaced at another target than
  /// the primary or in a bucket that keeps no versions, or the plan writes more than the limits.
  /// Moderate (a yes): content is replaced, or deleted again by an undo. Mild: the rest.
  static Confirm of(RestorePlan plan, Regime regime, RestoreSettings.ConfirmAbove above) {
    var overwrites = plan.count(RestoreAction.PUT_BACK).objects();
    var deletions = plan.count(RestoreAction.DELETE).objects();
    var work = plan.work();
    boolean replacesForGood =
        overwrites > 0 && (regime != Regime.VERSIONED || !plan.request().target().inPlace());
    // What an undo deletes came by the restore, and stays as a version.
    boolean undoes =
        plan.request().goal() instanceof RestoreGoal.Undo && regime == Regime.VERSIONED;
    if (undoes) {
      overwrites += deletions;
      deletions = 0;
    }
    if (deletions > 0
        || replacesForGood
        || overwrites > above.overwrites()
        || work.objects() > above.objects()
        || work.bytes() > above.bytes()) {
      return Confirm.BUCKET;
    }
    return overwrites > 0 ? Confirm.YES : Confirm.NONE;
  }
}
