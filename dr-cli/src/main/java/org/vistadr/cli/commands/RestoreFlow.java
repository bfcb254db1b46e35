package org.vistadr.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreRequest;
import org.vistadr.api.RestoreView;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.RestoreText;
import org.vistadr.cli.output.Terminal;

/// Plan, confirm, apply, wait: the way of every restore, whichever command asked for it.
final class RestoreFlow {

  private final Session session;

  RestoreFlow(Session session) {
    this.session = session;
  }

  /// Makes the plan and shows it.
  RestorePlanView plan(RestorePlanRequest request) {
    RestorePlanView plan = session.api().plan(request);
    show(plan);
    if (plan.counts().values().stream().allMatch(amount -> amount.objects() == 0)) {
      throw CommandFailure.of(
              ExitCode.NOT_FOUND, "not-found", "nothing was there at that time: " + plan.scope())
          .hint("look at what there was")
          .tryNext(
              request.scope().keys().isEmpty()
                  ? "vistadr ls --at %s %s"
                      .formatted(
                          plan.at(),
                          request.scope().prefixes().stream()
                              .findFirst()
                              .map(Keys::quoted)
                              .orElse(""))
                      .strip()
                  : "vistadr history " + Keys.quoted(request.scope().keys().getFirst()));
    }
    return plan;
  }

  /// Writes a plan.
  void show(RestorePlanView plan) {
    if (session.options().json) {
      session.terminal().json(new Event("plan", Optional.of(plan), Optional.empty()));
    } else if (!session.options().quiet) {
      session.terminal().data(RestoreText.plan(plan, session.zone(), session.now()));
    }
  }

  /// Applies the plan and waits for the end of the restore.
  int apply(RestorePlanView plan, Consent consent) {
    if (RestoreText.changes(plan) == 0) {
      session.say("Nothing to do.");
      return (RestoreText.objects(plan, "cannot") > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE)
          .number();
    }
    Optional<String> word =
        Confirmation.of(
            session, plan, consent.yes, consent.bucket, "vistadr restore apply " + plan.id());
    requireSomebodyToCarryItOut(consent, "vistadr restore apply " + plan.id());
    return started(session.api().restore(new RestoreRequest(plan.id(), word)), consent);
  }

  /// Takes a restore up again and waits for its end.
  int retry(String id, boolean failedOnly, Consent consent) {
    RestoreView before = session.api().restore(id, Duration.ZERO);
    long skipped = RestoreText.skipped(before);
    boolean over = skipped > 0 && !failedOnly;
    if (over && !consent.yes && consent.bucket.isEmpty()) {
      Confirmation.ofRetry(session, id, skipped);
    }
    requireSomebodyToCarryItOut(consent, "vistadr restore retry " + id);
    return started(
        session
            .api()
            .retryRestore(
                id,
                new RestoreRequest.Retry(failedOnly, over ? Optional.of("yes") : Optional.empty())),
        consent);
  }

  // Without a daemon nobody is left to carry it out when the command ends.
  private void requireSomebodyToCarryItOut(Consent consent, String line) {
    if (consent.detach && session.isDirect()) {
      throw CommandFailure.of(
              ExitCode.USAGE,
              "usage",
              "--detach needs a daemon: with --direct the restore ends with the command")
          .hint("leave --detach out; a restore that Ctrl-C stopped can go on")
          .tryNext(line);
    }
  }

  private int started(RestoreView restore, Consent consent) {
    if (consent.detach) {
      session.say("Restore %s started.".formatted(restore.id()));
      session.say("Watch with: vistadr restore watch " + restore.id());
      if (session.options().json) {
        event("status", restore);
      }
      return ExitCode.DONE.number();
    }
    session.say(
        "Restore %s started. Ctrl-C %s."
            .formatted(
                restore.id(),
                session.isDirect() ? "stops it; it can go on later" : "leaves it running"));
    return follow(restore.id(), consent.progressEvery);
  }

  /// Follows a restore to its end; without a daemon it goes on because it is watched.
  int watch(String id, Duration progressEvery) {
    if (session.isDirect()) {
      RestoreView restore = session.api().restore(id, Duration.ZERO);
      if (restore.state().equals("paused")) {
        throw CommandFailure.of(
                ExitCode.REFUSED, "wrong-state", "restore %s is paused".formatted(id))
            .hint("a person paused it; find out why, then resume it")
            .tryNext("vistadr restore resume " + id);
      }
      if (!RestoreText.ended(restore)) {
        session.api().resumeRestore(id, Optional.empty());
      }
    }
    return follow(id, progressEvery);
  }

  /// Follows a restore that is being carried out to its end.
  int follow(String id, Duration progressEvery) {
    RestoreView restore = new RestoreWatch(session, progressEvery).untilEnded(id);
    if (session.options().json) {
      event("summary", restore);
    } else {
      session.terminal().data(RestoreText.result(restore));
      if (restore.goal().equals("undelete") && restore.done().objects() > 0) {
        session.terminal().data(undeleted(restore));
      }
      session.terminal().data(RestoreText.next(restore));
    }
    if (!session.options().json) {
      restore.notes().forEach(session::say);
    }
    ExitCode exit = RestoreText.exit(restore);
    if (exit != ExitCode.DONE && !session.options().json) {
      Page<RestorePlanView.ItemView> failed =
          session.api().restoreItems(id, Optional.of("failed"), Optional.empty());
      failed.items().stream()
          .limit(10)
          .forEach(item ->
              session.say("  failed: %s: %s".formatted(Keys.printable(item.key()), item.detail())));
      if (!failed.items().isEmpty()) {
        session.say("Try again what failed: vistadr restore retry %s --failed-only".formatted(id));
      }
    }
    return exit.number();
  }

  /// What an undelete did: of one key with the version that shows again.
  private String undeleted(RestoreView restore) {
    if (restore.done().objects() > 1) {
      return RestoreText.undeleted(restore);
    }
    RestorePlanView.ItemView item =
        session
            .api()
            .restoreItems(restore.id(), Optional.of("done"), Optional.empty())
            .items()
            .stream()
            .findFirst()
            .orElseThrow();
    Optional<Instant> of =
        session.api().versions(item.key()).versions().stream()
            .filter(version -> version.origin().equals("listed"))
            .filter(version -> Optional.of(version.versionId()).equals(item.versionId()))
            .map(KeyVersions.Item::at)
            .findFirst();
    return RestoreText.undeleted(item, of, session.zone());
  }

  private void event(String type, RestoreView restore) {
    session
        .terminal()
        .out()
        .println(Terminal.jsonText(new Event(type, Optional.empty(), Optional.of(restore))));
  }

  /// Consent and patience given on the command line.
  ///
  /// @param yes `--yes`
  /// @param bucket `--confirm`
  /// @param detach `--detach`
  /// @param progressEvery pace of plain progress lines
  record Consent(boolean yes, Optional<String> bucket, boolean detach, Duration progressEvery) {}

  /// A line of `--json`.
  ///
  /// @param type `plan`, `status` or `summary`
  /// @param plan with `plan`
  /// @param restore with `status` and `summary`
  record Event(String type, Optional<RestorePlanView> plan, Optional<RestoreView> restore) {}
}
