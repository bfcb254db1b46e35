package org.vistadr.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.api.Status;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.RunLog;
import org.vistadr.catalog.SegmentLog;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Drill;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.model.Suspicion;
import org.vistadr.server.config.ProtectionSection;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.engine.SiteWatch;
import org.vistadr.server.health.DrillReport;
import org.vistadr.server.health.ProtectionReport;
import org.vistadr.server.health.VerificationReport;
import org.vistadr.server.jobs.DrillTask;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.storage.SiteConfig;

/// Gauges of how things stand, read from the catalog and from the last looks at the sites when they
/// are scraped. What is unknown has no value: a lag that is not known is absent, not 0.
public final class StateGauges {

  private static final Logger LOG = LoggerFactory.getLogger(StateGauges.class);

  private final PrometheusRegistry registry;
  private final Engine engine;
  private final Schedules schedules;
  private final SiteWatch watch;
  private final ProtectionReport report;
  private final Instruments instruments;

  /// @param instruments told of values that cannot be read
  public StateGauges(
      PrometheusRegistry registry,
      Engine engine,
      Schedules schedules,
      SiteWatch watch,
      ProtectionReport report,
      Instruments instruments) {
    this.registry = registry;
    this.engine = engine;
    this.schedules = schedules;
    this.watch = watch;
    this.report = report;
    this.instruments = instruments;
  }

  /// Registers them.
  ///
  /// @param version the product's version
  /// @param revision the commit that it was built from
  public void register(String version, String revision) {
    Info.builder()
        .name("vistadr_build_info")
        .help("Version of the running daemon.")
        .labelNames("version", "revision", "java")
        .register(registry)
        .setLabelValues(version, revision, Runtime.version().toString());
    replication();
    brake();
    drills();
    tasks();
    sites();
    store();
  }

