package org.vistadr.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dropwizard.configuration.FileConfigurationSourceProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.storage.SiteConfig;

/// What a person writes into the file, and what they are told about it.
final class ConfigReaderTest {

  private static final String GOOD =
      """
      primary: {endpoint: "localhost:9000", useSsl: false, bucket: vista, accessKey: a}
      secondaries:
        - {name: copy, endpoint: "https://s3.example.org", bucket: copy, credentials: default-chain}
      """;

  private static final Map<String, String> SECRETS = Map.of("S3_SECRET_KEY", "secret");

  @TempDir Path directory;

  @Test
  void theCommentedFileWorksWithTheApplicationsOwnVariables() {
    Map<String, String> environment =
        Map.of(
            "S3_ENDPOINT", "localhost:9000",
            "S3_ACCESS_KEY", "minioadmin",
            "S3_SECRET_KEY", "a \"quoted\" secret: #1",
            "S3_BUCKET", "vista",
            "S3_USE_SSL", "false",
            "S3_REGION", "us-east-1",
            "VISTADR_COPY_ENDPOINT", "https://s3.example.org",
            "VISTADR_COPY_ACCESS_KEY", "copy",
            "VISTADR_COPY_SECRET_KEY", "copy-secret");
    DaemonConfiguration configuration =
        new ConfigReader(environment).build(new FileConfigurationSourceProvider(), "../config.yml");
    Sites sites = Sites.of(configuration, environment);
    assertThat(sites.primary().endpoint().orElseThrow()).hasToString("http://localhost:9000");
    assertThat(sites.primary().credentials())
        .isInstanceOfSatisfying(
            SiteConfig.Credentials.Keys.class,
            keys -> {
              assertThat(keys.accessKey()).isEqualTo("minioadmin");
              assertThat(keys.secretKey().reveal()).isEqualTo("a \"quoted\" secret: #1");
            });
    assertThat(sites.secondaries())
        .singleElement()
        .satisfies(copy -> {
          assertThat(copy.site().name()).hasToString("offsite");
          assertThat(copy.objective()).isEqualTo(Duration.ofMinutes(15));
        });
    assertThat(configuration.primary().orElseThrow().exclude()).containsExactly("temp/**");
  }

  /// YAML reads an unquoted off as a truth value.
  @Test
  void drillsCanBeSwitchedOff() throws Exception {
    assertThat(read(GOOD).drill().covers("copy")).isTrue();
    assertThat(read(GOOD + "drill: {interval: off}\n").drill().covers("copy")).isFalse();
    assertThat(read(GOOD + "drill: {interval: \"off\"}\n").drill().covers("copy")).isFalse();
  }

  @Test
  void everyCommentedKeyOfTheFileIsKnown() throws Exception {
    // What is commented out is read as well: a key that does nothing must not be offered.
    String text =
        Files.readString(Path.of("../config.yml"))
            .replaceAll("(?m)^( *)# (?=( {2,})?(- )?[a-zA-Z]+: |  [a-z]+:)", "$1")
            .replaceAll("(?m)^# (?=[a-zA-Z]+:)", "")
            .replace("${S3_ENDPOINT}", "localhost:9000")
            .replace("${VISTADR_COPY_ENDPOINT}", "https://s3.example.org");
    assertThat(text).contains("\nreplicateInterval: 1m", "\n  scanInterval: 5m");
    DaemonConfiguration configuration = read(text);
    assertThat(configuration.secondaries()).hasSize(2);
    assertThat(configuration.auth().tokens()).hasSize(3);
  }

  @Test
  void targetsOfRestoresAreNamedSitesThatNothingIsCopiedTo() {
    String good = GOOD.replace("accessKey: a", "credentials: default-chain");
    String target =
        "targets: [{name: %s, endpoint: \"s3.example.org\", bucket: %s, credentials: default-chain}]\n";
    Sites sites = Sites.of(read(good + target.formatted("new-primary", "vista-new")), Map.of());
    assertThat(sites.all()).hasSize(2);
    assertThat(sites.named()).hasSize(3);
    assertThat(sites.targets().getFirst().name()).hasToString("new-primary");
    assertThat(sitesProblem(good + target.formatted("copy", "vista-new")).forPeople())
        .contains("targets[0].name", "has the same name 'copy'");
    assertThat(sitesProblem(good + target.formatted("twin", "copy")).forPeople())
        .contains("targets[0].bucket", "restores reach it under that name");
  }

