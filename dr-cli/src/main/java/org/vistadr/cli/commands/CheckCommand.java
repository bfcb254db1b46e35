package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.vistadr.api.SiteCheck;
import org.vistadr.api.Status;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.TaskText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vistadr check`
@Command(
    name = "check",
    description =
        "Tries what the daemon needs at a site: connection, bucket, rights, versioning, clock.")
final class CheckCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "SITE",
      description = "primary or a secondary; all by default.")
  String site = "";

  CheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<SiteCheck> checks =
        (site.isEmpty() ? sites() : List.of(site)).stream().map(session.api()::check).toList();
    session.print(site.isEmpty() ? checks : checks.getFirst(), TaskText.checks(checks));
    if (!session.options().json) {
      if (site.isEmpty()) {
        session.say("What its access keys have to be allowed: vistadr check SITE");
      } else {
        session.terminal().data(TaskText.policies(checks.getFirst()));
      }
    }
    boolean ok = checks.stream().allMatch(SiteCheck::ok);
    return (ok ? ExitCode.DONE : ExitCode.NOT_PROTECTED).number();
  }

  private List<String> sites() {
    Status status = session.api().status();
    List<String> names = new ArrayList<>(List.of(status.primary().name()));
    status.secondaries().forEach(secondary -> names.add(secondary.name()));
    return names;
  }
}
