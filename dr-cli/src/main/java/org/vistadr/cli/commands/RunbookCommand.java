package org.vistadr.cli.commands;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vistadr runbook`: what to do, also when the wiki is down with the rest.
@Command(name = "runbook", description = "Shows a runbook, or their names.")
final class RunbookCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Its name; all names by default.")
  String name = "";

  RunbookCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (name.isEmpty()) {
      List<String> names = Runbooks.names();
      if (session.options().json) {
        session.terminal().json(names);
      } else {
        session.terminal().data(names);
      }
      return ExitCode.DONE.number();
    }
    Optional<String> text = Runbooks.text(name);
    if (text.isEmpty()) {
      throw CommandFailure.of(
              ExitCode.NOT_FOUND, "not-found", "no runbook is named '%s'".formatted(name))
          .hint("without a name all are listed")
          .tryNext("vistadr runbook");
    }
    if (session.options().json) {
      session.terminal().json(new Runbook(name, text.get()));
    } else {
      session.terminal().out().print(text.get());
    }
    return ExitCode.DONE.number();
  }

  /// @param name its name
  /// @param text Markdown
  record Runbook(String name, String text) {}
}
