package org.vistadr.cli.commands;

import org.vistadr.api.SyncRequested;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.StatusText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vistadr sync`
@Command(
    name = "sync",
    description = "Replication to the secondaries.",
    subcommands = SyncFailedCommand.class)
final class SyncCommand {

  private final Session session;

  SyncCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "Every secondary: recovery point, lag, what waits.")
  int list() {
    var status = session.api().status();
    session.print(status.secondaries(), StatusText.table(status));
    return ExitCode.DONE.number();
  }

  @Command(name = "run", description = "Scan and replicate now.")
  int run(@Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary) {
    SyncRequested requested = session.api().sync(secondary);
    if (session.options().json) {
      session.terminal().json(requested);
    }
    session.say(
        "Started: %s. Watch with: vistadr status --watch"
            .formatted(String.join(", ", requested.runs())));
    return ExitCode.DONE.number();
  }

  @Command(name = "pause", description = "Stop copying to it; its lag grows until it goes on.")
  int pause(@Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary) {
    session.api().secondaryAction(secondary, "pause");
    session.say("Paused. Its lag grows until: vistadr sync resume " + secondary);
    return ExitCode.DONE.number();
  }

  @Command(name = "resume", description = "Go on copying to it.")
  int resume(@Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary) {
    session.api().secondaryAction(secondary, "resume");
    session.say("Resumed.");
    return ExitCode.DONE.number();
  }
}
