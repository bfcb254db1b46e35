package org.vistadr.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vistadr.api.Page;
import org.vistadr.api.PrunePlanView;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.PruneText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr prune`
@Command(
    name = "prune",
    description = "Retention: what may go by the policies, shown first, removed when approved.")
final class PruneCommand {

  private static final Duration PACE = Duration.ofMillis(500);
  private static final Set<String> GOING = Set.of("to-go", "removing");
  private static final int SHOWN = 20;

  private final Session session;

  PruneCommand(Session session) {
    this.session = session;
  }

  @Command(name = "plan", description = "Decide and show what may go. Removes nothing.")
  int plan(
      @Option(
              names = "--secondary",
              paramLabel = "NAME",
              description = "Only this one loses anything; by default all that have a policy.")
          String secondary,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "Show so many versions; default 20.")
          int limit) {
    PrunePlanView plan =
        session.api().planPrune(new PrunePlanView.PruneRequest(Optional.ofNullable(secondary)));
    show(plan, Optional.empty(), limit(limit));
    if (PruneText.versions(plan, GOING) == 0) {
      session.say("Nothing may go.");
    } else {
      session.say(
          "%s, %s, would go for good. To do it: vistadr prune run %s --confirm %s --reason '...'"
              .formatted(
                  Amounts.count(PruneText.versions(plan, GOING), "version"),
                  Amounts.bytes(PruneText.bytes(plan, GOING)),
                  plan.id(),
                  plan.confirm()));
    }
    return ExitCode.DONE.number();
  }

  @Command(
      name = "run",
      description = "Remove what a plan names, and wait. Every version is looked at again first.")
  int run(
      @Parameters(paramLabel = "PLAN", description = "Its name.") String id,
      @Option(
              names = "--confirm",
              paramLabel = "NAME",
              description = "The secondary that loses versions, as the plan says; a,b for two.")
          String confirm,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept in the audit log.")
          String reason,
      @Option(names = "--detach", description = "Do not wait.") boolean detach) {
    PrunePlanView plan = session.api().prunePlan(id);
    session
        .api()
        .runPrune(id, new PrunePlanView.PruneApproval(confirmation(plan, confirm), reason));
    // Without a daemon it would end with this process.
    if (detach && !session.isDirect()) {
      session.say("Started. How far it is: vistadr prune show " + id);
      return ExitCode.DONE.number();
    }
    PrunePlanView ended = untilEnded(id);
    if (session.options().json) {
      session.terminal().json(ended);
    } else {
      session.terminal().data(PruneText.page(ended, session.zone()));
      session.print(PruneText.sums(ended));
    }
    return exit(ended);
  }

  @Command(name = "list", description = "Plans, newest first.")
  int list() {
    Page<PrunePlanView> page = session.api().prunePlans();
    session.print(page, PruneText.plans(page.items(), session.zone()));
    if (page.items().isEmpty()) {
      session.say("There is none. Make one: vistadr prune plan");
    }
    return ExitCode.DONE.number();
  }

  @Command(
      name = "show",
      description = "One plan: what goes, what stays because of which hold, and what became of it.")
  int show(
      @Parameters(paramLabel = "PLAN", description = "Its name.") String id,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description =
                  "Only versions that are to-go, removing, removed, stays, refused or differs.")
          String state,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "Show so many versions; default 20.")
          int limit,
      @Option(names = "--all", description = "Show every version.") boolean all) {
    PrunePlanView plan = session.api().prunePlan(id);
    show(plan, Optional.ofNullable(state), all ? Integer.MAX_VALUE : limit(limit));
    return exit(plan);
  }

  private void show(PrunePlanView plan, Optional<String> state, int limit) {
    Page<PrunePlanView.PruneItem> page =
        Pages.upTo(
            limit, (atMost, cursor) -> session.api().pruneItems(plan.id(), state, atMost, cursor));
    List<PrunePlanView.PruneItem> items = page.items();
    if (session.options().json) {
      session.terminal().json(new Shown(plan, items));
      return;
    }
    session.terminal().data(PruneText.page(plan, session.zone()));
    if (items.isEmpty()) {
      return;
    }
    session.print(PruneText.sums(plan));
    session.terminal().data(List.of(""));
    session.print(PruneText.items(items, session.zone()));
    if (page.next().isPresent()) {
      session.say(
          "These are the first %d. All: vistadr prune show %s --all"
              .formatted(items.size(), plan.id()));
    }
  }

  private String confirmation(PrunePlanView plan, String given) {
    if (plan.confirm().isEmpty() || plan.confirm().equals(given)) {
      return plan.confirm();
    }
    String line =
        "vistadr prune run %s --confirm %s --reason '...'".formatted(plan.id(), plan.confirm());
    String consequence =
        "%s, %s, will be gone for good from %s."
            .formatted(
                Amounts.count(PruneText.versions(plan, GOING), "version"),
                Amounts.bytes(PruneText.bytes(plan, GOING)),
                plan.confirm());
    if (given == null && session.canAsk()) {
      String typed =
          session
              .terminal()
              .ask(consequence + " Type %s to go on: ".formatted(plan.confirm()))
              .orElse("")
              .strip();
      if (typed.equals(plan.confirm())) {
        return typed;
      }
    }
    throw CommandFailure.of(
            ExitCode.REFUSED,
            given == null ? "confirmation-required" : "confirmation-wrong",
            consequence
                + (given == null
                    ? " Nobody confirmed it; nothing was removed"
                    : " '%s' is not what confirms it; nothing was removed".formatted(given)))
        .hint("confirm it with the name of what loses versions")
        .tryNext(line);
  }

  private PrunePlanView untilEnded(String id) {
    Instant start = session.now();
    try {
      while (true) {
        PrunePlanView plan = session.api().prunePlan(id);
        if (!plan.state().equals("running")) {
          return plan;
        }
        Duration waited = Duration.between(start, session.now());
        if (session.options().timeout.filter(limit -> waited.compareTo(limit) >= 0).isPresent()) {
          throw CommandFailure.of(
                  ExitCode.TIMED_OUT, "timeout", "plan %s has not ended yet".formatted(id))
              .hint(session.isDirect() ? "it stops here" : "it goes on")
              .tryNext("vistadr prune show " + id);
        }
        Thread.sleep(PACE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailure.of(ExitCode.DETACHED, "detached", "stopped waiting");
    }
  }

  private static int limit(int limit) {
    if (limit < 1) {
      throw CommandFailure.of(ExitCode.USAGE, "usage", "--limit is at least 1")
          .hint("leave it out for the first %d".formatted(SHOWN));
    }
    return limit;
  }

  private static int exit(PrunePlanView plan) {
    return switch (plan.state()) {
      case "refused" -> ExitCode.REFUSED.number();
      case "failed" -> ExitCode.JOB_FAILED.number();
      default ->
          PruneText.versions(plan, Set.of("refused", "differs")) > 0
              ? ExitCode.SOME_FAILED.number()
              : ExitCode.DONE.number();
    };
  }

  /// What `prune plan --json` and `prune show --json` print.
  record Shown(PrunePlanView plan, List<PrunePlanView.PruneItem> items) {}
}
