package org.vistadr.server.resources;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreView;
import org.vistadr.api.Status;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.Restores;
import org.vistadr.restore.run.Pace;

/// Restores and plans between the wire and the engine.
///
/// @param restores what is asked
record RestoreViews(Restores restores) {

  private static final int REASONS_SHOWN = 10;

  RestorePlanView view(RestorePlan plan) {
    Map<String, Status.Amount> counts = new TreeMap<>();
    plan.counts()
        .forEach((action, amount) ->
            counts.put(action.text(), new Status.Amount(amount.objects(), amount.bytes())));
    long ambiguous = restores.ambiguous(plan.id());
    var portions = OutlookViews.sources(restores.outlook().estimate(plan).portions());
    var sources = portions.isEmpty() ? "the cheapest healthy site" : portions;
    return new RestorePlanView(
        plan.id(),
        plan.state().text(),
        plan.createdAt(),
        plan.expiresAt(),
        plan.moment().at(),
        ViewAnswers.basis(plan.moment()),
        plan.moment().basisAt(),
        plan.request().scope().words(),
        plan.request().target().text(),
        plan.request().from().map(SiteName::value).orElse(sources),
        counts,
        plan.newerAtRisk(),
        some(plan, RestoreAction.CANNOT),
        plan.confirm().text(),
        plan.bucket(),
        ViewAnswers.moment(restores.views(), plan.moment()),
        ambiguous,
        ambiguous == 0
            ? List.of()
            : restores.ambiguousItems(plan.id(), 0, REASONS_SHOWN).stream()
                .map(RestoreViews::view)
                .toList(),
        Optional.of(OutlookViews.view(restores.outlook(), plan)),
        goal(plan.request().goal()),
        plan.request().undoes(),
        plan.oldestDeletion(),
        plan.request().undoes().isPresent() ? some(plan, RestoreAction.LEFT_ALONE) : List.of());
  }

  RestoreView view(Restore restore) {
    Map<String, Long> counts = new TreeMap<>();
    restore.counts().forEach((state, count) -> counts.put(state.text(), count));
    Optional<Pace> pace = restore.state().ended() ? Optional.empty() : restores.pace(restore.id());
    return new RestoreView(
        restore.id(),
        restore.planId(),
        restore.state().text(),
        restore.createdAt(),
        restore.endedAt(),
        restore.moment().at(),
        restore.request().scope().words(),
        restore.request().target().text(),
        new Status.Amount(restore.total().objects(), restore.total().bytes()),
        new Status.Amount(restore.done().objects(), restore.done().bytes()),
        counts,
        restore.message(),
        pace.map(Pace::bytesPerSecond),
        pace.flatMap(Pace::left)
            .map(left -> new RestoreView.Eta(seconds(left.low()), seconds(left.high()))),
        optional(restore.request().manner().bytesPerSecond()),
        restores.control().attempts(restore.id()).stream()
            .map(before ->
                new RestoreView.Attempt(before.state().text(), before.endedAt(), before.message()))
            .toList(),
        restores.notes(restore),
        goal(restore.request().goal()));
  }

  /// The first items of an action, with their reasons.
  private List<RestorePlanView.ItemView> some(RestorePlan plan, RestoreAction action) {
    return plan.count(action).objects() == 0
        ? List.of()
        : restores.planItems(plan.id(), Optional.of(action), 0, REASONS_SHOWN).stream()
            .map(RestoreViews::view)
            .toList();
  }

  static String goal(RestoreGoal goal) {
    return switch (goal) {
      case RestoreGoal.AsOf _ -> "as-of";
      case RestoreGoal.Undelete _ -> "undelete";
      case RestoreGoal.Undo _ -> "undo";
    };
  }

  static Page<RestorePlanView.ItemView> page(List<RestoreItem> found, int size) {
    return Pages.of(found, size, RestoreViews::view, last -> String.valueOf(last.seq()));
  }

  static RestorePlanView.ItemView view(RestoreItem item) {
    Optional<RestoreItem.Written> written = item.written();
    return new RestorePlanView.ItemView(
        item.key().value(),
        item.action().text(),
        item.reason(),
        item.wantedVersion().map(VersionId::value),
        item.size(),
        item.state().text(),
        item.detail(),
        item.markers().size(),
        item.place(),
        written.flatMap(RestoreItem.Written::version).map(VersionId::value),
        written.map(RestoreItem.Written::etag).filter(etag -> !etag.isEmpty()),
        written.flatMap(RestoreItem.Written::sha256).map(Sha256::hex));
  }

  private static Optional<Long> optional(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }

  private static long seconds(Duration span) {
    return Math.max(1, span.toSeconds());
  }
}
