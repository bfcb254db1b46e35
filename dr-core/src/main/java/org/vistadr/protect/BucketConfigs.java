package org.vistadr.protect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.BucketConfigLog;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BrakeRule;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigRisk;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.SettingValue;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Reads what the primary's bucket is set to, saves it when it changed, and tells what changed
/// without anybody having accepted it. Safe for use by many threads, one at a time reads.
public final class BucketConfigs {

  private static final Logger LOG = LoggerFactory.getLogger(BucketConfigs.class);

  private final Catalog catalog;
  private final BucketConfigLog log;
  private final ObjectStore primary;
  private final BrakeLimits limits;
  private final Settings settings;
  private final InstantSource clock;
  private final ReentrantLock reading = new ReentrantLock();

  /// How it is configured.
  ///
  /// @param interval the shortest time between two readings
  /// @param window what expires sooner is a risk
  public record Settings(Duration interval, Duration window) {
    /// Every five minutes at most, and a month.
    public static final Settings DEFAULT = new Settings(Duration.ofMinutes(5), Duration.ofDays(30));
  }

  /// @param limits what engages the brake
  public BucketConfigs(
      Catalog catalog,
      ObjectStore primary,
      BrakeLimits limits,
      Settings settings,
      InstantSource clock) {
    this.catalog = catalog;
    this.log = catalog.bucketConfig();
    this.primary = primary;
    this.limits = limits;
    this.settings = settings;
    this.clock = clock;
  }

  /// What a reading found.
  ///
  /// @param saved the version that was saved; empty when nothing changed
  /// @param changed what differs from the version before
  /// @param suspicions why the brake was engaged by it
  /// @param unanswered settings that nobody could tell of, and why; they count as unchanged
  public record Reading(
      Optional<ConfigVersion> saved,
      Set<BucketSetting> changed,
      List<BrakeReason> suspicions,
      Map<BucketSetting, String> unanswered) {}

  /// What changed since somebody accepted it.
  ///
  /// @param accepted what was accepted
  /// @param newest what is
  /// @param settings that differ
  public record Drift(ConfigVersion accepted, ConfigVersion newest, Set<BucketSetting> settings) {}

  /// Reads it if the last reading is long enough ago.
  public Optional<Reading> readIfDue() throws StorageException {
    Optional<Instant> last = log.readAt();
    Instant now = clock.instant();
    boolean due =
        last.isEmpty()
            || last.get().isAfter(now)
            || Duration.between(last.get(), now).compareTo(settings.interval) >= 0;
    return due ? Optional.of(read()) : Optional.empty();
  }

  /// Reads it now.
  ///
  /// @throws StorageException when the primary does not answer; nothing is saved then
  public Reading read() throws StorageException {
    reading.lock();
    try {
      Instant seenAt = primary.bucketState().serverTime();
      SettingsRead read = SettingsRead.of(primary);
      Optional<ConfigVersion> before = log.newest();
      BucketConfig config = completed(read, before);
      List<BrakeReason> suspicions =
          log.lastKnown().map(known -> BrakeRule.decide(limits, known, config)).orElse(List.of());
      Optional<ConfigVersion> saved = log.read(config, seenAt, clock.instant(), suspicions);
      Set<BucketSetting> changed =
          saved.isPresent() && before.isPresent()
              ? before.get().config().differences(config)
              : Set.of();
      tell(saved, changed, suspicions, read);
      return new Reading(saved, changed, suspicions, unanswered(read));
    } finally {
      reading.unlock();
    }
  }

  /// What changed since somebody accepted it; empty when nothing did.
  public Optional<Drift> drift() {
    return log.newest()
        .flatMap(newest ->
            log.accepted()
                .map(accepted ->
                    new Drift(accepted, newest, accepted.config().differences(newest.config()))))
        .filter(drift -> !drift.settings.isEmpty());
  }

  /// What of the settings puts the bucket at risk, whoever accepted it.
  public List<ConfigRisk> risks() {
    return log.newest()
        .map(newest -> ConfigRisk.ofPrimary(newest.config(), settings.window))
        .orElse(List.of());
  }

  /// How it is configured.
  public Settings settings() {
    return settings;
  }

  /// Records that the newest version is meant.
  ///
  /// @param number of the version that the person saw
  /// @return it as it is now; empty when it is not the newest any more
  public Optional<ConfigVersion> accept(long number, String who, String reason) {
    Optional<ConfigVersion> newest = log.newest().filter(version -> version.number() == number);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    String drifted = drift().map(drift -> words(drift.settings)).orElse("nothing was different");
    log.accept(
        number,
        new ConfigVersion.Acceptance(now, who, reason),
        AuditEvent.of(
            now,
            who,
            "bucket-config-accepted",
            "version " + number,
            reason,
            "accepted: " + drifted));
    LOG.info("bucket configuration accepted version={} settings={}", number, drifted);
    return log.find(number);
  }

  /// The catalog's record.
  public BucketConfigLog log() {
    return catalog.bucketConfig();
  }

  /// `lifecycle, policy`.
  public static String words(Set<BucketSetting> settings) {
    return settings.stream().map(BucketSetting::word).collect(Collectors.joining(", "));
  }

  /// With what nobody could tell of as it was.
  private static BucketConfig completed(SettingsRead read, Optional<ConfigVersion> before) {
    if (read.failures().isEmpty()) {
      return read.config();
    }
    Map<BucketSetting, SettingValue> all = new EnumMap<>(BucketSetting.class);
    all.putAll(read.config().settings());
    read.failures()
        .keySet()
        .forEach(setting ->
            all.put(
                setting,
                before
                    .map(version -> version.config().value(setting))
                    .orElse(new SettingValue.NotReadable("did not answer"))));
    return new BucketConfig(read.config().bucket(), all);
  }

  private static Map<BucketSetting, String> unanswered(SettingsRead read) {
    Map<BucketSetting, String> words = new EnumMap<>(BucketSetting.class);
    read.failures().forEach((setting, e) -> words.put(setting, String.valueOf(e.getMessage())));
    return words;
  }

  private static void tell(
      Optional<ConfigVersion> saved,
      Set<BucketSetting> changed,
      List<BrakeReason> suspicions,
      SettingsRead read) {
    saved.ifPresent(version ->
        LOG.atLevel(changed.isEmpty() ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.WARN)
            .log(
                "bucket configuration saved version={} changed=\"{}\" digest={}",
                version.number(),
                words(changed),
                version.config().digest().hex().substring(0, 12)));
    suspicions.forEach(reason ->
        LOG.error("brake engaged by the bucket's configuration reason=\"{}\"", reason.detail()));
    read.failures()
        .forEach((setting, e) ->
            LOG.warn("setting not read setting={} error=\"{}\"", setting.word(), e.getMessage()));
  }
}
