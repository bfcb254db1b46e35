package org.vistadr.cli.commands;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.api.AuditEntry;
import org.vistadr.api.Page;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.BrakeText;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vistadr audit`
@Command(name = "audit", description = "Who changed what, when and why; newest first.")
final class AuditCommand implements Callable<Integer> {

  private final Session session;

  @Option(names = "--since", paramLabel = "T", description = "Not older than this: '2h ago'.")
  Optional<String> since = Optional.empty();

  @Option(names = "--who", paramLabel = "TEXT", description = "Role, token or job: admin, scan.")
  Optional<String> who = Optional.empty();

  @Option(
      names = "--action",
      paramLabel = "WORD",
      description = "brake-engaged, held-released, restore-started, ...")
  Optional<String> action = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "So many at most; default 100.")
  int limit;

  @Option(names = "--verify", description = "Look whether the log is as it was written.")
  boolean verify;

  AuditCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (verify) {
      return verified();
    }
    if (limit < 1) {
      throw CommandFailure.of(ExitCode.USAGE, "usage", "--limit is at least 1")
          .hint("leave it out for the newest 100");
    }
    ApiClient.AuditQuery query = new ApiClient.AuditQuery(since.map(session::since), who, action);
    Page<AuditEntry> page =
        Pages.upTo(limit, (atMost, cursor) -> session.api().audit(query, atMost, cursor));
    session.print(
        new Page<>(page.items(), Optional.empty()), BrakeText.audit(page.items(), session.zone()));
    if (page.next().isPresent()) {
      session.say("There are older ones; more of them with --limit");
    }
    return ExitCode.DONE.number();
  }

  private int verified() {
    AuditEntry.Seals seals = session.api().auditSeals();
    if (session.options().json) {
      session.terminal().json(seals);
    }
    if (seals.intact()) {
      session.say("Every entry is as it was written, and none is missing.");
      return ExitCode.DONE.number();
    }
    throw CommandFailure.of(
            ExitCode.NOT_PROTECTED,
            "audit-broken",
            "entry %d is not as it was written, or one before it is missing"
                .formatted(seals.firstBroken().orElse(0L)))
        .hint("somebody changed the catalog past the daemon; keep the file as evidence");
  }
}
