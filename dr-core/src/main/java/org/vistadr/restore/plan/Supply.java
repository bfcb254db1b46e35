package org.vistadr.restore.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.PlanSums;
import org.vistadr.model.Entry;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.source.ThawRule;
import org.vistadr.restore.target.Target;

/// Where one plan gets its bytes, key by key and added up. Its size is bounded by the number of
/// sites and their classes, not by that of objects. Used by one thread.
final class Supply {

  /// More reasons than this are counted together.
  private static final int REASONS = 100;

  private static final String OTHER_REASONS = "other reasons";

  private final Sources sources;
  private final RestorePlan.Request request;
  private final Optional<Regime> primary;
  private final Target target;
  private final Map<RestorePortion, Amount> portions = new HashMap<>();
  private final Map<String, Amount> reasons = new HashMap<>();
  private final Map<String, Amount> lostClasses = new HashMap<>();
  private Optional<Source> chosen = Optional.empty();
  private Optional<String> lostClass = Optional.empty();

  /// @param primary the primary's regime now; empty when it is not to be read from
  /// @param target what is written to
  Supply(Sources sources, RestorePlan.Request request, Optional<Regime> primary, Target target) {
    this.sources = sources;
    this.request = request;
    this.primary = primary;
    this.target = target;
  }

  /// Turns to the next key.
  void next() {
    chosen = Optional.empty();
    lostClass = Optional.empty();
  }

  /// Chooses where the bytes of the key's version come from.
  ///
  /// @param overwritten whether the primary keeps no versions and has other content now
  /// @return why they cannot be had; empty when they can
  Optional<String> choose(RecordedVersion version, boolean overwritten) {
    var source = sources.best(version, request.from(), primary, overwritten);
    if (source.isEmpty()) {
      return Optional.of(sources.whyLost(version, request.from(), primary));
    }
    var refusal =
        source
            .get()
            .archive()
            .flatMap(archive ->
                ThawRule.refusal(
                    "%s at %s"
                        .formatted(source.get().storageClass().orElse(""), source.get().site()),
                    archive,
                    request.manner().thaw()));
    if (refusal.isEmpty()) {
      chosen = source;
      lostClass = classOf(version).filter(name -> !target.keepsClass(name));
    }
    return refusal;
  }

  /// Adds up what was decided about the key.
  ///
  /// @return the item, waiting when its bytes must be thawed first
  RestoreItem count(RestoreItem item) {
    if (item.action() == RestoreAction.CANNOT) {
      var reason =
          reasons.size() < REASONS || reasons.containsKey(item.reason())
              ? item.reason()
              : OTHER_REASONS;
      add(reasons, reason, item.size());
      return item;
    }
    boolean moves =
        item.action().writes() && item.action() != RestoreAction.DELETE && item.markers().isEmpty();
    if (!moves || chosen.isEmpty()) {
      return item;
    }
    lostClass.ifPresent(name -> add(lostClasses, name, item.size()));
    var source = chosen.get();
    boolean frozen = source.archive().isPresent();
    add(
        portions,
        new RestorePortion(
            source.site(),
            source.storageClass(),
            target.copiesOnServer(source),
            frozen,
            Amount.ZERO),
        item.size());
    return frozen
        ? item.ended(RestoreItem.State.THAWING, "waits for the archive at " + source.site())
        : item;
  }

  /// Keeps the sums with the plan.
  void keep(PlanSums sums, String planId) {
    var added = new ArrayList<RestorePortion>();
    portions.forEach((portion, amount) ->
        added.add(
            new RestorePortion(
                portion.from(),
                portion.storageClass(),
                portion.onServer(),
                portion.frozen(),
                amount)));
    sums.keep(planId, List.copyOf(added), Map.copyOf(reasons), Map.copyOf(lostClasses));
  }

  private static Optional<String> classOf(RecordedVersion version) {
    return version.entry() instanceof Entry.Content(_, _, var storageClass)
        ? Sources.named(storageClass)
        : Optional.empty();
  }

  private static <K> void add(Map<K, Amount> sums, K key, long size) {
    sums.merge(key, new Amount(1, size), (a, b) -> a.plus(b.objects(), b.bytes()));
  }
}
