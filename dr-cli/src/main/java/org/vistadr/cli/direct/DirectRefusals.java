package org.vistadr.cli.direct;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.api.DirectStart;
import org.vistadr.cli.client.ServerSettings;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;

/// Why a command cannot work without a daemon, and what to type instead.
final class DirectRefusals {

  private DirectRefusals() {}

  /// @param words the command line
  static CommandFailure failure(
      DirectStart.Refusal refusal,
      Path config,
      List<String> words,
      Map<String, String> environment) {
    CommandFailure told =
        CommandFailure.of(exit(refusal.code()), refusal.code(), refusal.message())
            .hint(refusal.hint());
    return switch (refusal.code()) {
      case "config-invalid" ->
          told.hint(
                  refusal.hint()
                      + "; a variable that the daemon has is in its environment file, and not here:"
                      + " set -a; . /etc/vistadr/env")
              .tryNext("vistadr config check " + Keys.quoted(config.toString()));
      case "catalog-missing" -> told.runbook("break-glass");
      case "catalog-in-use" ->
          refusal
              .holder()
              .filter(DirectStart.Holder::daemon)
              .map(daemon -> askTheDaemon(told, daemon, words, environment))
              .orElse(told);
      default -> told;
    };
  }

  private static CommandFailure askTheDaemon(
      CommandFailure told,
      DirectStart.Holder daemon,
      List<String> words,
      Map<String, String> environment) {
    if (daemon.address().isEmpty()) {
      return told.hint("it is starting, or stopping; once it listens it does the same for you")
          .tryNext(withoutDirect(words, Optional.empty()));
    }
    String address = daemon.address().get();
    boolean usual =
        ServerSettings.find(Optional.empty(), environment).server().toString().equals(address);
    return told.hint("the daemon does the same for you: leave --direct out")
        .tryNext(withoutDirect(words, usual ? Optional.empty() : Optional.of(address)));
  }

  private static ExitCode exit(String code) {
    return switch (code) {
      case "config-invalid" -> ExitCode.USAGE;
      case "catalog-missing" -> ExitCode.NOT_FOUND;
      case "catalog-in-use" -> ExitCode.REFUSED;
      case "catalog-owner" -> ExitCode.CREDENTIALS;
      case "site-unreachable" -> ExitCode.UNREACHABLE;
      default -> ExitCode.UNEXPECTED;
    };
  }

  /// The same command for a daemon, as a person would type it.
  static String withoutDirect(List<String> words, Optional<String> server) {
    List<String> kept = new ArrayList<>();
    server.ifPresent(address -> kept.addAll(List.of("--server", address)));
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--config") || word.equals("--catalog")) {
        i++;
      } else if (!word.equals("--direct")
          && !word.startsWith("--config=")
          && !word.startsWith("--catalog=")) {
        kept.add(word);
      }
    }
    return kept.stream().map(Keys::quoted).collect(Collectors.joining(" ", "vistadr ", ""));
  }
}
