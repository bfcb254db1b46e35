package org.vistadr.server;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.config.PrimarySection;
import org.vistadr.server.config.ProtectionSection;
import org.vistadr.server.config.Sites;
import org.vistadr.server.config.Timetable;
import org.vistadr.server.engine.ChangeListener;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.engine.SiteWatch;
import org.vistadr.server.jobs.DrillTask;
import org.vistadr.server.jobs.HousekeepingTask;
import org.vistadr.server.jobs.LegalHoldTask;
import org.vistadr.server.jobs.LockTask;
import org.vistadr.server.jobs.LockedTask;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.RunListener;
import org.vistadr.server.jobs.ScanTask;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.server.jobs.ScrubTask;
import org.vistadr.server.jobs.SegmentsTask;

/// The engine with its schedules and its look-out, started and stopped together and in order.
final class Daemon implements Managed {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration LOOK_INTERVAL = Duration.ofMinutes(1);

  private final Engine engine;
  private final Schedules schedules;
  private final SiteWatch watch;
  private final ChangeListener changes;
  private final String configuration;

  private Daemon(
      Engine engine,
      Schedules schedules,
      SiteWatch watch,
      ChangeListener changes,
      String configuration) {
    this.engine = engine;
    this.schedules = schedules;
    this.watch = watch;
    this.changes = changes;
    this.configuration = configuration;
  }

  /// Puts the parts together; nothing runs yet.
  static Daemon of(DaemonConfiguration configuration, Engine engine, RunListener listener) {
    // The scan prompts tasks of the schedules that it is itself a part of.
    var prompts = new Prompts();
    Schedules schedules = schedules(configuration, engine, listener, prompts);
    prompts.connect(schedules, engine);
    boolean listen = configuration.primary().orElseThrow().events() == PrimarySection.Events.AUTO;
    return new Daemon(
        engine,
        schedules,
        new SiteWatch(engine.stores(), engine.clock()),
        ChangeListener.of(engine, listen, prompts),
        configuration.source());
  }

  /// Every task on its timetable; nothing runs yet.
  ///
  /// @param prompts told when a scan found something to copy, and when something was copied
  static Schedules schedules(
      DaemonConfiguration configuration, Engine engine, RunListener listener, Prompts prompts) {
    List<Schedules.Scheduled> tasks = new ArrayList<>();
    tasks.add(
        new Schedules.Scheduled(
            new ScanTask(engine.bucketConfigs(), engine.synchronizer(), prompts),
            configuration.primary().orElseThrow().scanInterval(),
            Duration.ZERO));
    for (Sites.Secondary secondary : engine.sites().secondaries()) {
      SiteName name = secondary.site().name();
      tasks.add(
          new Schedules.Scheduled(
              new LockedTask(
                  new ReplicateTask(engine.synchronizer(), name, () -> prompts.copied(name)),
                  engine.locks(),
                  name),
              configuration.replicateInterval(),
              Duration.ofSeconds(1)));
      tasks.add(
          new Schedules.Scheduled(
              new LockedTask(new SegmentsTask(engine.segments(name)), engine.locks(), name),
              configuration.store().segments(),
              Duration.ofSeconds(5)));
      engine
          .locks()
          .of(name)
          .ifPresent(lock ->
              tasks.add(
                  new Schedules.Scheduled(
                      new LockTask(engine.locks(), name),
                      new Timetable.Every(LockTask.interval(lock)),
                      Duration.ofSeconds(10))));
      if (engine.legalHolds().sites().contains(name)) {
        tasks.add(
            new Schedules.Scheduled(
                new LegalHoldTask(engine.legalHolds(), engine.locks(), name),
                new Timetable.Every(Duration.ofDays(1)),
                Duration.ofSeconds(20)));
      }
    }
    drills(configuration, engine, prompts).forEach(tasks::add);
    ProtectionSection.Verify verify = configuration.protection().verify();
    for (Sites.Secondary secondary : engine.sites().secondaries()) {
      tasks.add(
          new Schedules.Scheduled(
              new ScrubTask(engine.scrub(), secondary.site().name(), verify),
              verify.interval(),
              Duration.ofMinutes(10)));
    }
    tasks.add(
        new Schedules.Scheduled(
            new HousekeepingTask(engine, configuration.store().keepRuns()),
            configuration.store().housekeeping(),
            Duration.ofMinutes(5)));
    return new Schedules(
        tasks, engine.catalog().runs(), listener, engine.clock(), Schedules.MISFIRE_THRESHOLD);
  }

  private static List<Schedules.Scheduled> drills(
      DaemonConfiguration configuration, Engine engine, Prompts prompts) {
    List<Schedules.Scheduled> tasks = new ArrayList<>();
    for (Sites.Secondary secondary : engine.sites().secondaries()) {
      SiteName name = secondary.site().name();
      if (!configuration.drill().covers(name.value())) {
        continue;
      }
      Timetable timetable = configuration.drill().interval().orElseThrow();
      AtomicBoolean waits = new AtomicBoolean();
      prompts.drillWaits(name, waits);
      tasks.add(
          new Schedules.Scheduled(
              new DrillTask(engine.drills(), name, waits),
              timetable,
              DrillTask.delay(
                  timetable, engine.catalog().drills(), name, engine.clock().instant())));
    }
    return tasks;
  }

  Engine engine() {
    return engine;
  }

  Schedules schedules() {
    return schedules;
  }

  SiteWatch watch() {
    return watch;
  }

  ChangeListener changes() {
    return changes;
  }

  @Override
  public void start() {
    engine
        .catalog()
        .audit()
        .add(
            AuditEvent.of(
                engine.clock().instant(), "daemon", "config-loaded", configuration, "", ""));
    watch.start(LOOK_INTERVAL);
    int resumed = engine.restores().resumeInterrupted();
    if (resumed > 0) {
      LOG.info("restores go on count={}", resumed);
    }
    engine.prune().resume().ifPresent(plan -> LOG.info("prune goes on plan={}", plan));
    schedules.start();
    changes.start();
  }

  /// Starts no new work, lets copies in flight end, then closes sites and catalog.
  @Override
  public void stop() {
    LOG.info("stopping: no new work, copies in flight are finished");
    changes.close();
    watch.close();
    schedules.stopStarting();
    engine.stopWork();
    schedules.close();
    engine.close();
    LOG.info("stopped");
  }
}
