package org.vistadr.model;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.RestoreManner.ThawTier;

/// What a site asks for what a restore does there. What is missing is unknown, which is never the
/// same as nothing.
///
/// @param currency ISO 4217 code of all amounts
/// @param asOf the day on which they were right
/// @param source where they come from, for people
/// @param writesPerThousand for 1,000 PUT, COPY, POST or LIST requests
/// @param readsPerThousand for 1,000 GET or HEAD requests
/// @param egressPerGib for each GiB that leaves the provider
/// @param readPerGib for each GiB read, by storage class; classes that can be read for nothing are
///   there with zero
/// @param thaw for thawing, by archive class and tier
public record PriceList(
    String currency,
    LocalDate asOf,
    String source,
    Optional<BigDecimal> writesPerThousand,
    Optional<BigDecimal> readsPerThousand,
    Optional<BigDecimal> egressPerGib,
    Map<String, BigDecimal> readPerGib,
    Map<String, Map<ThawTier, ThawPrice>> thaw) {

  /// Copies the maps.
  public PriceList {
    readPerGib = Map.copyOf(readPerGib);
    thaw = Map.copyOf(thaw);
  }

  /// @param perGib for each GiB
  /// @param perThousand for 1,000 objects
  public record ThawPrice(BigDecimal perGib, BigDecimal perThousand) {}

  /// This list, and what it leaves open from another one in the same currency.
  public PriceList or(PriceList other) {
    if (!currency.equals(other.currency)) {
      return this;
    }
    var reads = new java.util.HashMap<>(other.readPerGib);
    reads.putAll(readPerGib);
    var thaws = new java.util.HashMap<>(other.thaw);
    thaws.putAll(thaw);
    return new PriceList(
        currency,
        asOf,
        source,
        writesPerThousand.or(other::writesPerThousand),
        readsPerThousand.or(other::readsPerThousand),
        egressPerGib.or(other::egressPerGib),
        reads,
        thaws);
  }

  /// What thawing costs; empty when it is unknown.
  public Optional<ThawPrice> thawPrice(String archiveClass, ThawTier tier) {
    return Optional.ofNullable(thaw.get(archiveClass))
        .flatMap(tiers -> Optional.ofNullable(tiers.get(tier)));
  }
}
