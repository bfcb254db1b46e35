package org.vistadr.cli.commands;

import java.util.concurrent.Callable;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;

/// `vistadr health`: for containers. Whether the daemon answers, not whether the bucket is
/// protected.
@Command(name = "health", description = "Exit 0 when the daemon answers, 1 when not.")
final class HealthCommand implements Callable<Integer> {

  private final Session session;

  HealthCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (session.isDirect()) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "health asks whether a daemon answers; --direct has none")
          .hint("leave --direct out, or ask for the status")
          .tryNext("vistadr --direct status");
    }
    try {
      session.api().status();
      session.say("ok");
      return ExitCode.DONE.number();
    } catch (CommandFailure failure) {
      // A daemon that asks for a token is there.
      if (failure.exit() == ExitCode.CREDENTIALS && failure.code().equals("token-missing")) {
        session.say("ok");
        return ExitCode.DONE.number();
      }
      session.terminal().say("error: " + failure.messageText());
      return ExitCode.UNEXPECTED.number();
    }
  }
}
