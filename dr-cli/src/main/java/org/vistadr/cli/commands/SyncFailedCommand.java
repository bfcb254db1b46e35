package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.Page;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr sync failed`
@Command(
    name = "failed",
    description = "What a secondary gave up; it holds the recovery point back.")
final class SyncFailedCommand {

  private final Session session;

  SyncFailedCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "The objects that were given up, and why.")
  int list(@Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary) {
    Page<Map<String, Object>> page = session.api().failed(secondary, Optional.empty());
    session.print(page, table(page));
    return ExitCode.DONE.number();
  }

  @Command(name = "retry", description = "Try them again now.")
  int retry(
      @Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary,
      @Parameters(arity = "0..*", paramLabel = "KEY", description = "These keys; all by default.")
          List<String> keys) {
    report(session.api().failed(secondary, "retry", orAll(keys), ""));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "waive",
      description = "Let them go: the recovery point may pass them. The loss stays on record.")
  int waive(
      @Parameters(paramLabel = "SECONDARY", description = "Its name.") String secondary,
      @Parameters(arity = "1..*", paramLabel = "KEY", description = "These keys.")
          List<String> keys,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept on record.")
          String reason,
      @Option(names = "--yes", description = "Do it.") boolean yes) {
    if (!yes && !confirmed(keys)) {
      throw CommandFailure.of(ExitCode.REFUSED, "confirmation-required", "nothing was waived")
          .hint("add --yes");
    }
    report(session.api().failed(secondary, "waive", keys, reason));
    return ExitCode.DONE.number();
  }

  private boolean confirmed(List<String> keys) {
    return session.canAsk()
        && session
            .terminal()
            .ask(keys.size() + " object(s) will not be protected there. Go on? [y/N] ")
            .filter(answer -> answer.strip().equalsIgnoreCase("y"))
            .isPresent();
  }

  private void report(Map<String, Object> answer) {
    if (session.options().json) {
      session.terminal().json(answer);
    } else {
      session.say("Done: " + answer);
    }
  }

  private static List<String> orAll(List<String> keys) {
    return keys == null ? List.of() : new ArrayList<>(keys);
  }

  private static Table table(Page<Map<String, Object>> page) {
    Table table = new Table("SINCE", "TRIES>", "REASON", "KEY");
    for (Map<String, Object> item : page.items()) {
      table.row(text(item, "at"), text(item, "attempts"), text(item, "reason"), text(item, "key"));
    }
    return table;
  }

  private static String text(Map<String, Object> item, String name) {
    return String.valueOf(item.getOrDefault(name, "-"));
  }
}
