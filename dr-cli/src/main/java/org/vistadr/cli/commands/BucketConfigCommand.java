package org.vistadr.cli.commands;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.BucketConfigView;
import org.vistadr.api.Page;
import org.vistadr.cli.client.BucketConfigCalls;
import org.vistadr.cli.client.BucketConfigCalls.Which;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.BucketConfigText;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr bucket config`
@Command(
    name = "config",
    description = "What the primary's bucket is and was set to: policy, lifecycle, CORS and more.")
final class BucketConfigCommand {

  private static final Which DEFAULT = new Which(Optional.empty(), Optional.empty());

  private final Session session;

  BucketConfigCommand(Session session) {
    this.session = session;
  }

  @Command(name = "show", description = "All settings as of a moment, and what is dangerous.")
  int show(
      @Parameters(
              arity = "0..*",
              paramLabel = "SETTING",
              description = "Only these: lifecycle, policy, ...")
          List<String> only,
      @Option(names = "--at", paramLabel = "T", description = "The moment; default now.") String at,
      @Option(names = "--version", paramLabel = "N", description = "A version instead.")
          Long version) {
    BucketConfigView.State state = calls().show(which(at, version));
    if (session.options().json) {
      session.terminal().json(state);
    } else {
      session
          .terminal()
          .data(
              BucketConfigText.lines(
                  state,
                  new LinkedHashSet<>(only == null ? List.of() : only),
                  session.zone(),
                  session.now()));
    }
    return ExitCode.DONE.number();
  }

  @Command(name = "history", description = "Every version that was saved, newest first.")
  int history(
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "How many; default 50.")
          int limit) {
    Page<BucketConfigView.Entry> page = Pages.upTo(limit, calls()::history);
    session.print(page, BucketConfigText.history(page.items(), session.zone()));
    if (page.items().isEmpty()) {
      session.say("Nothing was read yet. Read it now: vistadr bucket config read");
    }
    return ExitCode.DONE.number();
  }

  @Command(
      name = "diff",
      description = "What differs between two moments; default from the accepted version to now.")
  int diff(
      @Option(names = "--from", paramLabel = "T", description = "The earlier moment.") String from,
      @Option(names = "--to", paramLabel = "T", description = "The later moment.") String to,
      @Option(names = "--from-version", paramLabel = "N", description = "A version instead.")
          Long fromVersion,
      @Option(names = "--to-version", paramLabel = "N", description = "A version instead.")
          Long toVersion) {
    BucketConfigView.Diff diff = calls().diff(which(from, fromVersion), which(to, toVersion));
    if (session.options().json) {
      session.terminal().json(diff);
      return ExitCode.DONE.number();
    }
    if (diff.settings().isEmpty()) {
      session.say(
          "Nothing differs between version %d and version %d.".formatted(diff.from(), diff.to()));
    } else {
      session.terminal().data(BucketConfigText.diff(diff, session.zone()));
    }
    return ExitCode.DONE.number();
  }

  @Command(name = "read", description = "Read it now, instead of with the next scan.")
  int read() {
    BucketConfigView.Reading reading = calls().read();
    if (session.options().json) {
      session.terminal().json(reading);
      return ExitCode.DONE.number();
    }
    session.say(
        reading
            .saved()
            .map(number ->
                "Saved as version %d%s."
                    .formatted(
                        number,
                        reading.changed().isEmpty()
                            ? ""
                            : "; changed: " + String.join(", ", reading.changed())))
            .orElse("Nothing changed."));
    reading
        .brake()
        .forEach(reason -> session.say("! The brake is engaged: " + Keys.printable(reason)));
    reading
        .unanswered()
        .forEach(problem -> session.say("! Not answered: " + Keys.printable(problem)));
    return ExitCode.DONE.number();
  }

  @Command(name = "accept", description = "The newest version is meant: no more alerts about it.")
  int accept(
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept in the audit log.")
          String reason,
      @Option(
              names = "--version",
              paramLabel = "N",
              description = "Refuse when another one is the newest.")
          Long version) {
    BucketConfigView.State before = calls().show(DEFAULT);
    BucketConfigView.State state =
        calls().accept(version == null ? before.newest() : version, reason);
    if (session.options().json) {
      session.terminal().json(state);
    }
    session.say(
        "Version %d is accepted%s."
            .formatted(
                state.config().version(),
                before.drift().isEmpty() ? "" : ": " + String.join(", ", before.drift())));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "restore",
      description = "Set a bucket to what was saved: shown first, written, read back.")
  int restore(
      @Option(names = "--at", paramLabel = "T", description = "As of this moment.") String at,
      @Option(names = "--version", paramLabel = "N", description = "A version instead.")
          Long version,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "SITE",
              description = "primary, a secondary or another target of the configuration.")
          String to,
      @Option(
              names = "--only",
              split = ",",
              paramLabel = "SETTING",
              description = "Only these: policy,cors,...")
          List<String> only,
      @Option(names = "--dry-run", description = "Only show what would be changed.") boolean dryRun,
      @Option(names = "--confirm", paramLabel = "BUCKET", description = "The bucket's name.")
          String confirm,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit log.")
          String reason) {
    if (at == null && version == null) {
      throw CommandFailure.of(ExitCode.USAGE, "moment-missing", "no moment was named")
          .hint("say as of when (--at), or which version (--version)")
          .tryNext("vistadr bucket config history");
    }
    if (!dryRun && (reason == null || reason.isBlank())) {
      throw CommandFailure.of(
              ExitCode.USAGE, "reason-missing", "changing a bucket's settings needs a reason")
          .hint("say why, or only look at what would be changed")
          .tryNext("vistadr bucket config restore --version N --to %s --dry-run".formatted(to));
    }
    List<String> settings = only == null ? List.of() : only;
    BucketConfigView.Plan plan = calls().plan(which(at, version), to, settings);
    long changes = plan.steps().stream().filter(BucketConfigCommand::changes).count();
    long cannot = plan.steps().stream().filter(step -> step.action().equals("cannot")).count();
    if (dryRun && session.options().json) {
      session.terminal().json(plan);
      return ExitCode.DONE.number();
    }
    if (!session.options().json) {
      session.say(
          "What setting bucket %s (%s) to version %d changes:"
              .formatted(Keys.printable(plan.bucket()), plan.site(), plan.version()));
      session.terminal().data(BucketConfigText.plan(plan));
    }
    if (dryRun || changes == 0) {
      session.say(
          changes == 0
              ? "Nothing is to be changed."
              : "%s would be changed; nothing was.".formatted(Amounts.count(changes, "setting")));
      return (cannot == 0 || dryRun ? ExitCode.DONE : ExitCode.SOME_FAILED).number();
    }
    requireName(plan, confirm, changes);
    BucketConfigView.Restored restored =
        calls()
            .restore(
                new BucketConfigView.Restore(
                    plan.version(), to, settings, plan.plan(), plan.bucket(), reason));
    if (session.options().json) {
      session.terminal().json(restored);
    } else {
      session.terminal().data(BucketConfigText.done(restored));
    }
    long failed = restored.done().stream().filter(done -> !done.proved()).count();
    session.say(
        "%s restored and read back, %d failed%s."
            .formatted(
                Amounts.count(restored.done().size() - failed, "setting"),
                failed,
                cannot == 0 ? "" : ", %d cannot be restored there".formatted(cannot)));
    return (failed + cannot == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED).number();
  }

  private void requireName(BucketConfigView.Plan plan, String confirm, long changes) {
    String consequence =
        "%s of the bucket %s will be changed."
            .formatted(Amounts.count(changes, "setting"), Keys.printable(plan.bucket()));
    Optional<String> typed =
        Optional.ofNullable(confirm)
            .or(() ->
                session.canAsk()
                    ? session
                        .terminal()
                        .ask(consequence + " Type the bucket's name to go on: ")
                        .map(String::strip)
                    : Optional.empty());
    if (typed.isEmpty()) {
      throw CommandFailure.of(
              ExitCode.REFUSED,
              "confirmation-required",
              consequence + " Nobody is there to confirm it; nothing was changed")
          .hint("confirm with the bucket's name")
          .tryNext(line(plan));
    }
    if (!typed.get().equals(plan.bucket())) {
      throw CommandFailure.of(
              ExitCode.REFUSED,
              "confirmation-wrong",
              "'%s' is not the name of the bucket; nothing was changed"
                  .formatted(Keys.printable(typed.get())))
          .hint("confirm with the bucket's name")
          .tryNext(line(plan));
    }
  }

  private static String line(BucketConfigView.Plan plan) {
    return "vistadr bucket config restore --version %d --to %s --reason '...' --confirm %s"
        .formatted(plan.version(), Keys.quoted(plan.site()), Keys.quoted(plan.bucket()));
  }

  private static boolean changes(BucketConfigView.Step step) {
    return step.action().equals("write") || step.action().equals("remove");
  }

  private Which which(String at, Long version) {
    return new Which(
        version == null && at != null ? Optional.of(session.moment(at)) : Optional.empty(),
        Optional.ofNullable(version));
  }

  private BucketConfigCalls calls() {
    return session.api().bucketConfig();
  }
}
