package org.vistadr.cli.commands;

import java.util.List;
import java.util.Optional;
import org.vistadr.api.GivenUpChange;
import org.vistadr.api.Page;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.TaskText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr sync failed`
@Command(
    name = "failed",
    description = "What a secondary gave up; it holds the recovery point back.")
final class SyncFailedCommand {

  private final Session session;

  SyncFailedCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "The objects that were given up, and why.")
  int list(@Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary) {
    List<GivenUpChange> all = Pages.all(cursor -> session.api().failed(secondary, cursor));
    session.print(new Page<>(all, Optional.empty()), TaskText.givenUp(all, session.zone()));
    return ExitCode.DONE.number();
  }

  @Command(name = "retry", description = "Try them again now.")
  int retry(
      @Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary,
      @Parameters(arity = "0..1", paramLabel = "KEY", description = "This key; all by default.")
          String key) {
    report(session.api().retryFailed(secondary, Optional.ofNullable(key)), "to be tried again");
    return ExitCode.DONE.number();
  }

  @Command(
      name = "waive",
      description = "Let a key go: the recovery point may pass it. The loss stays on record.")
  int waive(
      @Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary,
      @Parameters(paramLabel = "KEY", description = "The key.") String key,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept on record.")
          String reason,
      @Option(names = "--yes", description = "Do it.") boolean yes) {
    if (!yes && !confirmed(key)) {
      throw CommandFailure.of(ExitCode.REFUSED, "confirmation-required", "nothing was waived")
          .hint("add --yes");
    }
    report(session.api().waiveFailed(secondary, key, reason), "waived");
    return ExitCode.DONE.number();
  }

  private boolean confirmed(String key) {
    return session.canAsk()
        && session
            .terminal()
            .ask(Keys.printable(key) + " will not be protected there. Go on? [y/N] ")
            .filter(answer -> answer.strip().equalsIgnoreCase("y"))
            .isPresent();
  }

  private void report(GivenUpChange.Affected affected, String done) {
    if (session.options().json) {
      session.terminal().json(affected);
    }
    session.say(Amounts.count(affected.changes(), "change") + " " + done + ".");
  }
}
