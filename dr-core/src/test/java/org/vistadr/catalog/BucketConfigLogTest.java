package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.SettingValue;
import org.vistadr.model.Suspicion;

/// Bucket configurations are saved when they differ, and only then.
final class BucketConfigLogTest {

  private static final Instant AT = Instant.parse("2026-11-22T03:00:00Z");

  @TempDir Path directory;

  @Test
  void aVersionIsSavedOnlyWhenSomethingDiffersAndSurvivesARestart() {
    try (Catalog catalog = open()) {
      BucketConfigLog log = catalog.bucketConfig();
      assertThat(log.newest()).isEmpty();
      assertThat(read(log, tags("a", "b"), 0)).isPresent();
      assertThat(read(log, tags("b", "a"), 1)).isEmpty();
      assertThat(log.readAt()).contains(AT.plusSeconds(1));
      assertThat(read(log, tags("a", "c"), 2)).isPresent();
    }
    try (Catalog catalog = open()) {
      BucketConfigLog log = catalog.bucketConfig();
      assertThat(log.list(Optional.empty(), 10))
          .extracting(ConfigVersion::number)
          .containsExactly(2L, 1L);
      // As the provider told it, not as it is compared.
      assertThat(log.find(1).orElseThrow().config()).isEqualTo(tags("a", "b"));
      assertThat(log.at(AT)).map(ConfigVersion::number).contains(1L);
      assertThat(log.at(AT.plusSeconds(1))).map(ConfigVersion::number).contains(1L);
      assertThat(log.at(AT.plusSeconds(2))).map(ConfigVersion::number).contains(2L);
      assertThat(log.at(AT.minusSeconds(1))).isEmpty();
    }
  }

  @Test
  void theFirstReadingIsAcceptedAndLaterOnesWhenAPersonSaysSo() {
    try (Catalog catalog = open()) {
      BucketConfigLog log = catalog.bucketConfig();
      read(log, tags("a"), 0);
      read(log, tags("b"), 1);
      assertThat(log.accepted()).map(ConfigVersion::number).contains(1L);
      var acceptance = new ConfigVersion.Acceptance(AT, "admin 1234", "meant");
      assertThat(log.accept(2, acceptance, AuditEvent.of(AT, "a", "b", "c", "d", ""))).isTrue();
      assertThat(log.accept(3, acceptance, AuditEvent.of(AT, "a", "b", "c", "d", ""))).isFalse();
      assertThat(log.accepted().orElseThrow().accepted()).contains(acceptance);
      assertThat(catalog.audit().list(AuditLog.Filter.ALL, Optional.empty(), 10)).hasSize(1);
    }
  }

  @Test
  void whatWasKnownLastIsRemembered() {
    try (Catalog catalog = open()) {
      BucketConfigLog log = catalog.bucketConfig();
      read(log, tags("a"), 0);
      read(
          log,
          new BucketConfig(
              "b", Map.of(BucketSetting.TAGS, new SettingValue.NotReadable("AccessDenied"))),
          1);
      assertThat(log.lastKnown().orElseThrow().value(BucketSetting.TAGS))
          .isEqualTo(tags("a").value(BucketSetting.TAGS));
    }
  }

  @Test
  void theBrakeIsEngagedWithTheVersionThatItIsFor() {
    try (Catalog catalog = open()) {
      catalog
          .bucketConfig()
          .read(tags("a"), AT, AT, List.of(new BrakeReason(Suspicion.EXPIRY, "expiry was added")));
      assertThat(catalog.brake().state().reasons())
          .containsExactly(new BrakeReason(Suspicion.EXPIRY, "expiry was added"));
    }
  }

  @Test
  void theNumberOfVersionsIsBoundedAndTheAcceptedOneStays() {
    try (Catalog catalog = open()) {
      BucketConfigLog log = catalog.bucketConfig();
      for (int i = 0; i < BucketConfigLog.MOST + 20; i++) {
        read(log, tags("v" + i), i);
      }
      assertThat(log.list(Optional.empty(), 1_000)).hasSize(BucketConfigLog.MOST + 1);
      assertThat(log.accepted()).map(ConfigVersion::number).contains(1L);
      assertThat(log.oldest().orElseThrow().config()).isEqualTo(tags("v0"));
    }
  }

  @Test
  void theSizeOfAllVersionsIsBounded() {
    try (Catalog catalog = open()) {
      BucketConfigLog log = catalog.bucketConfig();
      for (int i = 0; i < 40; i++) {
        read(log, tags("v" + i, "x".repeat(900_000)), i);
      }
      assertThat(log.list(Optional.empty(), 1_000).size()).isBetween(15, 20);
      assertThat(log.newest()).map(ConfigVersion::number).contains(40L);
    }
  }

  private static Optional<ConfigVersion> read(BucketConfigLog log, BucketConfig config, int at) {
    return log.read(config, AT.plusSeconds(at), AT.plusSeconds(at), List.of());
  }

  private static BucketConfig tags(String... values) {
    Map<BucketSetting, SettingValue> settings = new EnumMap<>(BucketSetting.class);
    settings.put(
        BucketSetting.TAGS,
        new SettingValue.Configured(
            ConfigNode.of(
                "Tagging",
                java.util.Arrays.stream(values)
                    .map(value -> ConfigNode.leaf("Value", value))
                    .toList())));
    settings.put(BucketSetting.POLICY, new SettingValue.NotSupported("NotImplemented"));
    settings.put(BucketSetting.CORS, SettingValue.NOT_SET);
    return new BucketConfig("b", settings);
  }

  private Catalog open() {
    return Catalog.open(directory, Clock.systemUTC());
  }
}
