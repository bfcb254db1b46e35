package org.vistadr.restore.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.PlanSums.LostClass;
import org.vistadr.catalog.PlanSums.Reason;
import org.vistadr.catalog.ReplicationQueue.Pending;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.PriceList;
import org.vistadr.model.RestoreEstimate;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;

/// What a plan will take, what it cannot bring back and what its source never had. Safe for use by
/// many threads.
public final class Outlook {

  private static final int PAGE = 1000;

  /// So many changes are counted exactly.
  private static final int MOST_COUNTED = 100_000;

  private final Catalog catalog;
  private final ObjectStore primary;
  private final Map<SiteName, ObjectStore> stores;
  private final Map<SiteName, PriceList> prices;

  public Outlook(
      Catalog catalog,
      ObjectStore primary,
      List<ObjectStore> secondaries,
      Map<SiteName, PriceList> prices) {
    this.catalog = catalog;
    this.primary = primary;
    var all = new ArrayList<>(secondaries);
    all.add(primary);
    this.stores =
        all.stream().collect(Collectors.toMap(ObjectStore::site, store -> store, (one, _) -> one));
    this.prices = prices;
  }

  /// What applying a plan will probably take, at today's prices.
  public RestoreEstimate estimate(RestorePlan plan) {
    var profiles =
        stores.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, store -> store.getValue().profile()));
    return new EstimateRule(prices, catalog.planSums().speeds(), profiles, target(plan))
        .of(
            catalog.planSums().portions(plan.id()),
            plan.request().manner().thaw(),
            plan.request().manner().bytesPerSecond());
  }

  /// The prices that the estimate of a plan rests on, of the sites that take part in it.
  public Map<SiteName, PriceList> prices(RestoreEstimate estimate) {
    return estimate.portions().stream()
        .map(portion -> portion.from())
        .distinct()
        .filter(prices::containsKey)
        .collect(Collectors.toMap(site -> site, site -> prices.get(site)));
  }

  /// Why objects of a plan cannot be brought back, the most frequent reason first.
  public List<Reason> reasons(RestorePlan plan) {
    return catalog.planSums().reasons(plan.id());
  }

  /// Objects of a plan that lose their storage class, since the target has no such one.
  public List<LostClass> lostClasses(RestorePlan plan) {
    return catalog.planSums().lostClasses(plan.id());
  }

  /// Items of a plan that replace or delete what is newer than its moment.
  ///
  /// @param afterSeq only items behind this one
  public List<RestoreItem> newer(String planId, long afterSeq, int limit) {
    return catalog.planSums().newer(planId, afterSeq, limit);
  }

  /// Changes that the plan's source does not have: they were still on their way to it.
  ///
  /// @return empty when the plan's source is not one secondary
  public Optional<Lost> lost(RestorePlan plan) {
    return source(plan)
        .map(source -> {
          if (everything(plan)) {
            var backlog = catalog.queue().backlog(source);
            return new Lost(
                source,
                new Amount(
                    backlog.pendingObjects() + backlog.held() + backlog.givenUp(),
                    backlog.pendingBytes()),
                false);
          }
          var sum = Amount.ZERO;
          long after = 0;
          long seen = 0;
          while (seen < MOST_COUNTED) {
            var page = catalog.queue().notDurable(source, after, PAGE);
            if (page.isEmpty()) {
              return new Lost(source, sum, false);
            }
            for (var row : page) {
              if (plan.request().asksFor(row.version().key())) {
                sum = sum.plus(1, row.version().entry().bytes());
              }
            }
            seen += page.size();
            after = page.getLast().version().id();
          }
          return new Lost(source, sum, true);
        });
  }

  /// A page of these changes, in the order in which they were learned.
  ///
  /// @param afterId only those whose version was recorded after this one
  public List<Pending> lost(RestorePlan plan, long afterId, int limit) {
    var source = source(plan);
    if (source.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<Pending>();
    long after = afterId;
    while (found.size() < limit) {
      var page = catalog.queue().notDurable(source.get(), after, PAGE);
      if (page.isEmpty()) {
        return found;
      }
      page.stream()
          .filter(row -> plan.request().asksFor(row.version().key()))
          .limit(limit - found.size())
          .forEach(found::add);
      after = page.getLast().version().id();
    }
    return found;
  }

  private Optional<SiteName> source(RestorePlan plan) {
    return plan.request()
        .from()
        .filter(site -> !site.equals(primary.site()) && stores.containsKey(site));
  }

  private static boolean everything(RestorePlan plan) {
    return plan.request().scope() instanceof RestoreScope.All
        && plan.request().globs().equals(KeyGlobs.ANY);
  }

  private Optional<SiteName> target(RestorePlan plan) {
    return switch (plan.request().target()) {
      case RestoreTarget.InPlace() -> Optional.of(primary.site());
      case RestoreTarget.Bucket(var site, _, _) -> Optional.of(site);
      case RestoreTarget.Directory _ -> Optional.empty();
    };
  }

  /// @param source the secondary
  /// @param amount changes that it does not have
  /// @param more whether there are more than were counted
  public record Lost(SiteName source, Amount amount, boolean more) {}
}
