package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.api.GivenUpChange;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanView;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.Moments;
import org.vistadr.cli.output.Terminal;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr restore plan`
@Command(
    name = "plan",
    description = {
      "Makes a plan and shows it; 'restore apply' carries it out.",
      "'restore plan show' lists what it does, key by key."
    })
final class RestorePlanCommand implements Callable<Integer> {

  private final Session session;
  private final RestoreFlow flow;

  @Parameters(arity = "0..*", paramLabel = "KEY|PREFIX/", description = "What to bring back.")
  List<String> scope = new ArrayList<>();

  @Mixin RestoreOptions what = new RestoreOptions();

  RestorePlanCommand(Session session) {
    this.session = session;
    this.flow = new RestoreFlow(session);
  }

  @Override
  public Integer call() {
    RestorePlanView plan = flow.plan(what.request(session, scope, "restore plan"));
    session.say("Apply it with: vistadr restore apply " + plan.id());
    return ExitCode.DONE.number();
  }

  /// Which objects are listed.
  static final class Which {
    @Option(names = "--newer", description = "Those that replace or delete what is newer.")
    boolean newer;

    @Option(names = "--cannot", description = "Those that cannot be brought back, and why.")
    boolean cannot;

    @Option(names = "--lost", description = "Changes that were still on their way to the source.")
    boolean lost;
  }

  @Command(name = "show", description = "A plan, and with an option its objects, one a line.")
  int show(
      @Parameters(paramLabel = "PLAN", description = "The plan's id, p-…") String id,
      @ArgGroup(exclusive = true) Which which) {
    if (which == null) {
      flow.show(session.api().plan(id));
    } else if (which.lost) {
      lost(id);
    } else {
      items(id, which.newer ? "newer=true" : "action=cannot");
    }
    return ExitCode.DONE.number();
  }

  /// A page at a time, so that a million objects need no memory.
  private void items(String id, String which) {
    Optional<String> cursor = Optional.empty();
    do {
      Page<RestorePlanView.ItemView> page = session.api().planItems(id, which, cursor);
      for (var item : page.items()) {
        print(
            item,
            "%s  %s  %s  (%s)"
                .formatted(
                    item.action(),
                    Amounts.bytes(item.size()),
                    Keys.printable(item.key()),
                    item.reason()));
      }
      cursor = page.next();
    } while (cursor.isPresent());
  }

  private void lost(String id) {
    var plan = session.api().plan(id);
    if (plan.outlook().flatMap(outlook -> outlook.lost()).isEmpty()) {
      throw CommandFailure.of(
              ExitCode.NOT_FOUND, "not-found", "plan %s is not from one secondary".formatted(id))
          .hint("only a plan --from a secondary can lack changes that were on their way there")
          .tryNext("vistadr status");
    }
    Optional<String> cursor = Optional.empty();
    do {
      Page<GivenUpChange> page = session.api().lost(id, cursor);
      for (var change : page.items()) {
        print(
            change,
            "%s  %s  %s  %s"
                .formatted(
                    Moments.local(change.at(), session.zone()),
                    change.kind(),
                    Amounts.bytes(change.size()),
                    Keys.printable(change.key())));
      }
      cursor = page.next();
    } while (cursor.isPresent());
  }

  private void print(Object row, String line) {
    session.terminal().out().println(session.options().json ? Terminal.jsonText(row) : line);
  }
}
