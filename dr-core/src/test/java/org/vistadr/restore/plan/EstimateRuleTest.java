package org.vistadr.restore.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vistadr.model.MeasuredSpeed;
import org.vistadr.model.PriceList;
import org.vistadr.model.RestoreEstimate;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.model.SiteName;
import org.vistadr.model.TimeSpan;
import org.vistadr.storage.ProviderPrices;
import org.vistadr.storage.ProviderProfiles;

final class EstimateRuleTest {

  private static final SiteName B2 = new SiteName("b2");
  private static final SiteName AWS = new SiteName("archive");
  private static final SiteName OWN = new SiteName("own");
  private static final long GIB = 1L << 30;
  private static final Map<SiteName, PriceList> PRICES =
      Map.of(
          SiteName.PRIMARY,
          ProviderPrices.of(ProviderProfiles.WASABI).orElseThrow(),
          B2,
          ProviderPrices.of(ProviderProfiles.B2).orElseThrow(),
          AWS,
          ProviderPrices.of(ProviderProfiles.AWS).orElseThrow());

  @Test
  void wholeBucketFromBackblazeCostsItsEgressAndItsDownloads() {
    var estimate = estimate(List.of(), from(B2, 1_204_331, 612 * GIB));
    // 612 GiB at 0.01, and 1.2 million downloads with 9,792 more parts at 0.0004 per 1,000.
    assertThat(estimate.cost().known().get("USD")).isCloseTo(usd("6.6056"), within("0.0001"));
    assertThat(estimate.cost().unknown()).isEmpty();
    assertThat(estimate.egress()).isEqualTo(new Amount(1_204_331, 612 * GIB));
  }

  @Test
  void copyOnTheServerHasNoEgress() {
    var estimate = estimate(List.of(), onServer(1000, 10 * GIB));
    assertThat(estimate.egress()).isEqualTo(Amount.ZERO);
    // Also not when the provider copies from another bucket of its own.
    var elsewhere =
        new RestorePortion(AWS, Optional.empty(), true, false, new Amount(1000, 10 * GIB));
    assertThat(estimate(List.of(), elsewhere).egress()).isEqualTo(Amount.ZERO);
    assertThat(estimate.cost().known().get("USD")).isEqualByComparingTo("0");
    assertThat(estimate.cost().unknown()).isEmpty();
  }

  @Test
  void whatHasNoPriceIsUnknownAndNotNothing() {
    var estimate = estimate(List.of(), from(OWN, 1000, GIB));
    assertThat(estimate.cost().unknown()).containsExactly("egress at own", "requests at own");
  }

  @Test
  void thawIsPaidByTierAndTakesItsTime() {
    var frozen =
        new RestorePortion(
            AWS, Optional.of("GLACIER"), false, true, new Amount(15_000_000, 102_400 * GIB));
    var standard = rule(List.of()).of(List.of(frozen), Optional.of(ThawTier.STANDARD), open());
    var bulk = rule(List.of()).of(List.of(frozen), Optional.of(ThawTier.BULK), open());
    var expedited = rule(List.of()).of(List.of(frozen), Optional.of(ThawTier.EXPEDITED), open());
    // The provider's own example: 750 for the requests and 1,024 for the bytes.
    assertThat(usd(standard).subtract(usd(bulk))).isEqualByComparingTo("1774");
    assertThat(usd(expedited).subtract(usd(bulk))).isEqualByComparingTo("153072");
    assertThat(standard.thaw().orElseThrow().time()).isEqualTo(TimeSpan.hours(3, 5));
    assertThat(bulk.thaw().orElseThrow().time()).isEqualTo(TimeSpan.hours(5, 12));
    assertThat(standard.thaw().orElseThrow().amount()).isEqualTo(frozen.amount());
  }

