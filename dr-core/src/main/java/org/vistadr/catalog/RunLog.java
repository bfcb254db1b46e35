package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs of scheduled tasks, and which tasks a person paused. Survives restarts; a run that a crash
/// cut off is shown as interrupted.
public final class RunLog {

  private static final String SELECT =
      """
      SELECT id, task, trigger_kind, started_at, ended_at, result, counters, message FROM run
      """;

  private final Store store;

  RunLog(Store store) {
    this.store = store;
  }

  /// @param trigger `schedule` or `request`
  /// @return the run's id
  public long begin(String task, String trigger, Instant startedAt) {
    return store.write(handle -> {
      long id =
          handle
              .select("SELECT COALESCE(MAX(id), 0) + 1 FROM run")
              .map((row, _) -> row.getLong(1))
              .one();
      handle.execute(
          "INSERT INTO run VALUES (?, ?, ?, ?, NULL, ?, '{}', '')",
          id,
          task,
          trigger,
          Codes.nanos(startedAt),
          Codes.code(Result.RUNNING));
      return id;
    });
  }

  /// Ends a run.
  ///
  /// @param counters named numbers to show, in order
  /// @param message one line; empty for nothing to say
  public void end(
      long id, Result result, Instant endedAt, Map<String, Long> counters, String message) {
    store.run(handle ->
        handle.execute(
            "UPDATE run SET result = ?, ended_at = ?, counters = ?, message = ? WHERE id = ?",
            Codes.code(result),
            Codes.nanos(endedAt),
            AttributesJson.writeCounters(counters),
            Codes.cut(message, 10_000),
            id));
  }

  /// Marks runs that a crash left open; called once at start.
  public void closeInterrupted(Instant at) {
    store.run(handle ->
        handle.execute(
            "UPDATE run SET result = ?, ended_at = ?, message = ? WHERE result = ?",
            Codes.code(Result.INTERRUPTED),
            Codes.nanos(at),
            "the daemon ended before the run did",
            Codes.code(Result.RUNNING)));
  }

  /// Runs, newest first.
  ///
  /// @param task only of this task
  /// @param beforeId only older ones, for paging
  public List<Run> list(Optional<String> task, Optional<Long> beforeId, int atMost) {
    long before = beforeId.orElse(Long.MAX_VALUE);
    return store.read(handle ->
        (task.isPresent()
                ? handle.select(
                    SELECT + "WHERE task = ? AND id < ? ORDER BY task DESC, id DESC LIMIT ?",
                    task.get(),
                    before,
                    atMost)
                : handle.select(SELECT + "WHERE id < ? ORDER BY id DESC LIMIT ?", before, atMost))
            .map((row, _) -> run(row))
            .list());
  }

  /// The last run of a task that ended with a result.
  public Optional<Run> last(String task, Result result) {
    return store.read(handle ->
        handle
            .select(
                SELECT
                    + """
                    WHERE task = ? AND result = ?
                    ORDER BY task DESC, result DESC, id DESC LIMIT 1\
                    """,
                task,
                Codes.code(result))
            .map((row, _) -> run(row))
            .findOne());
  }

  /// Counts a fire time that was missed.
  public void countMisfire(String task) {
    store.run(handle -> {
      if (handle.execute("UPDATE misfire SET missed = missed + 1 WHERE task = ?", task) == 0) {
        handle.execute("INSERT INTO misfire VALUES (?, 1)", task);
      }
    });
  }

  /// Misfires of a task since the catalog exists.
  public long misfires(String task) {
    return store.read(handle ->
        handle
            .select("SELECT missed FROM misfire WHERE task = ?", task)
            .map((row, _) -> row.getLong(1))
            .findOne()
            .orElse(0L));
  }

  /// Pauses or resumes a task, durably.
  public void setPaused(String task, boolean paused) {
    store.run(handle -> {
      handle.execute("DELETE FROM paused_task WHERE task = ?", task);
      if (paused) {
        handle.execute("INSERT INTO paused_task VALUES (?)", task);
      }
    });
  }

  /// Whether a person paused it.
  public boolean isPaused(String task) {
    return store.read(handle ->
        handle
            .select("SELECT 1 FROM paused_task WHERE task = ?", task)
            .map((row, _) -> row.getInt(1))
            .findOne()
            .isPresent());
  }

  /// Removes ended runs that ended before a moment, but keeps the last run of each result of each
  /// task.
  public int forgetBefore(Instant moment) {
    return store.write(handle ->
        handle.execute(
            """
            DELETE FROM run WHERE ended_at < ?
              AND id NOT IN (SELECT MAX(id) FROM run GROUP BY task, result)\
            """,
            Codes.nanos(moment)));
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        Codes.instant(row.getLong(4)),
        Codes.optionalInstant(row, 5),
        Codes.runResult(row.getInt(6)),
        AttributesJson.readCounters(row.getString(7)),
        row.getString(8));
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
