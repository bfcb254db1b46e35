package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.BrakeView;
import org.vistadr.api.HeldChange;
import org.vistadr.api.Page;
import org.vistadr.api.Status;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.BrakeText;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr held`
@Command(name = "held", description = "Deletions that the brake keeps from the secondaries.")
final class HeldCommand {

  private final Session session;

  HeldCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "Why the brake is engaged, and what it holds.")
  int list(
      @Parameters(
              arity = "0..1",
              paramLabel = "SECONDARY",
              description = "Only there; all by default.")
          String secondary,
      @Option(
              names = "--discarded",
              description =
                  "Instead, what secondaries do not have because somebody discarded or waived it.")
          boolean discarded,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "Keys to show for each secondary; default 20.")
          int limit) {
    if (discarded) {
      return discarded(Optional.ofNullable(secondary), limit);
    }
    BrakeView brake = session.api().brake();
    List<HeldAt> held = new ArrayList<>();
    for (BrakeView.Held there : brake.held()) {
      if (secondary == null || secondary.equals(there.secondary())) {
        held.add(
            new HeldAt(
                there.secondary(),
                there.deletions(),
                there.deletions() == 0 ? List.of() : keys(there.secondary(), false, limit)));
      }
    }
    if (held.isEmpty() && secondary != null) {
      throw unknown(secondary);
    }
    if (session.options().json) {
      session.terminal().json(new Held(brake, held));
      return ExitCode.DONE.number();
    }
    BrakeText.lines(brake, session.zone()).forEach(session::say);
    session.print(
        BrakeText.table(
            held.stream()
                .flatMap(there ->
                    there.items().stream().map(item -> new BrakeText.Row(there.secondary(), item)))
                .toList(),
            session.zone()));
    for (HeldAt there : held) {
      if (there.deletions() > there.items().size()) {
        session.say(
            "%s in all at %s; more of them with --limit"
                .formatted(Amounts.count(there.deletions(), "deletion"), there.secondary()));
      }
    }
    return ExitCode.DONE.number();
  }

  /// Where secondaries differ from the primary on purpose.
  private int discarded(Optional<String> only, int limit) {
    List<DiscardedAt> all = new ArrayList<>();
    for (Status.Secondary there : session.api().status().secondaries()) {
      if (only.map(there.name()::equals).orElse(true)) {
        all.add(
            new DiscardedAt(
                there.name(),
                there.waivedObjects(),
                there.waivedObjects() == 0 ? List.of() : keys(there.name(), true, limit)));
      }
    }
    if (all.isEmpty() && only.isPresent()) {
      throw unknown(only.get());
    }
    session.print(
        new Page<>(all, Optional.empty()),
        BrakeText.discarded(
            all.stream()
                .flatMap(there ->
                    there.items().stream().map(item -> new BrakeText.Row(there.secondary(), item)))
                .toList(),
            session.zone()));
    if (all.stream().allMatch(there -> there.changes() == 0)) {
      session.say("Nothing was discarded or waived.");
    }
    for (DiscardedAt there : all) {
      if (there.changes() > there.items().size()) {
        session.say(
            "%s in all at %s; more of them with --limit"
                .formatted(Amounts.count(there.changes(), "change"), there.secondary()));
      }
    }
    return ExitCode.DONE.number();
  }

  private static CommandFailure unknown(String secondary) {
    return CommandFailure.of(
            ExitCode.NOT_FOUND,
            "not-found",
            "there is no secondary '%s'".formatted(Keys.printable(secondary)))
        .hint("see which there are")
        .tryNext("vistadr sync list");
  }

  @Command(
      name = "release",
      description =
          "The deletions were meant: let them go to the secondaries. Without --secondary and --prefix the brake goes off.")
  int release(@Mixin DecisionOptions options) {
    options.confirm(session, "will be deleted at the secondaries, too (their history stays)");
    report(session.api().held("release", options.decision()), "released");
    return ExitCode.DONE.number();
  }

  @Command(
      name = "discard",
      description =
          "The deletions were a mistake: the secondaries stay as they are. Without --secondary and --prefix the brake goes off.")
  int discard(@Mixin DecisionOptions options) {
    options.confirm(session, "will stay at the secondaries as if nobody had deleted it");
    HeldChange.Decided decided = session.api().held("discard", options.decision());
    report(decided, "discarded");
    if (decided.changes() > 0) {
      session.say(
          "Bring them back to the primary: vistadr undelete PREFIX --deleted-since '2h ago'");
      session.say("Where secondaries differ since: vistadr held list --discarded");
    }
    return ExitCode.DONE.number();
  }

  private List<HeldChange> keys(String secondary, boolean discarded, int limit) {
    return Pages.upTo(
            limit, (atMost, cursor) -> session.api().held(secondary, discarded, atMost, cursor))
        .items();
  }

  private void report(HeldChange.Decided decided, String done) {
    if (session.options().json) {
      session.terminal().json(decided);
    }
    session.say(
        "%s %s. The brake is %s."
            .formatted(
                Amounts.count(decided.changes(), "deletion"),
                done,
                decided.brake().engaged() ? "still engaged" : "off"));
  }

  /// What `held list --json` prints.
  ///
  /// @param brake how it stands
  /// @param held what is held, by secondary
  record Held(BrakeView brake, List<HeldAt> held) {}

  /// @param secondary its name
  /// @param deletions how many are held there
  /// @param items the first of them
  record HeldAt(String secondary, long deletions, List<HeldChange> items) {}

  /// What `held list --discarded --json` prints for each secondary.
  ///
  /// @param secondary its name
  /// @param changes how many it does not have by decision
  /// @param items the first of them
  record DiscardedAt(String secondary, long changes, List<HeldChange> items) {}

  /// Options of both decisions.
  static final class DecisionOptions {

    @Option(names = "--secondary", paramLabel = "SECONDARY", description = "Only there.")
    Optional<String> secondary = Optional.empty();

    @Option(
        names = "--prefix",
        paramLabel = "PREFIX",
        description = "Only keys that start with it; the brake stays engaged.")
    Optional<String> prefix = Optional.empty();

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; kept in the audit log.")
    String reason = "";

    @Option(names = "--yes", description = "Do it without being asked.")
    boolean yes;

    HeldChange.Decision decision() {
      return new HeldChange.Decision(secondary, prefix, reason);
    }

    void confirm(Session session, String consequence) {
      if (yes) {
        return;
      }
      String question =
          "What was deleted at the primary%s %s. Go on? [y/N] "
              .formatted(
                  prefix.map(text -> " below " + Keys.printable(text)).orElse(""), consequence);
      boolean agreed =
          session.canAsk()
              && session
                  .terminal()
                  .ask(question)
                  .filter(answer -> answer.strip().equalsIgnoreCase("y"))
                  .isPresent();
      if (!agreed) {
        throw CommandFailure.of(
                ExitCode.REFUSED, "confirmation-required", "nothing was decided; all is still held")
            .hint("add --yes");
      }
    }
  }
}
