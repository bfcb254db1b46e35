package org.vistadr.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.vistadr.api.Status;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.StatusText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vistadr status`
@Command(name = "status", description = "Am I protected? Exit 0 when yes, 5 when not.")
final class StatusCommand implements Callable<Integer> {

  private static final Duration PACE = Duration.ofSeconds(2);

  private final Session session;

  @Option(names = "--watch", description = "Show it again every 2 seconds until Ctrl-C.")
  boolean watch;

  StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Instant start = session.now();
    while (true) {
      Status status = session.api().status();
      show(status);
      boolean timeIsUp =
          session
              .options()
              .timeout
              .filter(limit -> Duration.between(start, session.now()).compareTo(limit) >= 0)
              .isPresent();
      if (!watch || timeIsUp) {
        return (status.isProtected() ? ExitCode.DONE : ExitCode.NOT_PROTECTED).number();
      }
      Thread.sleep(PACE);
    }
  }

  private void show(Status status) {
    if (session.options().json) {
      session.terminal().json(status);
      return;
    }
    if (session.options().plain) {
      session.print(StatusText.table(status));
      return;
    }
    List<String> lines = StatusText.lines(status, session.zone(), session.style());
    if (watch && session.terminal().outIsTerminal()) {
      session.terminal().out().print("\u001b[H\u001b[2J");
    }
    session.terminal().data(lines);
  }
}