  @Test
  void everythingIsKeptWithoutAPolicyAndASecondaryMayHaveItsOwn() {
    String all = "protection: {retention: {keepAll: 35d, daily: 7, yearly: 2}}\n";
    assertThat(Sites.of(read(GOOD), SECRETS).secondaries().getFirst().retention()).isEmpty();
    assertThat(Sites.of(read(GOOD + all), SECRETS).secondaries().getFirst().retention())
        .hasValue(new RetentionPolicy(Duration.ofDays(35), 7, 0, 0, 2));
    assertThat(retention(all, "{keepAll: 90d, monthly: 12}"))
        .hasValue(new RetentionPolicy(Duration.ofDays(90), 0, 0, 12, 0));
    assertThat(retention(all, "{keepAll: forever}")).isEmpty();
    assertThat(problem(GOOD + "protection: {retention: {daily: 7}}\n").forPeople())
        .contains("keepAll is missing");
    assertThat(problem(GOOD + "protection: {retention: {keepAll: 35}}\n").forPeople())
        .contains("35");
    assertThat(problem(GOOD + "protection: {retention: {keepAll: 1d, daily: 5000}}\n").forPeople())
        .contains("are 0 to 1000, not 5000");
  }

  @Test
  void theKeyForPruningIsReadWhenItIsNeeded() {
    String section = "prune: {accessKey: pruner, secretKeyEnv: PRUNE_SECRET}";
    // Its secret is not there, and the daemon starts all the same.
    Sites.Secondary secondary =
        Sites.of(read(withSecondary(section)), SECRETS).secondaries().getFirst();
    PruneKey key = secondary.pruneKey().orElseThrow();
    assertThat(
            catchThrowableOfType(ConfigProblem.class, () -> key.with(secondary.site())).forPeople())
        .contains("secondaries[0].prune.secretKeyFile", "or set PRUNE_SECRET");
    Map<String, String> with = new HashMap<>(SECRETS);
    with.put("PRUNE_SECRET", "hush");
    Sites.Secondary ready = Sites.of(read(withSecondary(section)), with).secondaries().getFirst();
    assertThat(ready.pruneKey().orElseThrow().with(ready.site()).credentials())
        .isInstanceOfSatisfying(
            SiteConfig.Credentials.Keys.class,
            keys -> assertThat(keys.accessKey()).isEqualTo("pruner"));
    assertThat(ready.toString()).doesNotContain("hush");
    assertThat(sitesProblem(withSecondary("prune: {accessKey: pruner}")).forPeople())
        .contains("secondaries[0].prune.secretKeyEnv", "nothing says where the secret key is");
  }

  private static String withSecondary(String more) {
    return GOOD.replace("credentials: default-chain}", "credentials: default-chain, " + more + "}");
  }

  private Optional<RetentionPolicy> retention(String all, String own) {
    String yaml = withSecondary("retention: " + own) + all;
    return Sites.of(read(yaml), SECRETS).secondaries().getFirst().retention();
  }

  @Test
  void directoriesOfRestoresAreAbsolute() {
    assertThat(read(GOOD + "restore: {directories: [/srv/restore]}\n").restore().directories())
        .containsExactly("/srv/restore");
    assertThat(problem(GOOD + "restore: {directories: [restore]}\n").forPeople())
        .contains("'restore' is no absolute path");
  }

  @Test
  void anUnknownKeyIsNamedWithWhatWasMeant() {
    ConfigProblem problem = problem(GOOD.replace("bucket: vista", "buckett: vista"));
    assertThat(problem.forPeople())
        .isEqualToNormalizingNewlines(
            """
            error: primary.buckett: there is no such key
            hint:  did you mean bucket?\
            """);
  }

