package org.vistadr.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.SiteName;
import org.vistadr.server.jobs.RunListener;
import org.vistadr.sync.SyncListener;

/// Counters and histograms of what happens. Series that are known beforehand are there from the
/// start with 0, so that a first event counts as an increase.
public final class Instruments implements SyncListener, RunListener {

  private static final double[] DELAYS = {
    1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 10800, 43200, 86400
  };
  private static final double[] TASK_SECONDS = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400};

  private final Counter objects;
  private final Counter bytes;
  private final Histogram delay;
  private final Counter runs;
  private final Histogram runSeconds;
  private final Counter authFailures;
  private final Counter scrapeErrors;

  /// Registers them.
  public Instruments(PrometheusRegistry registry) {
    objects =
        Counter.builder()
            .name("vistadr_replication_objects_total")
            .help("Changes handled.")
            .labelNames("secondary", "operation", "result")
            .register(registry);
    bytes =
        Counter.builder()
            .name("vistadr_replication_bytes_total")
            .help("Object bytes written to the secondary.")
            .labelNames("secondary")
            .register(registry);
    delay =
        Histogram.builder()
            .name("vistadr_replication_object_delay_seconds")
            .help("From the change on the primary to safe on the secondary.")
            .labelNames("secondary")
            .classicOnly()
            .classicUpperBounds(DELAYS)
            .register(registry);
    runs =
        Counter.builder()
            .name("vistadr_task_runs_total")
            .help("Ended runs of the task.")
            .labelNames("task", "result")
            .register(registry);
    runSeconds =
        Histogram.builder()
            .name("vistadr_task_duration_seconds")
            .help("How long runs of the task take.")
            .labelNames("task")
            .classicOnly()
            .classicUpperBounds(TASK_SECONDS)
            .register(registry);
    authFailures =
        Counter.builder()
            .name("vistadr_auth_failures_total")
            .help(
                "Requests refused for a missing token, a wrong one (role none) or a missing role.")
            .labelNames("role")
            .register(registry);
    scrapeErrors =
        Counter.builder()
            .name("vistadr_scrape_errors_total")
            .help("Values that could not be told at a scrape.")
            .register(registry);
    List.of("none", "viewer", "operator").forEach(role -> authFailures.initLabelValues(role));
  }

  /// Makes the known series of secondaries and tasks.
  public void declare(List<SiteName> secondaries, List<String> tasks) {
    for (SiteName secondary : secondaries) {
      String name = secondary.value();
      for (Operation operation : Operation.values()) {
        for (Result result : Result.values()) {
          objects.initLabelValues(name, label(operation), label(result));
        }
      }
      bytes.initLabelValues(name);
      delay.initLabelValues(name);
    }
    for (String task : tasks) {
      for (RunLog.Result result : RunLog.Result.values()) {
        if (result != RunLog.Result.RUNNING) {
          runs.initLabelValues(task, label(result));
        }
      }
      runSeconds.initLabelValues(task);
    }
  }

  @Override
  public void replicated(
      SiteName secondary, Operation operation, Result result, long written, Duration age) {
    objects.labelValues(secondary.value(), label(operation), label(result)).inc();
    bytes.labelValues(secondary.value()).inc(written);
    if (result == Result.OK) {
      delay.labelValues(secondary.value()).observe(seconds(age));
    }
  }

  @Override
  public void ended(String task, RunLog.Result result, Duration took) {
    runs.labelValues(task, label(result)).inc();
    runSeconds.labelValues(task).observe(seconds(took));
  }

  /// A request was refused.
  ///
  /// @param role what the caller has, `none` without a valid token
  public void authFailed(String role) {
    authFailures.labelValues(role).inc();
  }

  /// A value could not be told.
  public void scrapeFailed() {
    scrapeErrors.inc();
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static double seconds(Duration span) {
    return span.toNanos() / 1e9;
  }
}
