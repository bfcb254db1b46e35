package org.vistadr.cli.commands;

import java.util.Locale;
import java.util.Optional;
import org.vistadr.api.RestorePlanView;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.RestoreText;

/// Asks for as much consent as the plan is dangerous: nothing, a yes, or the name of the bucket or
/// directory typed. `--yes` never stands for that.
final class Confirmation {

  private Confirmation() {}

  /// The word to send with the plan.
  ///
  /// @param yes `--yes`
  /// @param bucket `--confirm`
  /// @param applyLine the command line that applies the plan later
  /// @throws CommandFailure when consent is missing or wrong
  static Optional<String> of(
      Session session,
      RestorePlanView plan,
      boolean yes,
      Optional<String> bucket,
      String applyLine) {
    return switch (plan.confirm()) {
      case "none" -> Optional.empty();
      case "yes" -> {
        if (yes
            || bucket.filter(plan.bucket()::equals).isPresent()
            || askYes(session, plan, applyLine)) {
          yield Optional.of("yes");
        }
        throw declined(plan, applyLine);
      }
      default -> {
        String typed = bucket.orElseGet(() -> askBucket(session, plan, applyLine));
        if (typed.equals(plan.bucket())) {
          yield Optional.of(typed);
        }
        throw CommandFailure.of(
                ExitCode.REFUSED,
                "confirmation-wrong",
                "'%s' is not the name of the target; nothing was changed".formatted(typed))
            .hint("the plan is still good")
            .tryNext(applyLine + " --confirm " + Keys.quoted(plan.bucket()));
      }
    };
  }

  /// Consent to write over what was skipped because it had changed.
  ///
  /// @throws CommandFailure when it is missing
  static void ofRetry(Session session, String id, long skipped) {
    String line = "vistadr restore retry " + id;
    String consequence =
        "%s changed since the plan and will be written over."
            .formatted(Amounts.count(skipped, "object"));
    if (!session.canAsk()) {
      throw CommandFailure.of(
              ExitCode.REFUSED,
              "confirmation-required",
              consequence + " Nobody is there to confirm it; nothing was changed")
          .hint("add --yes, or --failed-only to leave them as they are")
          .tryNext(line + " --failed-only");
    }
    String answer = session.terminal().ask(consequence + " Go on? [y/N] ").orElse("").strip();
    if (!answer.toLowerCase(Locale.ROOT).startsWith("y")) {
      throw CommandFailure.of(ExitCode.REFUSED, "declined", "declined; nothing was changed")
          .hint("try only what failed")
          .tryNext(line + " --failed-only");
    }
  }

  private static boolean askYes(Session session, RestorePlanView plan, String applyLine) {
    if (!session.canAsk()) {
      throw missing(plan, applyLine, "--yes");
    }
    String answer = session.terminal().ask(consequence(plan) + " Go on? [y/N] ").orElse("").strip();
    return answer.toLowerCase(Locale.ROOT).startsWith("y");
  }

  private static String askBucket(Session session, RestorePlanView plan, String applyLine) {
    if (!session.canAsk()) {
      throw missing(plan, applyLine, "--confirm " + Keys.quoted(plan.bucket()));
    }
    return session
        .terminal()
        .ask(
            RestoreText.inPlace(plan)
                ? consequence(plan) + " Type the bucket's name to go on: "
                : consequence(plan)
                    + " Type the %s, %s, to go on: "
                        .formatted(
                            RestoreText.isDirectory(plan.target()) ? "directory" : "bucket's name",
                            Keys.printable(plan.bucket())))
        .orElse("")
        .strip();
  }

  private static String consequence(RestorePlanView plan) {
    long deleted = RestoreText.objects(plan, "delete");
    long written = RestoreText.changes(plan) - deleted;
    if (!RestoreText.inPlace(plan)) {
      return "%s will be written to %s%s."
          .formatted(
              Amounts.count(written, "object"),
              Keys.printable(plan.target()),
              deleted == 0 ? "" : " and " + Amounts.count(deleted) + " deleted there");
    }
    return "%s will get a new current version on %s%s."
        .formatted(
            Amounts.count(written, "object"),
            plan.bucket(),
            deleted == 0 ? "" : " and " + Amounts.count(deleted) + " a delete marker");
  }

  private static CommandFailure missing(RestorePlanView plan, String applyLine, String flag) {
    return CommandFailure.of(
            ExitCode.REFUSED,
            "confirmation-required",
            "%s Nobody is there to confirm it; nothing was changed".formatted(consequence(plan)))
        .hint("add %s".formatted(flag))
        .tryNext(applyLine + " " + flag);
  }

  private static CommandFailure declined(RestorePlanView plan, String applyLine) {
    return CommandFailure.of(ExitCode.REFUSED, "declined", "declined; nothing was changed")
        .hint("plan %s is still good".formatted(plan.id()))
        .tryNext(applyLine + " --yes");
  }
}
