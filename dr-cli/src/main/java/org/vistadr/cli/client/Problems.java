package org.vistadr.cli.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.Problem;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// An answer that is not a success, as exit code and text.
final class Problems {

  /// Members of problems that hold moments: the one that was asked for and those that would do.
  static final List<String> MOMENTS =
      List.of("asked", "earliest", "recoveryPoint", "scanBefore", "scanAfter");

  private Problems() {}

  /// @param moments what the answer holds of [#MOMENTS]
  static CommandFailure failure(
      int status,
      Optional<Problem> problem,
      Map<String, Instant> moments,
      ServerSettings settings) {
    String code = problem.map(Problem::code).orElse("http-" + status);
    String message =
        problem
            .map(known -> known.detail() == null ? known.title() : known.detail())
            .orElse("%s answered with HTTP status %d".formatted(settings.server(), status));
    CommandFailure failure = CommandFailure.of(exit(status, code), code, message);
    if (problem.isPresent()) {
      Problem known = problem.get();
      failure =
          failure
              .hint(known.hint().orElse(""))
              .tryNext(known.tryNext() == null ? List.of() : known.tryNext())
              .runbook(known.runbook().orElse(""));
    }
    return status == 401
        ? withoutToken(failure, settings)
        : failure.otherMoments(Optional.ofNullable(moments.get("asked")), others(moments));
  }

  private static List<CommandFailure.OtherMoment> others(Map<String, Instant> moments) {
    List<CommandFailure.OtherMoment> others = new ArrayList<>();
    moments.forEach((name, at) -> {
      switch (name) {
        case "earliest" -> others.add(new CommandFailure.OtherMoment(at, "the earliest moment"));
        case "recoveryPoint" ->
            others.add(new CommandFailure.OtherMoment(at, "what is reached now"));
        case "scanBefore" -> others.add(new CommandFailure.OtherMoment(at, "the scan before"));
        case "scanAfter" -> others.add(new CommandFailure.OtherMoment(at, "the scan after"));
        default -> {
          // The moment that was asked for is no way out.
        }
      }
    });
    return others;
  }

  static ExitCode exit(int status, String code) {
    return switch (code) {
      case "time-too-old", "time-not-reached" -> ExitCode.NOT_FOUND;
      case "site-error", "site-unreachable" -> ExitCode.UNREACHABLE;
      default ->
          switch (status) {
            case 400, 416 -> ExitCode.USAGE;
            case 401, 403 -> ExitCode.CREDENTIALS;
            case 404 -> ExitCode.NOT_FOUND;
            case 409, 410, 412, 422 -> ExitCode.REFUSED;
            case 429, 502, 503, 504 -> ExitCode.UNREACHABLE;
            default -> ExitCode.UNEXPECTED;
          };
    };
  }

  private static CommandFailure withoutToken(CommandFailure failure, ServerSettings settings) {
    return settings
        .tokenFile()
        .map(file -> failure.hint("the daemon does not know the token in %s".formatted(file)))
        .orElseGet(() ->
            CommandFailure.of(
                    ExitCode.CREDENTIALS,
                    "token-missing",
                    "the daemon at %s asks for a token".formatted(settings.server()))
                .hint(
                    "name a file that holds one in VISTADR_TOKEN_FILE, or as tokenFile in"
                        + " ~/.config/vistadr/cli.yml; the daemon writes an administrator's"
                        + " token to <store.path>/token")
                .tryNext("VISTADR_TOKEN_FILE=/var/lib/vistadr/catalog/token vistadr status"));
  }
}
