package org.vistadr.cli.commands;

import java.util.List;
import java.util.Optional;
import org.vistadr.api.HoldView;
import org.vistadr.api.Page;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.PruneText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr hold`
@Command(name = "hold", description = "What no retention may remove, by key or prefix.")
final class HoldCommand {

  private final Session session;

  HoldCommand(Session session) {
    this.session = session;
  }

  @Command(name = "add", description = "Keep every version of a key, or of all keys of a prefix.")
  int add(
      @Parameters(arity = "0..1", paramLabel = "KEY", description = "Exactly this key.") String key,
      @Option(names = "--prefix", paramLabel = "P/", description = "All keys that start with it.")
          String prefix,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept with it and in the audit log.")
          String reason) {
    if ((key == null) == (prefix == null)) {
      throw CommandFailure.of(ExitCode.USAGE, "usage", "a hold is of a key or of a prefix")
          .hint("name one of the two")
          .tryNext("vistadr hold add --prefix projects/abc-123/ --reason 'case 7'");
    }
    HoldView made =
        session
            .api()
            .addHold(
                new HoldView.NewHold(
                    Optional.ofNullable(key), Optional.ofNullable(prefix), reason));
    if (session.options().json) {
      session.terminal().json(made);
    }
    session.say(
        "Hold %d covers %s. Nothing of it is pruned."
            .formatted(made.id(), Keys.printable(PruneText.covers(made))));
    legalHold(made, "get a legal hold now");
    return ExitCode.DONE.number();
  }

  private void legalHold(HoldView hold, String what) {
    for (String site : hold.legalHoldAt()) {
      session.say(
          "Its copies at %s %s: vistadr task history legal-holds-%s".formatted(site, what, site));
    }
  }

  @Command(name = "list", description = "All of them, oldest first.")
  int list() {
    List<HoldView> all = Pages.all(session.api()::holds);
    session.print(new Page<>(all, Optional.empty()), PruneText.holds(all, session.zone()));
    if (all.isEmpty()) {
      session.say("There is none. Make one: vistadr hold add KEY --reason '...'");
    }
    return ExitCode.DONE.number();
  }

  @Command(name = "remove", description = "End a hold; nothing is removed by that alone.")
  int remove(
      @Parameters(paramLabel = "ID", description = "Its number.") long id,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept in the audit log.")
          String reason) {
    HoldView removed = session.api().removeHold(id, reason);
    if (session.options().json) {
      session.terminal().json(removed);
    }
    session.say(
        "Hold %d of %s is ended."
            .formatted(removed.id(), Keys.printable(PruneText.covers(removed))));
    legalHold(removed, "lose their legal hold now, unless something else holds them");
    return ExitCode.DONE.number();
  }
}
