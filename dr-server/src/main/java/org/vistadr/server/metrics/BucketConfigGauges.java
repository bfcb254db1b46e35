package org.vistadr.server.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigRisk;
import org.vistadr.model.ConfigVersion;
import org.vistadr.protect.BucketConfigs;

/// Gauges of what the primary's bucket is set to, from the catalog alone. Nothing is told before
/// the first reading.
public final class BucketConfigGauges {

  private static final Logger LOG = LoggerFactory.getLogger(BucketConfigGauges.class);

  private final BucketConfigs configs;
  private final Instruments instruments;

  /// @param instruments told of values that cannot be read
  public BucketConfigGauges(BucketConfigs configs, Instruments instruments) {
    this.configs = configs;
    this.instruments = instruments;
  }

  /// Registers them.
  public void register(PrometheusRegistry registry) {
    gauge(
        registry,
        "vistadr_bucket_config_drift",
        "1 for a setting of the primary's bucket that changed and that nobody accepted.",
        List.of("setting"),
        sample ->
            configs
                .log()
                .newest()
                .ifPresent(newest -> {
                  Set<BucketSetting> drift =
                      configs.drift().map(BucketConfigs.Drift::settings).orElse(Set.of());
                  newest
                      .config()
                      .settings()
                      .keySet()
                      .forEach(
                          setting -> sample.call(drift.contains(setting) ? 1 : 0, setting.word()));
                }));
    gauge(
        registry,
        "vistadr_bucket_config_risks",
        "Settings of the primary's bucket that put what is in it at risk, by kind.",
        List.of("kind", "level"),
        sample -> {
          if (configs.log().readAt().isEmpty()) {
            return;
          }
          List<ConfigRisk> risks = configs.risks();
          for (ConfigRisk.Kind kind : ConfigRisk.Kind.values()) {
            sample.call(
                (double) risks.stream().filter(risk -> risk.kind() == kind).count(),
                kind.word(),
                kind.isWarning() ? "warning" : "note");
          }
        });
    gauge(
        registry,
        "vistadr_bucket_config_read_timestamp_seconds",
        "Last time that the settings of the primary's bucket were read.",
        List.of(),
        sample -> configs.log().readAt().ifPresent(at -> sample.call(at.toEpochMilli() / 1e3)));
    gauge(
        registry,
        "vistadr_bucket_config_version",
        "Number of the newest saved version of the primary's bucket configuration.",
        List.of(),
        sample ->
            configs
                .log()
                .newest()
                .map(ConfigVersion::number)
                .ifPresent(number -> sample.call((double) number)));
  }

  private void gauge(
      PrometheusRegistry registry,
      String name,
      String help,
      List<String> labels,
      Consumer<GaugeWithCallback.Callback> values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels.toArray(String[]::new))
        .callback(sample -> {
          try {
            values.accept(sample);
          } catch (RuntimeException e) {
            instruments.scrapeFailed();
            LOG.debug("value not told", e);
          }
        })
        .register(registry);
  }
}
