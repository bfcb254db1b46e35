package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/// One entry of `prices:`, what a provider or a site asks for. What is left out is taken from the
/// built-in list when that has the same currency, and is unknown else.
///
/// @param currency ISO 4217 code; USD when left out
/// @param asOf the day on which the prices were right
/// @param writesPer1000 1,000 PUT, COPY, POST or LIST requests
/// @param readsPer1000 1,000 GET or HEAD requests
/// @param egressPerGib a GiB that leaves the provider
/// @param readPerGib a GiB read, by storage class
/// @param thaw thawing, by archive class and tier
public record PriceSection(
    String currency,
    Optional<LocalDate> asOf,
    Optional<BigDecimal> writesPer1000,
    Optional<BigDecimal> readsPer1000,
    @JsonProperty("egressPerGiB") Optional<BigDecimal> egressPerGib,
    @JsonProperty("readPerGiB") Map<String, BigDecimal> readPerGib,
    Map<String, Map<String, Thaw>> thaw) {

  /// Fills in the defaults.
  public PriceSection {
    currency = requireNonNullElse(currency, "USD");
    readPerGib = Map.copyOf(requireNonNullElse(readPerGib, Map.of()));
    thaw = Map.copyOf(requireNonNullElse(thaw, Map.of()));
  }

  /// @param perGib a GiB
  /// @param per1000 1,000 objects
  public record Thaw(
      @JsonProperty("perGiB") Optional<BigDecimal> perGib, Optional<BigDecimal> per1000) {}
}