  @Test
  void anUndefinedVariableIsNamedWithItsKeyButMayStandInAComment() {
    ConfigProblem problem =
        problem("# see ${NOWHERE}\n" + GOOD.replace("\"localhost:9000\"", "\"${S3_ENDPOINT}\""));
    assertThat(problem.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.key()).isEqualTo("primary.endpoint");
          assertThat(finding.message())
              .isEqualTo("the environment variable S3_ENDPOINT is not set");
        });
  }

  @Test
  void aSecretThatOthersMayReadIsRefused() throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "very-secret-text\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    String yaml = GOOD.replace("accessKey: a", "accessKey: a, secretKeyFile: " + secret);
    ConfigProblem problem = sitesProblem(yaml);
    assertThat(problem.forPeople())
        .contains("primary.secretKeyFile", "may be used by others", "chmod 600 " + secret)
        .doesNotContain("very-secret-text");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Sites.of(read(yaml), Map.of()).primary().toString())
        .doesNotContain("very-secret-text");
  }

  @Test
  void aCopyInTheSameBucketIsRefused() {
    assertThat(
            sitesProblem(
                    """
                    primary: {endpoint: "https://s3.example.org", bucket: vista}
                    secondaries: [{name: copy, endpoint: "s3.example.org", bucket: vista}]
                    """)
                .forPeople())
        .contains("secondaries[0].bucket", "a copy in the same bucket protects nothing");
  }

  @Test
  void everythingThatIsWrongWithTheSitesIsToldAtOnce() {
    assertThat(
            sitesProblem(
                    """
                    primary: {endpoint: "ftp://x", provider: mino, accessKey: a}
                    secondaries: [{name: Copy!, bucket: b, credentials: none}]
                    """)
                .findings())
        .extracting(ConfigProblem.Finding::key)
        .contains(
            "primary.endpoint",
            "primary.bucket",
            "primary.secretKeyFile",
            "secondaries[0].name",
            "secondaries[0].credentials");
  }

  @Test
  void listeningBeyondLoopbackNeedsTlsOrAProxy() {
    String server =
        "server: {applicationConnectors: [{type: http, bindHost: 0.0.0.0, port: 8420}]}\n";
    ConfigProblem problem =
        catchThrowableOfType(ConfigProblem.class, () -> Exposure.check(read(GOOD + server)));
    assertThat(problem.forPeople())
        .contains("server.applicationConnectors[0].bindHost", "behindProxy: true");
    Exposure.check(read(GOOD + server + "behindProxy: true\n"));
    Exposure.check(read(GOOD));
  }

  @ParameterizedTest
  @CsvSource({
    "replicateInterval: 15, with its unit",
    "replicateInterval: 15 parsecs, unknown unit",
    "replicateInterval: 10ms, at least 1s",
    "restore: {confirmAbove: {bytes: 1 GiB/s}}, unknown unit",
    "primary: {bandwidth: 5 MiB}, unknown unit",
  })
  void amountsAreStrict(String line, String message) {
    String yaml = line.startsWith("primary") ? line : GOOD + line;
    assertThat(problem(yaml).forPeople()).contains(message);
  }

  @Test
  void quantitiesAreWhatTheySay() {
    assertThat(Quantities.duration("1.5h")).isEqualTo(Duration.ofMinutes(90));
    assertThat(Quantities.bytes("1 TiB")).isEqualTo(1L << 40);
    assertThat(Quantities.bytes("20 GB")).isEqualTo(20_000_000_000L);
    assertThat(Quantities.bytesPerSecond("200 Mbit/s")).isEqualTo(25_000_000L);
    assertThat(Timetable.parse("cron 0 30 3 * * ? Europe/Paris").words())
        .isEqualTo("cron 0 30 3 * * ? Europe/Paris");
    assertThat(Timetable.parse("cron 0 0/15 * * * ?").words()).isEqualTo("cron 0 0/15 * * * ? Z");
  }

  private DaemonConfiguration read(String yaml) {
    Path file = directory.resolve("config.yml");
    try {
      Files.writeString(file, yaml);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new ConfigReader(Map.of()).build(new FileConfigurationSourceProvider(), file.toString());
  }

  private ConfigProblem problem(String yaml) {
    return catchThrowableOfType(ConfigProblem.class, () -> read(yaml));
  }

  private ConfigProblem sitesProblem(String yaml) {
    return catchThrowableOfType(ConfigProblem.class, () -> Sites.of(read(yaml), Map.of()));
  }
}
