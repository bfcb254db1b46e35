package org.vistadr.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.AuditLog;
import org.vistadr.catalog.Catalog;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Reading and restoring settings when the site does not do what was asked.
final class BucketConfigsTest {

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-11-22T03:00:00Z");
  private Catalog catalog;
  private FakeSettings bucket;
  private BucketConfigs configs;

  @BeforeEach
  void open() {
    catalog = Catalog.open(directory, Clock.systemUTC());
    bucket = new FakeSettings(TestS3.open(TestS3.versioned(SiteName.PRIMARY)));
    InstantSource clock = () -> now;
    configs =
        new BucketConfigs(
            catalog, bucket, BrakeLimits.DEFAULT, BucketConfigs.Settings.DEFAULT, clock);
  }

  @AfterEach
  void close() {
    bucket.close();
    catalog.close();
  }

  @Test
  void aSettingThatDoesNotAnswerCountsAsUnchanged() throws Exception {
    bucket.values.put(BucketSetting.TAGS, tags("a"));
    configs.read();
    bucket.silent = Set.of(BucketSetting.TAGS);
    BucketConfigs.Reading reading = configs.read();
    assertThat(reading.saved()).isEmpty();
    assertThat(reading.unanswered()).containsOnlyKeys(BucketSetting.TAGS);
    assertThat(configs.drift()).isEmpty();
    // It does not hide that another one changed, nor its own change later.
    bucket.values.put(BucketSetting.POLICY, SettingValue.NOT_SET);
    bucket.values.put(BucketSetting.TAGS, tags("b"));
    assertThat(configs.read().changed()).containsExactly(BucketSetting.POLICY);
    bucket.silent = Set.of();
    assertThat(configs.read().changed()).containsExactly(BucketSetting.TAGS);
    assertThat(configs.drift().orElseThrow().settings())
        .containsExactly(BucketSetting.POLICY, BucketSetting.TAGS);
  }

  @Test
  void aSiteThatDoesNotAnswerAtAllLeavesEverythingAsItWas() throws Exception {
    configs.read();
    bucket.silent = Set.of(BucketSetting.values());
    now = now.plusSeconds(1000);
    assertThatExceptionOfType(StorageException.Unavailable.class)
        .isThrownBy(() -> configs.readIfDue());
    assertThat(catalog.bucketConfig().list(Optional.empty(), 9)).hasSize(1);
    assertThat(catalog.bucketConfig().readAt()).contains(now.minusSeconds(1000));
  }

  @Test
  void itIsReadNotMoreOftenThanAsked() throws Exception {
    assertThat(configs.readIfDue()).isPresent();
    now = now.plus(Duration.ofMinutes(5)).minusNanos(1);
    assertThat(configs.readIfDue()).isEmpty();
    now = now.plusNanos(1);
    assertThat(configs.readIfDue()).isPresent();
    // A clock that was set back must not stop it.
    now = now.minus(Duration.ofDays(9));
    assertThat(configs.readIfDue()).isPresent();
  }

  @Test
  void driftEndsWhenItIsAcceptedOrTheBucketIsAsItWas() throws Exception {
    bucket.values.put(BucketSetting.TAGS, tags("a"));
    configs.read();
    bucket.values.put(BucketSetting.TAGS, tags("b"));
    configs.read();
    assertThat(configs.drift()).isPresent();
    assertThat(configs.accept(1, "admin", "late")).isEmpty();
    assertThat(configs.accept(2, "admin", "meant")).isPresent();
    assertThat(configs.drift()).isEmpty();
    bucket.values.put(BucketSetting.TAGS, tags("a"));
    configs.read();
    assertThat(configs.drift()).isPresent();
    bucket.values.put(BucketSetting.TAGS, tags("b"));
    configs.read();
    assertThat(configs.drift()).isEmpty();
    assertThat(catalog.audit().list(AuditLog.Filter.ALL, Optional.empty(), 9))
        .extracting(AuditEvent::action)
        .containsExactly("bucket-config-accepted");
  }

  @Test
  void onlyWhatIsReadBackIsRestored() throws Exception {
    bucket.values.put(BucketSetting.TAGS, tags("a"));
    bucket.values.put(BucketSetting.CORS, SettingValue.NOT_SET);
    configs.read();
    bucket.values.put(BucketSetting.TAGS, tags("b"));
    bucket.values.put(BucketSetting.CORS, tags("c"));
    var restores = new ConfigRestores(catalog, Set.of(), () -> now);
    var version = catalog.bucketConfig().find(1).orElseThrow();
    var plan = restores.plan(version, bucket, Set.of());
    assertThat(plan.changed()).containsExactly(BucketSetting.CORS, BucketSetting.TAGS);
    // The write is accepted, and nothing happens.
    bucket.ignored = Set.of(BucketSetting.CORS);
    List<ConfigRestores.Done> done = restores.apply(version, bucket, plan, "admin", "lost");
    assertThat(done).extracting(ConfigRestores.Done::proved).containsExactly(false, true);
    assertThat(done.getFirst().detail()).isEqualTo("it is still set");
    assertThat(bucket.values.get(BucketSetting.TAGS)).isEqualTo(tags("a"));
    // The plan is not the one that was made, since the bucket is not.
    assertThat(restores.plan(version, bucket, Set.of()).digest()).isNotEqualTo(plan.digest());
    assertThat(catalog.audit().list(AuditLog.Filter.ALL, Optional.empty(), 9).getFirst().detail())
        .isEqualTo("cors failed, tags proved");
  }

  private static SettingValue tags(String value) {
    return new SettingValue.Configured(ConfigNode.of("Tagging", ConfigNode.leaf("Value", value)));
  }

  /// A bucket whose settings are what the test says.
  private static final class FakeSettings extends ForwardingObjectStore {

    private final Map<BucketSetting, SettingValue> values = new EnumMap<>(BucketSetting.class);
    private Set<BucketSetting> silent = Set.of();
    private Set<BucketSetting> ignored = Set.of();

    FakeSettings(ObjectStore delegate) {
      super(delegate);
    }

    @Override
    public SettingValue setting(BucketSetting setting) throws StorageException {
      if (silent.contains(setting)) {
        throw new StorageException.Unavailable(site(), "GetBucketSetting", "timeout", null);
      }
      return values.getOrDefault(setting, new SettingValue.NotSupported("NotImplemented"));
    }

    @Override
    public void changeSetting(BucketSetting setting, Optional<ConfigNode> value) {
      if (!ignored.contains(setting)) {
        values.put(
            setting,
            value.<SettingValue>map(SettingValue.Configured::new).orElse(SettingValue.NOT_SET));
      }
    }

    @Override
    public void close() {
      delegate().close();
    }
  }
}
