package org.vistadr.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.vistadr.cli.commands.GlobalOptions;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.commands.VersionCommand;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Terminal;
import picocli.CommandLine;

/// Entry point of the command line.
public final class Vistadr {

  private final Terminal terminal;
  private final Clock clock;
  private final ZoneId zone;
  private final Map<String, String> environment;

  /// @param zone the caller's zone
  /// @param environment the caller's environment
  public Vistadr(Terminal terminal, Clock clock, ZoneId zone, Map<String, String> environment) {
    this.terminal = terminal;
    this.clock = clock;
    this.zone = zone;
    this.environment = Map.copyOf(environment);
  }

  public static void main(String[] args) {

    PrintStream out = stream(FileDescriptor.out);
    Terminal terminal = new Terminal(System.in, out, stream(FileDescriptor.err), System.getenv());
    int status =
        new Vistadr(terminal, Clock.systemUTC(), ZoneId.systemDefault(), System.getenv()).run(args);
    out.flush();
    System.exit(status);
  }

  /// Runs one command line and returns its exit status.
  public int run(String... args) {
    List<String> words = List.of(args);
    if (words.equals(List.of("version")) || words.equals(List.of("--version"))) {
      terminal.data(VersionCommand.line());
      return ExitCode.DONE.number();
    }
    GlobalOptions root = new GlobalOptions();
    try (Session session = session(root, words)) {
      return execute(root, session, words, args);
    }
  }

  private Session session(GlobalOptions root, List<String> words) {
    return new Session(
        root,
        terminal,
        clock,
        zone,
        environment,
        words,
        (other, otherEnvironment, line) ->
            new Vistadr(other, clock, zone, otherEnvironment).run(line));
  }

  private int execute(GlobalOptions root, Session session, List<String> words, String... args) {
    CommandLine line = CommandTree.of(root, session, words);
    CommandLineErrors errors = new CommandLineErrors(terminal, session, words);
    line.setOut(new java.io.PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new java.io.PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.canColour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    if (words.stream().anyMatch(word -> List.of("help", "-h", "--help").contains(word))) {
      HelpText.addExitCodes(line);
    }
    return line.execute(args);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
