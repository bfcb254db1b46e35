package org.vistadr.cli;

import java.util.List;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ErrorText;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Terminal;
import picocli.CommandLine;

/// Every error in the one shape, on standard error, with the exit code that fits.
final class CommandLineErrors
    implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {

  private final Terminal terminal;
  private final Session session;
  private final List<String> words;

  CommandLineErrors(Terminal terminal, Session session, List<String> words) {
    this.terminal = terminal;
    this.session = session;
    this.words = words;
  }

  @Override
  public int handleParseException(CommandLine.ParameterException wrong, String[] args) {
    CommandFailure failure =
        CommandFailure.of(ExitCode.USAGE, "usage", firstLower(String.valueOf(wrong.getMessage())))
            .hint("see " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help")
            .because(wrong);
    if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
      failure = unknown(unmatched, failure);
    }
    return tell(failure);
  }

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine line, CommandLine.ParseResult parsed) {
    return switch (thrown) {
      case CommandFailure failure -> tell(session.withLines(failure));
      case CommandLine.ParameterException wrong -> handleParseException(wrong, new String[0]);
      default ->
          tell(
              CommandFailure.of(
                      ExitCode.UNEXPECTED,
                      "unexpected",
                      "unexpected: "
                          + thrown.getClass().getSimpleName()
                          + ": "
                          + thrown.getMessage())
                  .hint("run it again with -v and report what it shows")
                  .because(thrown));
    };
  }

  private CommandFailure unknown(
      CommandLine.UnmatchedArgumentException unmatched, CommandFailure failure) {
    String word = unmatched.getUnmatched().getFirst();
    boolean option = unmatched.isUnknownOption();
    String name = unmatched.getCommandLine().getCommandSpec().qualifiedName();
    CommandFailure told =
        CommandFailure.of(
                ExitCode.USAGE,
                "usage",
                "unknown %s '%s'".formatted(option ? "option" : "command", word))
            .because(unmatched);
    List<String> nearest = DidYouMean.nearest(word, known(unmatched.getCommandLine(), option));
    if (nearest.isEmpty()) {
      return told.hint(failure.hint());
    }
    return told.hint("did you mean " + String.join(" or ", nearest) + "?")
        .tryNext(
            option ? "%s --help".formatted(name) : "%s %s".formatted(name, nearest.getFirst()));
  }

  private static List<String> known(CommandLine line, boolean option) {
    return option
        ? List.copyOf(line.getCommandSpec().optionsMap().keySet())
        : List.copyOf(line.getSubcommands().keySet());
  }

  private int tell(CommandFailure thrown) {
    if (session.ending()) {
      return ExitCode.DETACHED.number();
    }
    CommandFailure failure =
        thrown
            .hint(session.asTyped(thrown.hint()))
            .tryNext(thrown.tryNext().stream().map(session::asTyped).toList());
    if (words.contains("--json")) {
      terminal.say(Terminal.jsonText(ErrorText.json(failure)));
    } else {
      ErrorText.lines(failure).forEach(terminal::say);
    }
    if (words.contains("-v") || words.contains("--verbose")) {
      thrown.printStackTrace(terminal.err());
    }
    return failure.exit().number();
  }

  private static String firstLower(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
