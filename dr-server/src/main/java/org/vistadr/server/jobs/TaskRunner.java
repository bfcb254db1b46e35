package org.vistadr.server.jobs;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.RunLog;
import org.vistadr.sync.AlreadyRunningException;

/// Runs tasks and keeps their history. A task that runs is not begun again. Safe for use by many
/// threads.
final class TaskRunner {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final RunLog runs;
  private final RunListener listener;
  private final Clock clock;
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  TaskRunner(RunLog runs, RunListener listener, Clock clock) {
    this.runs = runs;
    this.listener = listener;
    this.clock = clock;
  }

  boolean isRunning(String task) {
    return running.contains(task);
  }

  /// From now on runs that end without success were interrupted.
  void closing() {
    closing = true;
  }

  /// @param trigger `schedule` or `request`
  void run(Task task, String trigger) {
    if (!running.add(task.name())) {
      throw new AlreadyRunningException(task.name());
    }
    try {
      long began = System.nanoTime();
      long id = runs.begin(task.name(), trigger, clock.instant());
      Task.Outcome outcome = outcome(task);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      runs.end(id, outcome.result(), clock.instant(), outcome.counters(), outcome.message());
      listener.ended(task.name(), outcome.result(), took);
      tell(task, trigger, outcome, took);
    } finally {
      running.remove(task.name());
    }
  }

  private Task.Outcome outcome(Task task) {
    Task.Outcome outcome;
    try {
      outcome = task.run();
    } catch (AlreadyRunningException e) {
      // A restore brings the catalog up to date by a scan of its own: that one does this work, too.
      outcome = new Task.Outcome(RunLog.Result.PARTIAL, Map.of(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (!closing) {
        LOG.error("run broke task={}", task.name(), e);
      }
      outcome = new Task.Outcome(RunLog.Result.FAILED, Map.of(), "unexpected: " + e);
    }
    return closing && outcome.result() != RunLog.Result.SUCCEEDED
        ? new Task.Outcome(RunLog.Result.INTERRUPTED, outcome.counters(), "the daemon was stopped")
        : outcome;
  }

  private static void tell(Task task, String trigger, Task.Outcome outcome, Duration took) {
    String counters =
        outcome.counters().entrySet().stream()
            .map(counter -> counter.getKey() + "=" + counter.getValue())
            .collect(Collectors.joining(" "));
    String line =
        "task=%s trigger=%s result=%s took=%dms %s"
            .formatted(
                task.name(),
                trigger,
                outcome.result().name().toLowerCase(java.util.Locale.ROOT),
                took.toMillis(),
                counters)
            .strip();
    switch (outcome.result()) {
      case FAILED, PARTIAL -> LOG.warn("{} message=\"{}\"", line, outcome.message());
      case RUNNING, SUCCEEDED, INTERRUPTED ->
          // The engine itself told what a run did; a run that did nothing is not worth a line.
          LOG.debug("{}", line);
    }
  }
}
