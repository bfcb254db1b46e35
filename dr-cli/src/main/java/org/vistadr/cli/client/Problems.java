package org.vistadr.cli.client;

import java.util.Optional;
import org.vistadr.api.Problem;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// An answer that is not a success, as exit code and text.
final class Problems {

  private Problems() {}

  static CommandFailure failure(int status, Optional<Problem> problem, ServerSettings settings) {
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
              .tryNext(known.tryNext() == null ? java.util.List.of() : known.tryNext())
              .runbook(known.runbook().orElse(""));
    }
    return status == 401 ? withoutToken(failure, settings) : failure;
  }

  static ExitCode exit(int status, String code) {
    return switch (code) {
      case "time-too-old", "time-not-reached" -> ExitCode.NOT_FOUND;
      case "site-error", "site-unreachable" -> ExitCode.UNREACHABLE;
      default ->
          switch (status) {
            case 400 -> ExitCode.USAGE;
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
