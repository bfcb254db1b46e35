package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.FindingView;
import org.vistadr.api.Page;
import org.vistadr.api.SyncRequested;
import org.vistadr.api.VerificationView;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.VerifyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr verify`
@Command(name = "verify", description = "Whether the copies are still what was written.")
final class VerifyCommand {

  private final Session session;

  VerifyCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "How far each secondary was looked at again.")
  int list() {
    Page<VerificationView> page = session.api().verifications();
    session.print(page, VerifyText.verifications(page.items(), session.zone()));
    return page.items().stream().anyMatch(view -> view.openFindings() > 0)
        ? ExitCode.NOT_PROTECTED.number()
        : ExitCode.DONE.number();
  }

  @Command(name = "run", description = "Look at the next part of a secondary's copies now.")
  int run(@Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary) {
    SyncRequested requested = session.api().runTask("scrub-" + secondary);
    if (session.options().json) {
      session.terminal().json(requested);
    }
    session.say("Started. How far it is: vistadr verify list");
    return ExitCode.DONE.number();
  }

  @Command(name = "findings", description = "Copies that are not what was written.")
  int findings(
      @Option(
              names = "--state",
              paramLabel = "STATE",
              defaultValue = "open",
              description = "open (default), being-repaired or repaired.")
          String state) {
    List<FindingView> all = all(state);
    session.print(new Page<>(all, Optional.empty()), VerifyText.findings(all, session.zone()));
    return state.equals("open") && !all.isEmpty()
        ? ExitCode.NOT_PROTECTED.number()
        : ExitCode.DONE.number();
  }

  @Command(name = "repair", description = "Copy what was found again; it is read back afterwards.")
  int repair(
      @Parameters(arity = "0..*", paramLabel = "FINDING", description = "Its number.")
          List<Long> ids,
      @Option(names = "--all", description = "Every open finding.") boolean everything) {
    List<Long> wanted =
        everything
            ? all("open").stream().map(FindingView::id).toList()
            : Optional.ofNullable(ids).orElse(List.of());
    if (wanted.isEmpty() && !everything) {
      throw CommandFailure.of(ExitCode.USAGE, "usage", "no finding is named")
          .hint("name one, or say --all")
          .tryNext("vistadr verify findings");
    }
    List<FindingView> repaired = new ArrayList<>();
    for (long id : wanted) {
      repaired.add(session.api().repair(id));
    }
    if (session.options().json) {
      session.terminal().json(new Page<>(repaired, Optional.empty()));
    }
    session.say(
        "%s copied again; the next vistadr verify run reads it back."
            .formatted(Amounts.count(repaired.size(), "object")));
    return ExitCode.DONE.number();
  }

  private List<FindingView> all(String state) {
    return Pages.all(cursor -> session.api().findings(state, cursor));
  }
}