  private void replication() {
    perSecondary(
        "recovery_point_timestamp_seconds",
        "Every change on the primary up to this Unix time is known to be safely on the secondary;"
            + " 0 while there is none.",
        status -> Optional.of(status.recoveryPoint().map(StateGauges::unix).orElse(0d)));
    perSecondary(
        "lag_seconds",
        "Now minus the recovery point, computed at scrape time; absent while it is unknown.",
        status ->
            status
                .recoveryPoint()
                .map(at -> Math.max(0, unix(engine.clock().instant()) - unix(at))));
    perSecondary(
        "objective_seconds",
        "Lag this secondary is allowed to have (config: objective).",
        status -> Optional.of((double) status.objectiveSeconds()));
    perSecondary(
        "oldest_pending_timestamp_seconds",
        "Time of the oldest known change not yet on the secondary; absent when none.",
        status -> status.oldestPending().map(oldest -> unix(oldest.at())));
    perSecondary(
        "pending_objects",
        "Known changes not yet on the secondary.",
        status -> Optional.of((double) status.pending().objects()));
    perSecondary(
        "pending_bytes",
        "Bytes of the known changes not yet on the secondary.",
        status -> Optional.of((double) status.pending().bytes()));
    perSecondary(
        "failed_objects",
        "Changes given up after all retries, waiting for a person.",
        status -> Optional.of((double) status.givenUpObjects()));
    perSecondary(
        "missed_objects",
        "Versions that were gone at the primary before they could be copied.",
        status -> Optional.of((double) status.missedVersions()));
    perSecondary(
        "waived_objects",
        "Changes that an operator decided to go on without.",
        status -> Optional.of((double) status.waivedObjects()));
    gauge(
        "vistadr_replication_state",
        "Exactly one state is 1.",
        List.of("secondary", "state"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            Status.Secondary status = report.secondary(secondary);
            for (String state : ProtectionReport.SecondaryState.ALL) {
              sample.call(state.equals(status.state()) ? 1 : 0, status.name(), state);
            }
          }
        });
  }

  private void brake() {
    perSecondary(
        "deletes_held",
        "Deletions that are kept back: by the brake, or until the scan that found them was judged.",
        status -> Optional.of((double) status.heldObjects()));
    gauge(
        "vistadr_brake_engaged",
        "Whether the brake is engaged: deletions are held and nothing is pruned.",
        List.of(),
        sample -> sample.call(engine.brake().state().engaged() ? 1 : 0));
    gauge(
        "vistadr_verify_corrupt_objects",
        "Copies that are not what was written, and are not repaired.",
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            SiteName name = secondary.site().name();
            sample.call((double) engine.catalog().scrub().open(name), name.value());
          }
        });
    gauge(
        "vistadr_verify_extra_objects",
        "What is at the secondary, is no copy of ours, and nobody acknowledged.",
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            SiteName name = secondary.site().name();
            sample.call(
                (double) engine.catalog().findings().open(name, FindingLog.Concern.EXTRA),
                name.value());
          }
        });
    gauge(
        "vistadr_verify_round_objects",
        "Copies looked at: by the last whole listing, else in the round that is under way.",
        List.of("secondary", "level"),
        sample ->
            VerificationReport.of(engine)
                .forEach(
                    view -> sample.call((double) view.objects(), view.secondary(), view.depth())));
    gauge(
        "vistadr_verify_compared_ratio",
        "Share of the copies looked at of whose bytes something was said that could be compared:"
            + " a checksum of the site's, or at readback the hash of what was read.",
        List.of("secondary", "level"),
        sample ->
            VerificationReport.of(engine)
                .forEach(view ->
                    view.comparedShare()
                        .ifPresent(share -> sample.call(share, view.secondary(), view.depth()))));
    gauge(
        "vistadr_verify_coverage_ratio",
        "Share of the replicas that was looked at again; 1 once a round came to its end.",
        List.of("secondary", "level"),
        sample ->
            VerificationReport.of(engine)
                .forEach(view -> sample.call(view.coverage(), view.secondary(), view.depth())));
    gauge(
        "vistadr_verify_oldest_timestamp_seconds",
        "Every copy of that time was looked at again since then: at readback, since when even the least"
            + " recently read byte was read; absent before the first round's end.",
        List.of("secondary", "level"),
        sample ->
            VerificationReport.of(engine)
                .forEach(view ->
                    view.verifiedSince()
                        .ifPresent(at -> sample.call(unix(at), view.secondary(), view.depth()))));
    gauge(
        "vistadr_brake_suspicion",
        "1 for what the brake is engaged for.",
        List.of("suspicion"),
        sample -> {
          var reasons = engine.brake().state().reasons();
          for (Suspicion suspicion : Suspicion.values()) {
            sample.call(
                reasons.stream().anyMatch(reason -> reason.suspicion() == suspicion) ? 1 : 0,
                ProtectionSection.Brake.word(suspicion));
          }
        });
  }

  private void drills() {
    perDrilled(
        "vistadr_drill_last_success_timestamp_seconds",
        "Last time that a restore was rehearsed with success; absent while it never was.",
        drill -> Optional.of(unix(drill.endedAt().orElse(drill.startedAt()))));
    gauge(
        "vistadr_drill_expected_interval_seconds",
        "Longest gap between two drills of the schedule; absent where none are scheduled.",
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            SiteName name = secondary.site().name();
            String task = DrillTask.nameFor(name);
            if (schedules.knows(task) && !schedules.isPaused(task)) {
              sample.call(Instruments.seconds(schedules.longestGap(task)), name.value());
            }
          }
        });
    perDrilled(
        "vistadr_drill_projected_full_restore_seconds",
        "How long a restore of the whole bucket takes at most, by the last drill that succeeded.",
        drill -> drill.projection().map(range -> (double) range.high()));
    perDrilled(
        "vistadr_drill_projected_full_restore_low_seconds",
        "How long a restore of the whole bucket takes at least, by the last drill that succeeded.",
        drill -> drill.projection().map(range -> (double) range.low()));
    gauge(
        "vistadr_drill_objective_seconds",
        "How long a restore of the whole bucket may take (config: drill.fullRestoreObjective).",
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            sample.call(
                Instruments.seconds(engine.drillSettings().fullRestoreObjective()),
                secondary.site().name().value());
          }
        });
    gauge(
        "vistadr_drill_last_failed",
        "1 when the last drill that ended failed: something did not come back as it was written.",
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            SiteName name = secondary.site().name();
            sample.call(DrillReport.failing(engine, name).isPresent() ? 1 : 0, name.value());
          }
        });
  }

  private void perDrilled(
      String name, String help, java.util.function.Function<Drill, Optional<Double>> value) {
    gauge(
        name,
        help,
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            SiteName site = secondary.site().name();
            engine
                .catalog()
                .drills()
                .last(site, Drill.State.SUCCEEDED)
                .flatMap(value)
                .ifPresent(number -> sample.call(number, site.value()));
          }
        });
  }

  private void tasks() {
    perTask(
        "last_success_timestamp_seconds",
        "Last time the task succeeded.",
        task ->
            last(task, RunLog.Result.SUCCEEDED)
                .flatMap(RunLog.Run::endedAt)
                .map(StateGauges::unix));
    perTask(
        "last_run_timestamp_seconds",
        "Last time the task was started.",
        task -> lastRun(task).map(run -> unix(run.startedAt())));
    perTask(
        "last_run_success",
        "Whether the last ended run did its work, even if not all of it.",
        task -> lastEnded(task).map(run -> run.result() == RunLog.Result.FAILED ? 0d : 1d));
    perTask(
        "expected_interval_seconds",
        "Longest gap between two fire times of the task's schedule; absent while it is paused.",
        task ->
            schedules.isPaused(task)
                ? Optional.empty()
                : Optional.of(Instruments.seconds(schedules.longestGap(task))));
    perTask(
        "running",
        "Whether a run is under way.",
        task -> Optional.of(schedules.isRunning(task) ? 1d : 0d));
    CounterWithCallback.builder()
        .name("vistadr_task_misfires_total")
        .help("Fire times that were missed.")
        .labelNames("task")
        .callback(sample ->
            guarded(() ->
                schedules
                    .scheduled()
                    .forEach(entry ->
                        sample.call(
                            (double) engine.catalog().runs().misfires(entry.task().name()),
                            entry.task().name()))))
        .register(registry);
  }

  private void sites() {
    perSite(
        "reachable",
        "Whether the last look at the bucket was answered.",
        site -> watch.last(site.name()).map(sight -> sight.reachable() ? 1d : 0d));
    perSite(
        "versioning_enabled",
        "Whether the bucket keeps versions.",
        site ->
            watch
                .last(site.name())
                .flatMap(SiteWatch.Sight::regime)
                .map(regime -> regime == Regime.VERSIONED ? 1d : 0d));
    perSite(
        "clock_skew_seconds",
        "The site's clock minus ours.",
        site ->
            watch
                .last(site.name())
                .flatMap(SiteWatch.Sight::skew)
                .map(skew -> skew.toMillis() / 1e3));
    perSite(
        "request_rate_limit",
        "Requests per second that are allowed (config: requestRateLimit); absent without a limit.",
        site -> Optional.of((double) site.limits().requestsPerSecond()).filter(limit -> limit > 0));
    gauge(
        "vistadr_bucket_objects",
        "Objects of the primary as the catalog knows it.",
        List.of("site", "kind"),
        sample -> {
          VersionLog.Totals totals = engine.catalog().versions().totals();
          String primary = SiteName.PRIMARY.value();
          sample.call((double) totals.currentObjects(), primary, "current");
          sample.call((double) totals.noncurrentObjects(), primary, "noncurrent");
          sample.call((double) totals.deleteMarkers(), primary, "delete_marker");
        });
    gauge(
        "vistadr_bucket_size_bytes",
        "Bytes of the primary as the catalog knows it.",
        List.of("site", "kind"),
        sample -> {
          VersionLog.Totals totals = engine.catalog().versions().totals();
          String primary = SiteName.PRIMARY.value();
          sample.call((double) totals.currentBytes(), primary, "current");
          sample.call((double) totals.noncurrentBytes(), primary, "noncurrent");
        });
  }

  private void store() {
    gauge(
        "vistadr_catalog_segment_timestamp_seconds",
        "The catalog of this Unix time can be rebuilt from the secondary; 0 while it cannot.",
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            SiteName name = secondary.site().name();
            sample.call(
                engine
                    .catalog()
                    .segments()
                    .chain(name)
                    .flatMap(SegmentLog.Chain::stateAt)
                    .map(StateGauges::unix)
                    .orElse(0d),
                name.value());
          }
        });
    gauge(
        "vistadr_store_size_bytes",
        "Bytes of the catalog's file.",
        List.of(),
        sample -> sample.call((double) engine.catalog().fileSize()));
    gauge(
        "vistadr_store_filesystem_free_bytes",
        "Bytes that are free where the catalog lives.",
        List.of(),
        sample -> sample.call((double) engine.directory().toFile().getUsableSpace()));
  }

  private void perSecondary(
      String name,
      String help,
      java.util.function.Function<Status.Secondary, Optional<Double>> value) {
    gauge(
        "vistadr_replication_" + name,
        help,
        List.of("secondary"),
        sample -> {
          for (var secondary : engine.sites().secondaries()) {
            Status.Secondary status = report.secondary(secondary);
            value.apply(status).ifPresent(number -> sample.call(number, status.name()));
          }
        });
  }

  private void perTask(
      String name, String help, java.util.function.Function<String, Optional<Double>> value) {
    gauge(
        "vistadr_task_" + name,
        help,
        List.of("task"),
        sample -> {
          for (Schedules.Scheduled entry : schedules.scheduled()) {
            String task = entry.task().name();
            value.apply(task).ifPresent(number -> sample.call(number, task));
          }
        });
  }

  private void perSite(
      String name, String help, java.util.function.Function<SiteConfig, Optional<Double>> value) {
    gauge(
        "vistadr_site_" + name,
        help,
        List.of("site"),
        sample -> {
          for (SiteConfig site : engine.sites().all()) {
            value.apply(site).ifPresent(number -> sample.call(number, site.name().value()));
          }
        });
  }

  private void gauge(
      String name, String help, List<String> labels, Consumer<GaugeWithCallback.Callback> values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels.toArray(String[]::new))
        .callback(sample -> guarded(() -> values.accept(sample)))
        .register(registry);
  }

  /// One value that cannot be read must not take the others with it.
  private void guarded(Runnable read) {
    try {
      read.run();
    } catch (RuntimeException e) {
      instruments.scrapeFailed();
      LOG.debug("value not told", e);
    }
  }

  private Optional<RunLog.Run> lastRun(String task) {
    return engine.catalog().runs().list(Optional.of(task), Optional.empty(), 1).stream()
        .findFirst();
  }

  private Optional<RunLog.Run> lastEnded(String task) {
    return engine.catalog().runs().list(Optional.of(task), Optional.empty(), 3).stream()
        .filter(run ->
            run.result() != RunLog.Result.RUNNING && run.result() != RunLog.Result.INTERRUPTED)
        .findFirst();
  }

  private Optional<RunLog.Run> last(String task, RunLog.Result result) {
    return engine.catalog().runs().last(task, result);
  }

  private static double unix(Instant at) {
    return at.toEpochMilli() / 1e3;
  }
}
