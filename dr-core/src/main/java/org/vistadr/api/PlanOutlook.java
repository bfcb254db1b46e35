package org.vistadr.api;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What applying a plan will probably take, and what it leaves out.
///
/// @param sources where the bytes come from
/// @param egress what leaves a provider
/// @param cost at list prices
/// @param time how long it takes, the thaw included; absent before anything was measured
/// @param thaw what must be thawed first; absent when nothing
/// @param cannot why objects cannot be brought back, the most frequent reason first
/// @param lost what the plan's source never had; absent when the source is not one secondary
/// @param lostClasses what is written in the default storage class, since the target does not have
///   its own; the most frequent class first
public record PlanOutlook(
    List<Source> sources,
    Status.Amount egress,
    Cost cost,
    Optional<RestoreView.Eta> time,
    Optional<Thaw> thaw,
    List<Reason> cannot,
    Optional<Lost> lost,
    List<LostClass> lostClasses) {

  /// @param site the site
  /// @param storageClass the class of the bytes there; absent for the default
  /// @param onServer whether the provider copies them itself
  /// @param frozen whether they must be thawed first
  /// @param amount how much
  public record Source(
      String site,
      Optional<String> storageClass,
      boolean onServer,
      boolean frozen,
      Status.Amount amount) {}

  /// @param amounts by currency
  /// @param unknown what has no known price; when not empty, the amounts are only a part
  /// @param lists the price lists, by site
  public record Cost(
      Map<String, Double> amounts, List<String> unknown, Map<String, PriceList> lists) {}

  /// @param currency of the list
  /// @param asOf the day on which it was right
  /// @param source where it comes from
  public record PriceList(String currency, LocalDate asOf, String source) {}

  /// @param amount what must be thawed
  /// @param tier `expedited`, `standard` or `bulk`
  /// @param time how long that typically takes
  public record Thaw(Status.Amount amount, String tier, RestoreView.Eta time) {}

  /// @param storageClass a class that the target does not have
  /// @param amount how much
  public record LostClass(String storageClass, Status.Amount amount) {}

  /// @param reason why
  /// @param amount how much
  public record Reason(String reason, Status.Amount amount) {}

  /// @param site the plan's source
  /// @param amount changes that were still on their way to it
  /// @param more whether there are more than were counted
  public record Lost(String site, Status.Amount amount, boolean more) {}
}
