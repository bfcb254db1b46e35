package org.vistadr.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// `GET /api/v1/tasks`: one scheduled task.
///
/// @param name `scan`, `replicate-<secondary>`, `catalog-copy`, ...
/// @param schedule in words: `every 5m` or a cron expression with its zone
/// @param paused whether a person paused it
/// @param running whether a run is under way
/// @param nextRun the next scheduled start
/// @param lastRun the newest run
/// @param misfires missed fire times
public record TaskView(
    String name,
    String schedule,
    boolean paused,
    boolean running,
    Optional<Instant> nextRun,
    Optional<Run> lastRun,
    long misfires) {

  /// One run.
  ///
  /// @param id number
  /// @param task the task
  /// @param trigger `schedule` or `request`
  /// @param startedAt start
  /// @param endedAt absent while running
  /// @param result `running`, `succeeded`, `partial`, `failed`, `interrupted`
  /// @param counters named numbers
  /// @param message one line, may be empty
  public record Run(
      long id,
      String task,
      String trigger,
      Instant startedAt,
      Optional<Instant> endedAt,
      String result,
      Map<String, Long> counters,
      String message) {}
}
