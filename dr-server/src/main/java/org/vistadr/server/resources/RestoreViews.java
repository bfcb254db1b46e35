package org.vistadr.server.resources;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreView;
import org.vistadr.api.Status;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.Pace;
import org.vistadr.restore.Restores;

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
    RestorePlan.Amount cannot = plan.counts().get(RestoreAction.CANNOT);
    List<RestorePlanView.ItemView> reasons =
        cannot == null || cannot.objects() == 0
            ? List.of()
            : restores
                .planItems(plan.id(), Optional.of(RestoreAction.CANNOT), 0, REASONS_SHOWN)
                .stream()
                .map(RestoreViews::view)
                .toList();
    return new RestorePlanView(
        plan.id(),
        plan.state().text(),
        plan.createdAt(),
        plan.expiresAt(),
        plan.moment().at(),
        basis(plan.moment()),
        plan.moment().basisAt(),
        plan.request().scope().words(),
        plan.request().from().map(SiteName::value).orElse("the cheapest healthy site"),
        counts,
        plan.newerAtRisk(),
        reasons,
        plan.confirm().text(),
        plan.bucket());
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
        new Status.Amount(restore.total().objects(), restore.total().bytes()),
        new Status.Amount(restore.done().objects(), restore.done().bytes()),
        counts,
        restore.message(),
        pace.map(Pace::bytesPerSecond),
        pace.flatMap(Pace::left)
            .map(left -> new RestoreView.Eta(seconds(left.low()), seconds(left.high()))));
  }

  static Page<RestorePlanView.ItemView> page(List<RestoreItem> found, int size) {
    boolean more = found.size() > size;
    List<RestoreItem> page = more ? found.subList(0, size) : found;
    return new Page<>(
        page.stream().map(RestoreViews::view).toList(),
        more
            ? Optional.of(Parameters.cursor(String.valueOf(page.getLast().seq())))
            : Optional.empty());
  }

  static RestoreScope scope(List<String> keys, Optional<String> prefix, boolean all) {
    int given = (keys.isEmpty() ? 0 : 1) + (prefix.isPresent() ? 1 : 0) + (all ? 1 : 0);
    if (given != 1) {
      throw ApiException.bad(
          "scope-invalid",
          "%d of keys, prefix and all are given".formatted(given),
          "give exactly one of them");
    }
    if (all) {
      return RestoreScope.ALL;
    }
    if (prefix.isPresent()) {
      if (prefix.get().isEmpty()) {
        throw ApiException.bad(
            "scope-invalid", "the prefix is empty", "say all: true for everything");
      }
      return new RestoreScope.Prefix(prefix.get());
    }
    return new RestoreScope.Keys(keys.stream().map((String key) -> key(key)).toList());
  }

  static Optional<SiteName> site(Optional<String> name) {
    try {
      return name.map(SiteName::new);
    } catch (IllegalArgumentException e) {
      throw ApiException.bad(
          "site-invalid", String.valueOf(e.getMessage()), "see vistadr site list");
    }
  }

  static RestorePlan.Overwrite overwrite(Optional<String> word) {
    return word.map(text ->
            java.util.Arrays.stream(RestorePlan.Overwrite.values())
                .filter(value -> value.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                    ApiException.bad(
                        "overwrite-invalid",
                        "'%s' is no rule for overwriting".formatted(text),
                        "use if-changed, always or never")))
        .orElse(RestorePlan.Overwrite.IF_CHANGED);
  }

  private static ObjectKey key(String text) {
    return Parameters.key(text);
  }

  private static RestorePlanView.ItemView view(RestoreItem item) {
    return new RestorePlanView.ItemView(
        item.key().value(),
        item.action().text(),
        item.reason(),
        item.wantedVersion().map(VersionId::value),
        item.size(),
        item.state().text(),
        item.detail());
  }

  private static String basis(RestorePlan.Moment moment) {
    return switch (moment.basis()) {
      case VERSIONS -> "versions";
      case SCANS -> "scan";
    };
  }

  private static long seconds(Duration span) {
    return Math.max(1, span.toSeconds());
  }

  static <E extends Enum<E>> E word(Class<E> type, String text, String parameter) {
    return java.util.Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
        .findFirst()
        .orElseThrow(() ->
            ApiException.bad(
                "parameter-invalid",
                "%s=%s is not known".formatted(parameter, text),
                java.util.Arrays.stream(type.getEnumConstants())
                    .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(java.util.stream.Collectors.joining(", ", "use one of ", ""))));
  }
}
