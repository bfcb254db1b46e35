package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.vistadr.api.FindingView;
import org.vistadr.api.Page;
import org.vistadr.api.SyncRequested;
import org.vistadr.api.TaskView;
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
    VerifyText.troubles(page.items()).forEach(session::say);
    return page.items().stream().anyMatch(view -> view.openFindings() > 0)
        ? ExitCode.NOT_PROTECTED.number()
        : ExitCode.DONE.number();
  }

  @Command(
      name = "run",
      description =
          "List a secondary and look at the next part of its copies now: are they what was written?")
  int run(
      @Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary,
      @Option(names = "--wait", description = "Wait until it has ended.") boolean wait) {
    String task = "scrub-" + secondary;
    if (wait) {
      TaskWatch watch = new TaskWatch(session);
      TaskView.Run run = watch.run(task, () -> howFar(secondary));
      int code = watch.shown(run, ExitCode.NOT_PROTECTED);
      session.say(
          code == ExitCode.NOT_PROTECTED.number()
              ? "What was found: vistadr verify findings"
              : "How far it is: vistadr verify list");
      return code;
    }
    SyncRequested requested = session.api().runTask(task);
    if (session.options().json) {
      session.terminal().json(requested);
    }
    session.say("Started. How far it is: vistadr verify list");
    return ExitCode.DONE.number();
  }

  private String howFar(String secondary) {
    return session.api().verifications().items().stream()
        .filter(view -> view.secondary().equals(secondary) && view.roundBegan().isPresent())
        .map(VerifyText::howFar)
        .collect(Collectors.joining(", "));
  }

  @Command(
      name = "findings",
      description = "Copies that are not what was written, and what is there beside the copies.")
  int findings(
      @Option(
              names = "--state",
              paramLabel = "STATE",
              defaultValue = "open",
              description = "open (default), being-repaired, repaired, acknowledged or gone.")
          String state) {
    List<FindingView> all = all(state);
    session.print(new Page<>(all, Optional.empty()), VerifyText.findings(all, session.zone()));
    return state.equals("open") && all.stream().anyMatch(VerifyCommand::isWrong)
        ? ExitCode.NOT_PROTECTED.number()
        : ExitCode.DONE.number();
  }

  @Command(
      name = "repair",
      description =
          "Copy what was found again, from the primary or another secondary; it is read back afterwards.")
  int repair(
      @Parameters(arity = "0..*", paramLabel = "FINDING", description = "Its number.")
          List<Long> ids,
      @Option(names = "--all", description = "Every copy that is an open finding.")
          boolean everything) {
    List<Long> wanted = wanted(ids, everything, VerifyCommand::isWrong);
    List<FindingView> repaired = new ArrayList<>();
    List<CommandFailure> refused = new ArrayList<>();
    for (long id : wanted) {
      try {
        repaired.add(session.api().repair(id));
      } catch (CommandFailure failure) {
        // Of all, those that can be copied are.
        if (!everything || failure.exit() != ExitCode.REFUSED) {
          throw failure;
        }
        refused.add(failure);
      }
    }
    session.print(new Page<>(repaired, Optional.empty()), VerifyText.repairs(repaired));
    session.say(
        "%s copied again; the next vistadr verify run reads it back."
            .formatted(Amounts.count(repaired.size(), "object")));
    refused.forEach(failure -> session.say("Not copied: " + failure.messageText()));
    return refused.isEmpty() ? ExitCode.DONE.number() : ExitCode.SOME_FAILED.number();
  }

  @Command(
      name = "acknowledge",
      description =
          "Let what is there beside the copies be as it is, or give up a copy that nobody has any more.")
  int acknowledge(
      @Parameters(arity = "0..*", paramLabel = "FINDING", description = "Its number.")
          List<Long> ids,
      @Option(names = "--all-extra", description = "Everything that is no copy.")
          boolean everything,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "Why, for the record.")
          String reason) {
    List<FindingView> acknowledged = new ArrayList<>();
    for (long id : wanted(ids, everything, finding -> !isWrong(finding))) {
      acknowledged.add(session.api().acknowledge(id, reason));
    }
    if (session.options().json) {
      session.terminal().json(new Page<>(acknowledged, Optional.empty()));
    }
    session.say("%s acknowledged.".formatted(Amounts.count(acknowledged.size(), "finding")));
    return ExitCode.DONE.number();
  }

  private List<Long> wanted(List<Long> ids, boolean everything, Predicate<FindingView> concerned) {
    if (everything) {
      return all("open").stream().filter(concerned).map(FindingView::id).toList();
    }
    if (ids == null || ids.isEmpty()) {
      throw CommandFailure.of(ExitCode.USAGE, "usage", "no finding is named")
          .hint("name one, or say that all are meant")
          .tryNext("vistadr verify findings");
    }
    return ids;
  }

  private static boolean isWrong(FindingView finding) {
    return !finding.kind().equals("extra");
  }

  private List<FindingView> all(String state) {
    return Pages.all(cursor -> session.api().findings(state, cursor));
  }
}
