package org.vistadr.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan.Amount;

/// What applying a plan will probably take.
///
/// @param portions where the bytes come from
/// @param egress bytes that leave a provider
/// @param cost what it costs at list prices
/// @param time how long writing takes, by what was measured before, with the thaw; empty when
///   nothing was measured
/// @param thaw what must be thawed first; empty when nothing
public record RestoreEstimate(
    List<RestorePortion> portions,
    Amount egress,
    Cost cost,
    Optional<TimeSpan> time,
    Optional<Thaw> thaw) {

  /// Copies the list.
  public RestoreEstimate {
    portions = List.copyOf(portions);
  }

  /// @param known amounts by currency
  /// @param unknown what has no known price: `egress at b2`; when not empty the known amounts are
  ///   only a part
  public record Cost(Map<String, BigDecimal> known, List<String> unknown) {
    /// Copies both.
    public Cost {
      known = Map.copyOf(known);
      unknown = List.copyOf(unknown);
    }
  }

  /// @param amount what must be thawed
  /// @param tier how fast it is asked for
  /// @param time how long that typically takes
  public record Thaw(Amount amount, ThawTier tier, TimeSpan time) {}
}