  @Test
  void classThatCostsToReadIsPaid() {
    var cool =
        new RestorePortion(AWS, Optional.of("GLACIER_IR"), false, false, new Amount(0, 100 * GIB));
    var plain = new RestorePortion(AWS, Optional.empty(), false, false, new Amount(0, 100 * GIB));
    assertThat(usd(estimate(List.of(), cool)).subtract(usd(estimate(List.of(), plain))))
        .isEqualByComparingTo("3");
    var unheard = new RestorePortion(AWS, Optional.of("NEW_CLASS"), false, false, new Amount(1, 1));
    assertThat(estimate(List.of(), unheard).cost().unknown())
        .containsExactly("reading NEW_CLASS at archive");
  }

  @Test
  void timeIsARangeFromWhatWasMeasuredAndUnknownBefore() {
    assertThat(estimate(List.of(), from(B2, 1000, GIB)).time()).isEmpty();
    var speeds = List.of(new MeasuredSpeed(B2, false, 10, 1 << 20, Instant.EPOCH));
    // 1,000 objects need 100 s, 1 GiB needs 1,024 s, and either a fifth more or less.
    assertThat(estimate(speeds, from(B2, 1000, GIB)).time())
        .contains(new TimeSpan(Duration.ofSeconds(80), Duration.ofSeconds(1229)));
    assertThat(estimate(speeds, from(B2, 1000, GIB), onServer(1, 1)).time()).isEmpty();
  }

  @Test
  void bandwidthBoundsTheTimeAndTheThawComesBeforeIt() {
    var speeds = List.of(new MeasuredSpeed(AWS, false, 1000, 1 << 30, Instant.EPOCH));
    var frozen =
        new RestorePortion(AWS, Optional.of("GLACIER"), false, true, new Amount(1000, GIB));
    var estimate =
        rule(speeds).of(List.of(frozen), Optional.of(ThawTier.STANDARD), OptionalLong.of(1 << 20));
    assertThat(estimate.time())
        .contains(
            TimeSpan.hours(3, 5)
                .plus(new TimeSpan(Duration.ofSeconds(1024), Duration.ofSeconds(1024))));
  }

  @Test
  void pricesOfTheConfigurationFillUpFromTheListInTheSameCurrencyOnly() {
    var list = ProviderPrices.of(ProviderProfiles.B2).orElseThrow();
    assertThat(own("USD").or(list).readsPerThousand()).isEqualTo(list.readsPerThousand());
    assertThat(own("USD").or(list).egressPerGib()).contains(usd("0.002"));
    assertThat(own("EUR").or(list).readsPerThousand()).isEmpty();
  }

  private static PriceList own(String currency) {
    return new PriceList(
        currency,
        java.time.LocalDate.of(2026, 11, 1),
        "contract",
        Optional.empty(),
        Optional.empty(),
        Optional.of(usd("0.002")),
        Map.of(),
        Map.of());
  }

  private static RestoreEstimate estimate(List<MeasuredSpeed> speeds, RestorePortion... portions) {
    return rule(speeds).of(List.of(portions), Optional.empty(), open());
  }

  private static EstimateRule rule(List<MeasuredSpeed> speeds) {
    return new EstimateRule(
        PRICES,
        speeds,
        Map.of(AWS, ProviderProfiles.AWS, B2, ProviderProfiles.B2),
        Optional.of(SiteName.PRIMARY));
  }

  private static OptionalLong open() {
    return OptionalLong.empty();
  }

  private static RestorePortion from(SiteName site, long objects, long bytes) {
    return new RestorePortion(site, Optional.empty(), false, false, new Amount(objects, bytes));
  }

  private static RestorePortion onServer(long objects, long bytes) {
    return new RestorePortion(
        SiteName.PRIMARY, Optional.empty(), true, false, new Amount(objects, bytes));
  }

  private static BigDecimal usd(RestoreEstimate estimate) {
    return estimate.cost().known().getOrDefault("USD", BigDecimal.ZERO);
  }

  private static BigDecimal usd(String text) {
    return new BigDecimal(text);
  }

  private static org.assertj.core.data.Offset<BigDecimal> within(String text) {
    return org.assertj.core.data.Offset.offset(new BigDecimal(text));
  }
}
