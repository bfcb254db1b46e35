package org.vistadr.protect;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ConfigRestorePlan;
import org.vistadr.model.ConfigRestorePlan.Step;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Sets a bucket to what was saved: plan, write, read back. What is read back proves a step, and
/// nothing else does. Safe for use by many threads, one restore at a time.
public final class ConfigRestores {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigRestores.class);

  private final Catalog catalog;
  private final Set<SiteName> secondaries;
  private final InstantSource clock;
  private final ReentrantLock writing = new ReentrantLock();

  /// @param secondaries whose buckets keep copies
  public ConfigRestores(Catalog catalog, Set<SiteName> secondaries, InstantSource clock) {
    this.catalog = catalog;
    this.secondaries = Set.copyOf(secondaries);
    this.clock = clock;
  }

  /// What became of a step.
  ///
  /// @param proved whether what was read back is what was wanted
  /// @param detail one sentence; empty for a step that went as planned
  public record Done(Step step, boolean proved, String detail) {}

  /// Looks at the bucket and says what would be changed there.
  ///
  /// @param only these settings; empty for all
  /// @throws StorageException when the bucket does not answer
  public ConfigRestorePlan plan(ConfigVersion version, ObjectStore to, Set<BucketSetting> only)
      throws StorageException {
    return ConfigRestorePlan.of(
        version.config(), SettingsRead.of(to).config(), only, secondaries.contains(to.site()));
  }

  /// Carries a plan out. A step that fails does not keep the others from being tried.
  public List<Done> apply(
      ConfigVersion version, ObjectStore to, ConfigRestorePlan plan, String who, String reason) {
    writing.lock();
    try {
      String subject = "%s from version %d".formatted(to.site(), version.number());
      catalog
          .audit()
          .add(
              AuditEvent.of(
                  clock.instant(),
                  who,
                  "bucket-config-restore",
                  subject,
                  reason,
                  "bucket %s: %s".formatted(to.bucket(), BucketConfigs.words(plan.changed()))));
      List<Done> done = new ArrayList<>();
      for (Step step : plan.steps()) {
        if (step.changes()) {
          Done result = carryOut(step, to);
          done.add(result);
          LOG.atLevel(result.proved ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.WARN)
              .log(
                  "bucket setting restored site={} setting={} proved={} detail=\"{}\"",
                  to.site(),
                  step.setting().word(),
                  result.proved,
                  result.detail);
        }
      }
      catalog
          .audit()
          .add(
              AuditEvent.of(
                  clock.instant(),
                  who,
                  "bucket-config-restored",
                  subject,
                  reason,
                  done.stream()
                      .map(one ->
                          "%s %s"
                              .formatted(
                                  one.step.setting().word(), one.proved ? "proved" : "failed"))
                      .collect(Collectors.joining(", "))));
      return done;
    } finally {
      writing.unlock();
    }
  }

  private static Done carryOut(Step step, ObjectStore to) {
    try {
      to.changeSetting(step.setting(), step.value());
    } catch (StorageException e) {
      return new Done(step, false, String.valueOf(e.getMessage()));
    }
    try {
      return proof(step, to.setting(step.setting()));
    } catch (StorageException e) {
      return new Done(step, false, "written, and could not be read back: " + e.getMessage());
    }
  }

  private static Done proof(Step step, SettingValue found) {
    boolean ordered = step.setting().ordered();
    return switch (found) {
      case SettingValue.Configured(ConfigNode root) -> {
        if (step.value().isEmpty()) {
          yield new Done(step, false, "it is still set");
        }
        ConfigNode wanted = step.value().get();
        if (root.sorted(ordered).equals(wanted.sorted(ordered))) {
          yield new Done(step, true, "");
        }
        yield root.holds(wanted)
            ? new Done(step, true, "the provider added to it")
            : new Done(step, false, "something else is read back than was written");
      }
      case SettingValue.NotSet _ ->
          step.value().isEmpty()
              ? new Done(step, true, "")
              : new Done(step, false, "it is not set, though the write was accepted");
      case SettingValue.NotSupported(String note) ->
          new Done(step, false, "the provider does not have it (%s)".formatted(note));
      case SettingValue.NotReadable(String note) ->
          new Done(step, false, "written, and cannot be read back (%s)".formatted(note));
    };
  }
}
