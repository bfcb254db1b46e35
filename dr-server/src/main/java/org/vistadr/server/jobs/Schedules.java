package org.vistadr.server.jobs;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.vistadr.catalog.RunLog;
import org.vistadr.server.config.Timetable;
import org.vistadr.sync.AlreadyRunningException;

/// The tasks on their timetables. Runs never overlap, a pause is durable and holds for prompts and
/// requests too, missed fire times are counted. Safe for use by many threads.
public final class Schedules implements AutoCloseable {

  /// A fire time that is later than this was missed.
  public static final Duration MISFIRE_THRESHOLD = Duration.ofSeconds(5);

  private final SequencedMap<String, Scheduled> tasks = new LinkedHashMap<>();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final RunLog runs;
  private final TaskRunner runner;
  private final Clock clock;
  private final Scheduler scheduler;

  /// A task and when it runs.
  ///
  /// @param task what
  /// @param timetable when
  /// @param delay from start to the first run of an interval
  public record Scheduled(Task task, Timetable timetable, Duration delay) {}

  /// Nothing runs until [#start].
  ///
  /// @param misfireThreshold a fire time that is later than this was missed
  public Schedules(
      Collection<Scheduled> scheduled,
      RunLog runs,
      RunListener listener,
      Clock clock,
      Duration misfireThreshold) {
    scheduled.forEach(entry -> tasks.put(entry.task().name(), entry));
    this.runs = runs;
    this.runner = new TaskRunner(runs, listener, clock);
    this.clock = clock;
    try {
      scheduler = scheduler(tasks.size() + 1, misfireThreshold);
      scheduler.setJobFactory((_, _) -> new TaskJob(this));
      scheduler.getListenerManager().addTriggerListener(new MisfireCounter(runs));
      for (Scheduled entry : tasks.values()) {
        schedule(entry);
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Begins to run tasks.
  public void start() {
    quietly(scheduler::start);
  }

  /// Whether tasks are being run.
  public boolean started() {
    try {
      return scheduler.isStarted() && !scheduler.isInStandbyMode() && !scheduler.isShutdown();
    } catch (SchedulerException _) {
      return false;
    }
  }

  /// Every task with its name, in order.
  public List<Scheduled> scheduled() {
    return List.copyOf(tasks.sequencedValues());
  }

  /// Whether there is such a task.
  public boolean knows(String task) {
    return tasks.containsKey(task);
  }

  /// Whether a run is under way.
  public boolean isRunning(String task) {
    return runner.isRunning(task);
  }

  /// Whether a person paused it.
  public boolean isPaused(String task) {
    return runs.isPaused(task);
  }

  /// The next scheduled start; empty when paused.
  public Optional<Instant> nextRun(String task) {
    try {
      return scheduler.getTriggersOfJob(new JobKey(task)).stream()
          .filter(trigger -> trigger.getKey().getName().equals(task) && !isPaused(task))
          .flatMap(trigger -> Stream.ofNullable(trigger.getNextFireTime()))
          .min(Date::compareTo)
          .map(Date::toInstant);
    } catch (SchedulerException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The longest time between two scheduled starts.
  public Duration longestGap(String task) {
    return Timetables.longestGap(requireNonNull(tasks.get(task)).timetable(), clock.instant());
  }

  /// Runs a task now because somebody asked.
  ///
  /// @throws RefusedException when it is unknown, paused or runs already, and when nothing runs
  ///   here
  public void run(String task) throws RefusedException {
    known(task);
    if (!started()) {
      throw new RefusedException(
          RefusedException.Reason.NOT_SCHEDULED, "%s cannot run without a daemon".formatted(task));
    }
    if (isPaused(task)) {
      throw new RefusedException(RefusedException.Reason.PAUSED, "%s is paused".formatted(task));
    }
    if (isRunning(task)) {
      throw new RefusedException(
          RefusedException.Reason.RUNNING, "%s is already running".formatted(task));
    }
    fire(task, "request");
  }

  /// Has a task run soon because there may be work for it: at once, or again after the run that is
  /// under way. Does nothing while it is paused.
  public void prompt(String task) {
    if (wanted.add(task) && !isRunning(task) && !isPaused(task)) {
      fire(task, "schedule");
    }
  }

  /// Pauses a task, durably. A run that is under way goes on.
  ///
  /// @throws RefusedException when it is unknown
  public void pause(String task) throws RefusedException {
    known(task);
    runs.setPaused(task, true);
    quietly(() -> scheduler.pauseJob(new JobKey(task)));
  }

  /// Ends a pause and has the task run soon.
  ///
  /// @throws RefusedException when it is unknown
  public void resume(String task) throws RefusedException {
    known(task);
    runs.setPaused(task, false);
    quietly(() -> scheduler.resumeJob(new JobKey(task)));
    wanted.remove(task);
    prompt(task);
  }

  /// Starts no more runs; those under way are told by closing the engine.
  public void stopStarting() {
    runner.closing();
    quietly(scheduler::standby);
  }

  /// Waits for runs under way and ends.
  @Override
  public void close() {
    stopStarting();
    quietly(() -> scheduler.shutdown(true));
  }

  /// Called by Quartz.
  void execute(String task, String trigger) {
    wanted.remove(task);
    if (isPaused(task)) {
      return;
    }
    try {
      runner.run(requireNonNull(tasks.get(task)).task(), trigger);
    } catch (AlreadyRunningException _) {
      // Quartz does not overlap runs; this is the second lock on that door.
      return;
    }
    if (wanted.contains(task)) {
      fire(task, "schedule");
    }
  }

  private void known(String task) throws RefusedException {
    if (!knows(task)) {
      throw new RefusedException(
          RefusedException.Reason.UNKNOWN, "there is no task '%s'".formatted(task));
    }
  }

  private void fire(String task, String trigger) {
    quietly(() -> {
      if (!scheduler.isInStandbyMode() && !scheduler.isShutdown()) {
        scheduler.triggerJob(new JobKey(task), new JobDataMap(Map.of("trigger", trigger)));
      }
    });
  }

  private void schedule(Scheduled entry) throws SchedulerException {
    String name = entry.task().name();
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(name)
            .withSchedule(Timetables.schedule(entry.timetable()))
            .startAt(Date.from(Instant.now(Clock.systemUTC()).plus(entry.delay())))
            .build();
    scheduler.scheduleJob(
        JobBuilder.newJob(TaskJob.class).withIdentity(name).storeDurably().build(), trigger);
    if (isPaused(name)) {
      scheduler.pauseJob(new JobKey(name));
    }
  }

  private static Scheduler scheduler(int threads, Duration misfireThreshold)
      throws SchedulerException {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", "vistadr-" + UUID.randomUUID());
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", String.valueOf(threads));
    properties.setProperty("org.quartz.threadPool.threadNamePrefix", "task");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    properties.setProperty(
        "org.quartz.jobStore.misfireThreshold", String.valueOf(misfireThreshold.toMillis()));
    return new StdSchedulerFactory(properties).getScheduler();
  }

  private static void quietly(Scheduling action) {
    try {
      action.run();
    } catch (SchedulerException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Scheduling {
    void run() throws SchedulerException;
  }
}
