package org.vistadr.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.TaskView;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Progress;
import org.vistadr.cli.output.TaskText;

/// Starts a task and waits for the end of that run. The run lives in the daemon: whatever ends the
/// waiting leaves it running.
final class TaskWatch {

  private static final Duration FIRST_LOOKS = Duration.ofMillis(100);
  private static final Duration PACE = Duration.ofMillis(500);
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);

  private final Session session;

  TaskWatch(Session session) {
    this.session = session;
  }

  /// Says how far a run is, for a line of progress.
  interface HowFar {
    /// Empty when nobody can tell.
    String text();
  }

  /// Runs a task and gives the run once it has ended.
  ///
  /// @throws CommandFailure when `--timeout` is reached
  TaskView.Run run(String task, HowFar howFar) {
    long before = newest(task).map(TaskView.Run::id).orElse(0L);
    session.api().runTask(task);
    session.say("Started %s.".formatted(task));
    Instant start = session.now();
    Progress progress = session.progress(PLAIN_EVERY);
    try {
      while (true) {
        Optional<TaskView.Run> run = newest(task).filter(last -> last.id() > before);
        if (run.isPresent() && run.get().endedAt().isPresent()) {
          return run.get();
        }
        Duration waited = Duration.between(start, session.now());
        String far = howFar.text();
        progress.show(
            "%s runs since %s%s"
                .formatted(task, Amounts.duration(waited), far.isEmpty() ? "" : ": " + far));
        if (session.options().timeout.filter(limit -> waited.compareTo(limit) >= 0).isPresent()) {
          throw CommandFailure.of(
                  ExitCode.TIMED_OUT, "timeout", "%s has not ended yet; it goes on".formatted(task))
              .tryNext("vistadr task history " + task);
        }
        // Small runs end at once and should be told at once.
        Thread.sleep(waited.compareTo(Duration.ofSeconds(1)) < 0 ? FIRST_LOOKS : PACE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailure.of(ExitCode.DETACHED, "detached", "stopped waiting; the run goes on");
    } finally {
      progress.end();
    }
  }

  private Optional<TaskView.Run> newest(String task) {
    return session.api().taskHistory(task).items().stream().findFirst();
  }

  /// Shows the run.
  ///
  /// @param partial the exit code of a run that found something or left something undone
  int shown(TaskView.Run run, ExitCode partial) {
    session.print(run, TaskText.runs(List.of(run), session.zone()));
    return switch (run.result()) {
      case "succeeded" -> ExitCode.DONE.number();
      case "partial" -> partial.number();
      default -> ExitCode.JOB_FAILED.number();
    };
  }
}
