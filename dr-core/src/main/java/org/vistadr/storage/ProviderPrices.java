package org.vistadr.storage;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.PriceList;
import org.vistadr.model.PriceList.ThawPrice;
import org.vistadr.model.RestoreManner.ThawTier;

/// List prices of public providers, as data: the first step of each scale, without free allowances,
/// taxes or contracts. Storage is not among them, since a restore does not buy any. The section
/// `prices` of the configuration corrects them.
public final class ProviderPrices {

  private static final LocalDate AS_OF = LocalDate.of(2026, 6, 1);
  private static final BigDecimal FREE = BigDecimal.ZERO;

  private static final PriceList AWS =
      list(
          "list prices of us-east-1, transfer to the internet",
          "0.005",
          "0.0004",
          "0.09",
          Map.of(
              "REDUCED_REDUNDANCY", FREE,
              "INTELLIGENT_TIERING", FREE,
              "STANDARD_IA", amount("0.01"),
              "ONEZONE_IA", amount("0.01"),
              "GLACIER_IR", amount("0.03")),
          Map.of(
              "GLACIER",
              Map.of(
                  ThawTier.EXPEDITED, thaw("0.03", "10"),
                  ThawTier.STANDARD, thaw("0.01", "0.05"),
                  ThawTier.BULK, thaw("0", "0")),
              "DEEP_ARCHIVE",
              Map.of(
                  ThawTier.STANDARD, thaw("0.02", "0.10"),
                  ThawTier.BULK, thaw("0.0025", "0.025"))));

  private static final Map<String, PriceList> LISTS =
      Map.of(
          "aws", AWS,
          "b2",
              plain(
                  "list prices beyond the free egress of three times what is stored",
                  "0",
                  "0.0004",
                  "0.01"),
          "r2", plain("list prices", "0.0045", "0.00036", "0"),
          "wasabi", plain("no fees for requests and egress within its fair use", "0", "0", "0"),
          "digitalocean", plain("list prices beyond the transfer included", "0", "0", "0.01"),
          "gcs",
              list(
                  "list prices of multi-region Standard, transfer to the internet",
                  "0.01",
                  "0.0004",
                  "0.12",
                  Map.of(
                      "NEARLINE", amount("0.01"),
                      "COLDLINE", amount("0.02"),
                      "ARCHIVE", amount("0.05")),
                  Map.of()));

  private ProviderPrices() {}

  /// The prices of a profile; empty where nobody publishes any, as for a server of one's own.
  public static Optional<PriceList> of(ProviderProfile profile) {
    return Optional.ofNullable(LISTS.get(profile.name()));
  }

  private static PriceList plain(String source, String writes, String reads, String egress) {
    return list(source, writes, reads, egress, Map.of(), Map.of());
  }

  private static PriceList list(
      String source,
      String writes,
      String reads,
      String egress,
      Map<String, BigDecimal> readPerGib,
      Map<String, Map<ThawTier, ThawPrice>> thaw) {
    return new PriceList(
        "USD",
        AS_OF,
        source,
        Optional.of(amount(writes)),
        Optional.of(amount(reads)),
        Optional.of(amount(egress)),
        readPerGib,
        thaw);
  }

  private static ThawPrice thaw(String perGib, String perThousand) {
    return new ThawPrice(amount(perGib), amount(perThousand));
  }

  private static BigDecimal amount(String text) {
    return new BigDecimal(text);
  }
}
