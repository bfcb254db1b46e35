package org.vistadr.cli.commands;

import java.util.concurrent.Callable;
import org.vistadr.api.KeyVersions;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.ObjectText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vistadr history`
@Command(
    name = "history",
    description = {
      "Every version of a key, and where its bytes are.",
      "Version ids are cut; 'get --version' takes them cut, -v and --plain show them whole.",
      "-v and --json also ask locked secondaries until when each copy is locked."
    })
final class HistoryCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  HistoryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean detailed = session.options().verbose || session.options().json;
    KeyVersions history = session.api().versions(key, detailed);
    if (history.versions().isEmpty()) {
      throw CommandFailure.of(
              ExitCode.NOT_FOUND, "not-found", "no version of '%s' is known".formatted(key))
          .hint("a scan may not have seen it yet; keys are case sensitive")
          .tryNext("vistadr ls");
    }
    boolean wholeIds = session.options().plain || session.options().verbose;
    session.print(history, ObjectText.history(history, session.zone(), wholeIds));
    return ExitCode.DONE.number();
  }
}
