package org.vistadr.cli.commands;

import org.vistadr.api.Page;
import org.vistadr.api.SyncRequested;
import org.vistadr.api.TaskView;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.TaskText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr task`
@Command(name = "task", description = "Scheduled tasks of the daemon.")
final class TaskCommand {

  private final Session session;

  TaskCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "Every task, its schedule and its last run.")
  int list() {
    Page<TaskView> tasks = session.api().tasks();
    session.print(tasks, TaskText.tasks(tasks.items(), session.zone()));
    return ExitCode.DONE.number();
  }

  @Command(name = "run", description = "Run it now.")
  int run(
      @Parameters(paramLabel = "TASK", description = "Its name.") String task,
      @Option(names = "--wait", description = "Wait until it has ended.") boolean wait) {
    if (wait) {
      TaskWatch watch = new TaskWatch(session);
      return watch.shown(watch.run(task, () -> ""), ExitCode.SOME_FAILED);
    }
    SyncRequested requested = session.api().runTask(task);
    if (session.options().json) {
      session.terminal().json(requested);
    }
    session.say("Started. How it went: vistadr task history " + task);
    return ExitCode.DONE.number();
  }

  @Command(name = "pause", description = "No more scheduled runs until it is resumed.")
  int pause(@Parameters(paramLabel = "TASK", description = "Its name.") String task) {
    session.api().taskAction(task, "pause");
    session.say("Paused until: vistadr task resume " + task);
    return ExitCode.DONE.number();
  }

  @Command(name = "resume", description = "Back to its schedule.")
  int resume(@Parameters(paramLabel = "TASK", description = "Its name.") String task) {
    session.api().taskAction(task, "resume");
    session.say("Resumed.");
    return ExitCode.DONE.number();
  }

  @Command(name = "history", description = "Its last runs, newest first.")
  int history(@Parameters(paramLabel = "TASK", description = "Its name.") String task) {
    Page<TaskView.Run> runs = session.api().taskHistory(task);
    session.print(runs, TaskText.runs(runs.items(), session.zone()));
    return ExitCode.DONE.number();
  }
}
