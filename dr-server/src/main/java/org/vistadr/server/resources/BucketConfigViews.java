package org.vistadr.server.resources;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vistadr.api.BucketConfigView;
import org.vistadr.catalog.BucketConfigLog;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigDiff;
import org.vistadr.model.ConfigRestorePlan;
import org.vistadr.model.ConfigRisk;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.SettingValue;
import org.vistadr.protect.BucketConfigs;
import org.vistadr.protect.ConfigRestores;
import org.vistadr.server.engine.Engine;
import org.vistadr.storage.ObjectStore;

/// Bucket configurations as wire records.
final class BucketConfigViews {

  private BucketConfigViews() {}

  static BucketConfigView.State state(Engine engine, ConfigVersion version) {
    BucketConfigs configs = engine.bucketConfigs();
    BucketConfigLog log = configs.log();
    long newest = log.newest().orElse(version).number();
    return new BucketConfigView.State(
        view(version, log.find(version.number() + 1)),
        newest,
        log.readAt(),
        log.accepted().map(ConfigVersion::number),
        configs.drift().map(drift -> words(drift.settings())).orElse(List.of()),
        ConfigRisk.ofPrimary(version.config(), configs.settings().window()).stream()
            .map(risk ->
                new BucketConfigView.Risk(
                    risk.setting().word(),
                    risk.kind().word(),
                    risk.kind().isWarning(),
                    risk.detail()))
            .toList());
  }

  private static BucketConfigView view(ConfigVersion version, Optional<ConfigVersion> next) {
    BucketConfig config = version.config();
    return new BucketConfigView(
        version.number(),
        version.seenAt(),
        next.map(ConfigVersion::seenAt),
        config.bucket(),
        config.digest().hex(),
        accepted(version),
        config.settings().entrySet().stream()
            .map(entry ->
                new BucketConfigView.Setting(
                    entry.getKey().word(),
                    entry.getValue().word(),
                    entry.getValue().note(),
                    config.canonical(entry.getKey())))
            .toList());
  }

  /// @param before the version before it; none for the oldest
  static BucketConfigView.Entry entry(ConfigVersion version, List<ConfigVersion> before) {
    return new BucketConfigView.Entry(
        version.number(),
        version.seenAt(),
        version.config().digest().hex(),
        accepted(version),
        before.isEmpty()
            ? List.of()
            : words(before.getFirst().config().differences(version.config())));
  }

  static BucketConfigView.Diff diff(ConfigVersion from, ConfigVersion to) {
    return new BucketConfigView.Diff(
        from.number(),
        from.seenAt(),
        to.number(),
        to.seenAt(),
        from.config().differences(to.config()).stream()
            .map(setting ->
                new BucketConfigView.SettingDiff(
                    setting.word(),
                    words(from.config().value(setting)),
                    words(to.config().value(setting)),
                    ConfigDiff.lines(
                        from.config().canonical(setting), to.config().canonical(setting))))
            .toList());
  }

  static BucketConfigView.Reading reading(BucketConfigs.Reading reading) {
    return new BucketConfigView.Reading(
        reading.saved().map(ConfigVersion::number),
        words(reading.changed()),
        reading.suspicions().stream().map(BrakeReason::detail).toList(),
        List.copyOf(reading.unanswered().values()));
  }

  static BucketConfigView.Plan plan(ConfigVersion from, ObjectStore store, ConfigRestorePlan plan) {
    return new BucketConfigView.Plan(
        from.number(),
        from.seenAt(),
        store.site().value(),
        store.bucket(),
        name(plan),
        plan.steps().stream()
            .map(step ->
                new BucketConfigView.Step(
                    step.setting().word(), word(step.action()), step.why(), step.difference()))
            .toList());
  }

  /// What a plan is known by.
  static String name(ConfigRestorePlan plan) {
    return plan.digest().hex().substring(0, 16);
  }

  static BucketConfigView.Restored restored(ObjectStore store, List<ConfigRestores.Done> done) {
    return new BucketConfigView.Restored(
        store.site().value(),
        store.bucket(),
        done.stream()
            .map(one ->
                new BucketConfigView.Done(
                    one.step().setting().word(),
                    word(one.step().action()),
                    one.proved(),
                    one.detail()))
            .toList());
  }

  private static Optional<BucketConfigView.Accepted> accepted(ConfigVersion version) {
    return version
        .accepted()
        .map(accepted ->
            new BucketConfigView.Accepted(accepted.at(), accepted.who(), accepted.reason()));
  }

  private static List<String> words(Collection<BucketSetting> settings) {
    return settings.stream().map(BucketSetting::word).toList();
  }

  private static String words(SettingValue value) {
    return value.word();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
