package org.vistadr.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dropwizard.configuration.FileConfigurationSourceProvider;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.PriceList;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SiteName;

/// What plans reckon with.
final class PricesTest {

  private static final String SITES =
      """
      primary: {endpoint: "localhost:9000", useSsl: false, bucket: vista, credentials: default-chain}
      secondaries:
        - {name: archive, provider: aws, bucket: copy, credentials: default-chain}
        - {name: other, provider: aws, region: eu-west-3, bucket: copy-2, credentials: default-chain}
      """;
  private static final SiteName ARCHIVE = new SiteName("archive");

  @TempDir Path directory;

  @Test
  void listPricesHoldUntilTheConfigurationSaysOtherwise() throws IOException {
    Map<SiteName, PriceList> lists = prices("");
    assertThat(lists.get(ARCHIVE).egressPerGib()).contains(new BigDecimal("0.09"));
    // A server of one's own has no list, which is not the same as prices of nothing.
    assertThat(lists).doesNotContainKey(SiteName.PRIMARY);
  }

  @Test
  void entryOfASiteWinsOverThatOfItsProviderAndBothFillUpFromTheList() throws IOException {
    Map<SiteName, PriceList> lists =
        prices(
            """
            prices:
              aws: {asOf: 2026-11-01, egressPerGiB: 0.05, readsPer1000: 0.001}
              archive:
                asOf: 2026-11-02
                egressPerGiB: 0.02
                thaw: {GLACIER: {standard: {perGiB: 0.008, per1000: 0.04}}}
              primary: {currency: EUR, asOf: 2026-11-01, egressPerGiB: 0}
            """);
    PriceList archive = lists.get(ARCHIVE);
    assertThat(archive.egressPerGib()).contains(new BigDecimal("0.02"));
    assertThat(archive.readsPerThousand()).contains(new BigDecimal("0.001"));
    assertThat(archive.writesPerThousand()).contains(new BigDecimal("0.005"));
    assertThat(archive.thawPrice("GLACIER", ThawTier.STANDARD).orElseThrow().perGib())
        .isEqualTo(new BigDecimal("0.008"));
    assertThat(archive.asOf()).hasToString("2026-11-02");
    assertThat(lists.get(new SiteName("other")).egressPerGib()).contains(new BigDecimal("0.05"));
    assertThat(lists.get(SiteName.PRIMARY).currency()).isEqualTo("EUR");
  }

  @Test
  void everyMistakeIsNamed() throws IOException {
    ConfigProblem problem =
        problem(
            """
            prices:
              archiv: {asOf: 2026-11-01}
              aws: {egressPerGiB: -1, thaw: {GLACIER: {fast: {perGiB: 1}}}}
            """);
    assertThat(problem.forPeople())
        .contains(
            "prices.archiv: it is neither a site nor a provider",
            "did you mean archive?",
            "prices.aws.asOf: it is missing",
            "prices.aws.egressPerGiB: a price is not negative",
            "prices.aws.thaw.GLACIER.fast: there is no such tier",
            "prices.aws.thaw.GLACIER.fast: perGiB or per1000 is missing");
  }

  private ConfigProblem problem(String yaml) {
    return catchThrowableOfType(ConfigProblem.class, () -> prices(yaml));
  }

  private Map<SiteName, PriceList> prices(String yaml) throws IOException {
    Path file = directory.resolve("config.yml");
    Files.writeString(file, SITES + yaml);
    DaemonConfiguration configuration =
        new ConfigReader(Map.of()).build(new FileConfigurationSourceProvider(), file.toString());
    return Prices.of(configuration, Sites.of(configuration, Map.of()));
  }
}
