package org.vistadr.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.vistadr.cli.output.Terminal;

/// Tests that type commands at a daemon whose answers they give, and read what is printed.
abstract class TypedCommands {

  final StubDaemon daemon = new StubDaemon();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Clock clock;
  private final ZoneId zone;

  /// @param now the time that it is
  /// @param zone of who types
  TypedCommands(Instant now, ZoneId zone) {
    this.clock = Clock.fixed(now, ZoneOffset.UTC);
    this.zone = zone;
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  /// Without a terminal.
  ///
  /// @return the exit code
  final int run(String... words) {
    return runAt("000", "", words);
  }

  /// @param terminals which of standard input, output and error are one, `110` say
  /// @param typed what comes from standard input
  final int runAt(String terminals, String typed, String... words) {
    Map<String, String> environment =
        Map.of("VISTADR_SERVER", daemon.address(), "VISTADR_TTY", terminals, "TERM", "dumb");
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment);
    return new Vistadr(terminal, clock, zone, environment).run(words);
  }

  /// All of standard output so far.
  final String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /// Standard output since it was taken last.
  final String takeOut() {
    String text = out();
    out.reset();
    return text;
  }

  /// All of standard error so far.
  final String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
