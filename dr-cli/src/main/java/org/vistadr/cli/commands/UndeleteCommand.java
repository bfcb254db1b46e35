package org.vistadr.cli.commands;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.api.RestorePlanView;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr undelete`
@Command(
    name = "undelete",
    description = "Brings deleted keys back as they were before the deletion; overwrites nothing.")
final class UndeleteCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(arity = "0..*", paramLabel = "KEY|PREFIX/", description = "What was deleted.")
  List<String> scope = new ArrayList<>();

  @Mixin KeyOptions keys = new KeyOptions();

  @Option(names = "--all", description = "Everything that was deleted in the whole bucket.")
  boolean all;

  @Option(
      names = "--deleted-since",
      paramLabel = "T",
      description = "Only what was deleted after this moment.")
  Optional<String> since = Optional.empty();

  @Option(names = "--dry-run", description = "Show the plan and stop.")
  boolean dryRun;

  @Mixin ConsentOptions consent = new ConsentOptions();

  UndeleteCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RestoreScope what = RestoreScope.of(scope, keys.read(session.terminal().in()), all, "undelete");
    Optional<Instant> moment = since.map(text -> session.resolve(text, Optional.empty()));
    RestoreFlow flow = new RestoreFlow(session);
    RestorePlanView plan =
        flow.plan(RestorePlanRequest.undelete(what.wire(List.of(), List.of()), moment));
    return dryRun ? ExitCode.DONE.number() : flow.apply(plan, consent.consent());
  }
}
