package org.vistadr.protect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.PruneRule.KeptSpan;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;

/// What restores need of the past: plans that can still be applied and restores that are not over
/// the view that they restore; and for as long as a restore is remembered, so that it can be
/// undone, that and what was there while it ran.
final class RestoreNeeds {

  /// More restores than this are taken together as one span over everything.
  private static final int AT_MOST = 500;

  private RestoreNeeds() {}

  static List<KeptSpan> of(Catalog catalog, Instant now) {
    List<KeptSpan> spans = new ArrayList<>();
    for (RestorePlan plan : catalog.restores().ready(now)) {
      spans.addAll(ofPlan("the restore plan " + plan.id(), plan.request(), plan.moment()));
    }
    Optional<String> before = Optional.empty();
    while (true) {
      List<Restore> page = catalog.restores().list(AT_MOST, before);
      for (Restore restore : page) {
        String name = "the restore %s, or its undo".formatted(restore.id());
        // One that brought back all that was deleted needs nothing of the past any more, and the
        // past
        // of an undelete is everything.
        if (!(restore.request().goal() instanceof RestoreGoal.Undelete)
            || restore.state() != Restore.State.COMPLETED) {
          spans.addAll(ofPlan(name, restore.request(), restore.moment()));
        }
        Instant end = restore.endedAt().orElse(Instant.MAX);
        spans.add(
            new KeptSpan(
                Why.RESTORE,
                name,
                restore.request().scope(),
                // What was there when its plan was made is what it replaced.
                restore.createdAt().minus(java.time.Duration.ofDays(1)),
                end));
      }
      if (page.size() < AT_MOST) {
        return spans;
      }
      if (spans.size() > 4 * AT_MOST) {
        Instant first =
            spans.stream().map(KeptSpan::first).min(Instant::compareTo).orElse(Instant.MIN);
        spans.clear();
        spans.add(
            new KeptSpan(
                Why.RESTORE, "many restores, or their undo", RestoreScope.ALL, first, Instant.MAX));
      }
      before = Optional.of(page.getLast().id());
    }
  }

  private static List<KeptSpan> ofPlan(
      String name, RestorePlan.Request request, RestorePlan.Moment moment) {
    Instant viewed = moment.viewedAt();
    return switch (request.goal()) {
      case RestoreGoal.AsOf _, RestoreGoal.Undo _ ->
          List.of(new KeptSpan(Why.RESTORE, name, request.scope(), viewed, viewed));
      // What comes back is what was there before a deletion, whenever that was.
      case RestoreGoal.Undelete _ ->
          List.of(new KeptSpan(Why.RESTORE, name, request.scope(), Instant.MIN, Instant.MAX));
    };
  }
}
