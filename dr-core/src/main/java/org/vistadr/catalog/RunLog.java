package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs of scheduled tasks, and which tasks a person paused. Survives restarts; a run that a crash
/// cut off is shown as interrupted.
public final class RunLog {

  /// @param trigger `schedule` or `request`
  /// @return the run's id
  public long begin(String task, String trigger, Instant startedAt) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Ends a run.
  ///
  /// @param counters named numbers to show, in order
  /// @param message one line; empty for nothing to say
  public void end(
      long id, Result result, Instant endedAt, Map<String, Long> counters, String message) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Marks runs that a crash left open; called once at start.
  public void closeInterrupted(Instant at) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Runs, newest first.
  ///
  /// @param task only of this task
  /// @param beforeId only older ones, for paging
  public List<Run> list(Optional<String> task, Optional<Long> beforeId, int atMost) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The last run of a task that ended with a result.
  public Optional<Run> last(String task, Result result) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Counts a fire time that was missed.
  public void countMisfire(String task) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Misfires of a task since the catalog exists.
  public long misfires(String task) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Pauses or resumes a task, durably.
  public void setPaused(String task, boolean paused) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Whether a person paused it.
  public boolean isPaused(String task) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Removes ended runs that ended before a moment, but keeps the last run of each result of each
  /// task.
  public int forgetBefore(Instant moment) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// How a run ended.
  public enum Result {
    /// Still under way.
    RUNNING,
    /// All it had to do is done.
    SUCCEEDED,
    /// Some of it is done; the message says what is not.
    PARTIAL,
    /// It could not do its work.
    FAILED,
    /// The daemon ended first.
    INTERRUPTED
  }

  /// One run.
  public record Run(
      long id,
      String task,
      String trigger,
      Instant startedAt,
      Optional<Instant> endedAt,
      Result result,
      Map<String, Long> counters,
      String message) {}
}
