package org.vistadr.server.resources;

import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vistadr.api.PlanOutlook;
import org.vistadr.api.RestoreView;
import org.vistadr.api.Status;
import org.vistadr.model.RestoreEstimate;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.model.SiteName;
import org.vistadr.model.TimeSpan;
import org.vistadr.restore.plan.Outlook;

/// What a plan will take, from the engine to the wire. Pure but for what it asks.
final class OutlookViews {

  private OutlookViews() {}

  static PlanOutlook view(Outlook outlook, RestorePlan plan) {
    var estimate = outlook.estimate(plan);
    return new PlanOutlook(
        estimate.portions().stream().map(OutlookViews::source).toList(),
        amount(estimate.egress()),
        cost(outlook, estimate),
        estimate.time().map(OutlookViews::time),
        estimate
            .thaw()
            .map(thaw ->
                new PlanOutlook.Thaw(amount(thaw.amount()), thaw.tier().text(), time(thaw.time()))),
        outlook.reasons(plan).stream()
            .map(reason -> new PlanOutlook.Reason(reason.reason(), amount(reason.amount())))
            .toList(),
        outlook
            .lost(plan)
            .map(lost ->
                new PlanOutlook.Lost(lost.source().value(), amount(lost.amount()), lost.more())),
        outlook.lostClasses(plan).stream()
            .map(lost -> new PlanOutlook.LostClass(lost.storageClass(), amount(lost.amount())))
            .toList());
  }

  /// The places that the bytes come from, in words.
  static String sources(List<RestorePortion> portions) {
    return portions.stream()
        .map(RestorePortion::from)
        .distinct()
        .map(site -> site.equals(SiteName.PRIMARY) ? "primary versions" : site.value())
        .collect(Collectors.joining(", "));
  }

  private static PlanOutlook.Source source(RestorePortion portion) {
    return new PlanOutlook.Source(
        portion.from().value(),
        portion.storageClass(),
        portion.onServer(),
        portion.frozen(),
        amount(portion.amount()));
  }

  private static PlanOutlook.Cost cost(Outlook outlook, RestoreEstimate estimate) {
    Map<String, Double> amounts = new TreeMap<>();
    estimate
        .cost()
        .known()
        .forEach((currency, sum) ->
            amounts.put(currency, sum.setScale(4, RoundingMode.HALF_UP).doubleValue()));
    Map<String, PlanOutlook.PriceList> lists = new TreeMap<>();
    outlook
        .prices(estimate)
        .forEach((site, list) ->
            lists.put(
                site.value(),
                new PlanOutlook.PriceList(list.currency(), list.asOf(), list.source())));
    return new PlanOutlook.Cost(amounts, estimate.cost().unknown(), lists);
  }

  private static RestoreView.Eta time(TimeSpan span) {
    return new RestoreView.Eta(span.low().toSeconds(), span.high().toSeconds());
  }

  private static Status.Amount amount(Amount amount) {
    return new Status.Amount(amount.objects(), amount.bytes());
  }
}
