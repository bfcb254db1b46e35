package org.vistadr.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreView;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.RestoreText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr restore` and what belongs to it.
@Command(
    name = "restore",
    subcommands = RestorePlanCommand.class,
    description = {
      "Brings keys, a prefix (ends in '/') or everything back as of a moment.",
      "It shows a plan and asks; what it replaces stays as older versions."
    })
final class RestoreCommand implements Callable<Integer> {

  private final Session session;
  private final RestoreFlow flow;

  @Parameters(arity = "0..*", paramLabel = "KEY|PREFIX/", description = "What to bring back.")
  List<String> scope = new ArrayList<>();

  @Mixin RestoreOptions what = new RestoreOptions();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(names = "--dry-run", description = "Show the plan and stop.")
  boolean dryRun;

  RestoreCommand(Session session) {
    this.session = session;
    this.flow = new RestoreFlow(session);
  }

  @Override
  public Integer call() {
    RestorePlanView plan = flow.plan(what.request(session, scope, "restore"));
    return dryRun ? ExitCode.DONE.number() : flow.apply(plan, consent.consent());
  }

  @Command(name = "apply", description = "Carries a plan out.")
  int apply(
      @Parameters(paramLabel = "PLAN", description = "The plan's id, p-…") String id,
      @Mixin ConsentOptions consent) {
    RestorePlanView plan = session.api().plan(id);
    if (!plan.state().equals("ready")) {
      throw CommandFailure.of(
              ExitCode.REFUSED, "plan-" + plan.state(), "plan %s is %s".formatted(id, plan.state()))
          .hint("make a new plan: what the bucket holds may have changed");
    }
    flow.show(plan);
    return flow.apply(plan, consent.consent());
  }

  @Command(name = "list", description = "The newest restores.")
  int list() {
    Page<RestoreView> restores = session.api().restores();
    session.print(restores, RestoreText.table(restores.items(), session.zone()));
    return ExitCode.DONE.number();
  }

  @Command(name = "show", description = "A restore, or a plan, as it is now.")
  int show(@Parameters(paramLabel = "RESTORE", description = "Its id, r-… or p-…") String id) {
    if (id.startsWith("p-")) {
      flow.show(session.api().plan(id));
      return ExitCode.DONE.number();
    }
    RestoreView restore = session.api().restore(id, java.time.Duration.ZERO);
    if (session.options().json) {
      session.terminal().json(restore);
    } else {
      session
          .terminal()
          .data(
              RestoreText.ended(restore)
                  ? RestoreText.result(restore)
                  : RestoreText.progress(restore, session.now(), false));
      RestoreText.history(restore, session.zone()).forEach(session::say);
    }
    return ExitCode.DONE.number();
  }

  @Command(name = "watch", description = "Waits for a restore's end and tells how it ended.")
  int watch(
      @Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id,
      @Mixin ConsentOptions consent) {
    return flow.watch(id, consent.progressEvery);
  }

  @Command(
      name = "undo",
      description = {
        "Gives back what a restore replaced: a plan that is shown and confirmed like any.",
        "What changed since is left alone. An undo is a restore and can be undone, too."
      })
  int undo(
      @Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id,
      @Option(names = "--dry-run", description = "Show the plan and stop.") boolean dryRun,
      @Mixin ConsentOptions consent) {
    RestorePlanView plan = session.api().planUndo(id);
    flow.show(plan);
    return dryRun ? ExitCode.DONE.number() : flow.apply(plan, consent.consent());
  }

  @Command(
      name = "report",
      description = {
        "What a restore did, for the file: what was asked, what became of each object that was not",
        "written, recovery point and time achieved, and a hash of the list of restored objects."
      })
  int report(
      @Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "Write it there: a page for FILE.html, JSON for FILE.json, else text.")
          Optional<Path> file)
      throws IOException {
    new ReportFile(session).write(id, file);
    return ExitCode.DONE.number();
  }

  @Command(
      name = "pause",
      description = "Stops a restore for a while, across restarts; 'resume' goes on.")
  int pause(@Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id) {
    steered(session.api().pauseRestore(id), RestoreText::paused);
    return ExitCode.DONE.number();
  }

  @Command(
      name = "resume",
      description = {
        "Goes on with a paused restore.",
        "With --max-bandwidth it also changes one that runs."
      })
  int resume(
      @Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id,
      @Option(
              names = "--max-bandwidth",
              paramLabel = "RATE",
              description = "The most that is written from now on: 400Mbit/s, or unlimited.")
          Optional<String> bandwidth) {
    steered(
        session.api().resumeRestore(id, bandwidth == null ? Optional.empty() : bandwidth),
        RestoreText::goesOn);
    // Without a daemon it goes on only as long as somebody waits for it.
    return session.isDirect()
        ? flow.follow(id, ConsentOptions.PROGRESS_EVERY)
        : ExitCode.DONE.number();
  }

  @Command(name = "cancel", description = "Ends a restore early; what is done stays done.")
  int cancel(@Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id) {
    steered(session.api().cancelRestore(id), RestoreText::cancelled);
    return ExitCode.DONE.number();
  }

  @Command(
      name = "retry",
      description = {
        "Takes a partial or failed restore up again and waits for its end.",
        "What was skipped because it had changed is written over, too: as a new version."
      })
  int retry(
      @Parameters(paramLabel = "RESTORE", description = "Its id, r-…") String id,
      @Option(names = "--failed-only", description = "Leave what was skipped as it is.")
          boolean failedOnly,
      @Mixin ConsentOptions consent) {
    return flow.retry(id, failedOnly, consent.consent());
  }

  private void steered(RestoreView restore, Function<RestoreView, String> words) {
    if (session.options().json) {
      session.terminal().json(restore);
    } else {
      session.say(words.apply(restore));
    }
  }
}
