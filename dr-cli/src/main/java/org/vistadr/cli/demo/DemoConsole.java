package org.vistadr.cli.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.Terminal;

/// Types commands as a person would and shows what they answer.
///
/// @param session whose command this is
/// @param daemon the daemon to speak to
record DemoConsole(Session session, DemoDaemon daemon) {

  /// Runs a command line.
  Answer type(String... words) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
    Map<String, String> environment = new HashMap<>(session.environment());
    environment.put("VISTADR_SERVER", daemon.address());
    environment.put("VISTADR_TOKEN_FILE", daemon.token().toString());
    environment.put("VISTADR_TTY", "000");
    Terminal terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), stream, stream, environment);
    int status = session.run(terminal, environment, words);
    String line = Arrays.stream(words).map(Keys::quoted).collect(Collectors.joining(" "));
    return new Answer(
        "vistadr " + line, status, output.toString(StandardCharsets.UTF_8).lines().toList());
  }

  /// @param command the command line
  /// @param status its exit status
  /// @param lines what it wrote
  record Answer(String command, int status, List<String> lines) {

    /// The answer of a command that must have ended well.
    Answer expectDone() {
      if (status != 0) {
        throw new IllegalStateException(
            "'%s' ended with exit status %d: %s"
                .formatted(command, status, String.join("\n", lines)));
      }
      return this;
    }
  }
}
