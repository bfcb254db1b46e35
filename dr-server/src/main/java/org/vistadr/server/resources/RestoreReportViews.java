package org.vistadr.server.resources;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreReportView;
import org.vistadr.api.RestoreReportView.Asked;
import org.vistadr.api.Status;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.SiteName;
import org.vistadr.restore.RestoreReport;
import org.vistadr.restore.Restores;

/// Reports of restores on the wire.
///
/// @param restores what is asked
record RestoreReportViews(Restores restores) {

  /// So many objects that were not written are in the report itself.
  private static final int PROBLEMS_SHOWN = 1000;

  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss VV", Locale.ROOT);

  /// @param zone for the moment in local time
  /// @param now how long a restore runs that is not over
  RestoreReportView view(RestoreReport report, ZoneId zone, Instant now) {
    Restore restore = report.restore();
    List<RestorePlanView.ItemView> problems = new ArrayList<>();
    List<String> more = new ArrayList<>();
    for (RestoreItem.State state : problemStates(restore)) {
      addProblems(restore.id(), state, problems, more);
    }
    return new RestoreReportView(
        restore.id(),
        restore.planId(),
        restore.state().text(),
        restore.state().ended(),
        restore.message(),
        report.bucket(),
        report.course().askedBy(),
        asked(restore.request()),
        moment(restore.moment(), zone),
        amounts(report.planned()),
        results(report),
        times(report, now),
        report
            .newest()
            .map(version ->
                new RestoreReportView.Newest(
                    version.key().value(),
                    version.versionId().value(),
                    version.lastModified(),
                    seconds(report.distance().orElse(Duration.ZERO)))),
        sources(report.sources()),
        report.nonAtomic(),
        new RestoreReportView.ListHash(
            report.list().objects(), report.list().sha256().hex(), RestoreReportView.ListHash.RULE),
        undo(report),
        problems,
        more);
  }

  /// States of items that were not written. What is pending counts once nothing more happens.
  static List<RestoreItem.State> problemStates(Restore restore) {
    return restore.state().ended()
        ? List.of(RestoreItem.State.FAILED, RestoreItem.State.SKIPPED, RestoreItem.State.PENDING)
        : List.of(RestoreItem.State.FAILED, RestoreItem.State.SKIPPED);
  }

  private void addProblems(
      String id,
      RestoreItem.State state,
      List<RestorePlanView.ItemView> problems,
      List<String> more) {
    int room = PROBLEMS_SHOWN - problems.size();
    List<RestoreItem> found = restores.items(id, Optional.of(state), 0, room + 1);
    found.stream().limit(room).map(RestoreViews::view).forEach(problems::add);
    if (found.size() > room) {
      long last = room == 0 ? 0 : found.get(room - 1).seq();
      more.add(
          "/api/v1/restores/%s/items?result=%s&cursor=%s"
              .formatted(id, state.text(), Parameters.cursor(String.valueOf(last))));
    }
  }

  private static Asked asked(RestorePlan.Request request) {
    List<String> keys = List.of();
    List<String> prefixes = List.of();
    if (request.scope() instanceof RestoreScope.Parts(var some, var below)) {
      keys = some.stream().map(ObjectKey::value).toList();
      prefixes = below;
    }
    OptionalLong limit = request.manner().bytesPerSecond();
    return new Asked(
        words(request),
        RestoreViews.goal(request.goal()),
        request.scope().words(),
        keys,
        prefixes,
        request.globs().include(),
        request.globs().exclude(),
        request.at(),
        request.from().map(SiteName::value),
        request.target().text(),
        request.rules().overwrite().text(),
        request.rules().onChange().text(),
        request.rules().deleteExtra(),
        request.rules().nearest(),
        request.rules().strict(),
        request.manner().newestFirst() ? "newest-first" : "key",
        request.manner().first(),
        request.manner().last(),
        limit.isPresent() ? Optional.of(limit.getAsLong()) : Optional.empty(),
        request.manner().thaw().map(ThawTier::text));
  }

  private static String words(RestorePlan.Request request) {
    String target = request.target().inPlace() ? "in place" : "to " + request.target().text();
    return switch (request.goal()) {
      case RestoreGoal.AsOf(var at) ->
          "restore %s as of %s, %s"
              .formatted(
                  request.scope().words(), at.map(Instant::toString).orElse("the newest"), target);
      case RestoreGoal.Undelete(var at) ->
          "undelete %s%s"
              .formatted(
                  request.scope().words(),
                  at.map(since -> ", only what was deleted after " + since).orElse(""));
      case RestoreGoal.Undo(var undone) -> "undo restore %s, %s".formatted(undone, target);
    };
  }

  private static RestoreReportView.Moment moment(RestorePlan.Moment moment, ZoneId zone) {
    return new RestoreReportView.Moment(
        moment.at(),
        LOCAL.format(moment.at().atZone(zone)),
        ViewAnswers.basis(moment),
        moment.basisAt(),
        moment.basisAt().map(scan -> Duration.between(scan, moment.at()).toSeconds()),
        moment.complete());
  }

  private static RestoreReportView.Times times(RestoreReport report, Instant now) {
    double elapsed = seconds(report.elapsed(now));
    double divisor = Math.max(elapsed, 0.001);
    return new RestoreReportView.Times(
        report.restore().createdAt(),
        report.startedAt(),
        report.restore().endedAt(),
        elapsed,
        Math.round(100 * report.restore().done().objects() / divisor) / 100.0,
        Math.round(report.restore().done().bytes() / divisor));
  }

  private static RestoreReportView.Undo undo(RestoreReport report) {
    Optional<String> undoes =
        report.restore().request().goal() instanceof RestoreGoal.Undo(var undone)
            ? Optional.of(undone)
            : Optional.empty();
    return new RestoreReportView.Undo(
        undoes,
        report.undoneBy().stream().map(Restore::id).toList(),
        report.undoneBy().stream()
            .findFirst()
            .map(RestoreReportViews::undoState)
            .orElse("not-undone"));
  }

  private static String undoState(Restore newest) {
    return switch (newest.state()) {
      case QUEUED, THAWING, RUNNING, PAUSED -> "being-undone";
      case COMPLETED -> "undone";
      case PARTIAL, FAILED, CANCELLED ->
          newest.done().objects() == 0 ? "not-undone" : "partly-undone";
    };
  }

  private static Map<String, Map<String, Status.Amount>> results(RestoreReport report) {
    Map<String, Map<String, Status.Amount>> results = new TreeMap<>();
    report
        .results()
        .forEach((action, states) -> {
          Map<String, Status.Amount> amounts = new TreeMap<>();
          states.forEach((state, amount) -> amounts.put(state.text(), amount(amount)));
          results.put(action.text(), amounts);
        });
    return results;
  }

  private static Map<String, Status.Amount> amounts(
      Map<org.vistadr.model.RestoreAction, RestorePlan.Amount> counts) {
    Map<String, Status.Amount> amounts = new TreeMap<>();
    counts.forEach((action, amount) -> amounts.put(action.text(), amount(amount)));
    return amounts;
  }

  private static Map<String, Status.Amount> sources(Map<SiteName, RestorePlan.Amount> sources) {
    Map<String, Status.Amount> amounts = new TreeMap<>();
    sources.forEach((site, amount) -> amounts.put(site.value(), amount(amount)));
    return amounts;
  }

  private static Status.Amount amount(RestorePlan.Amount amount) {
    return new Status.Amount(amount.objects(), amount.bytes());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
