package org.vistadr.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IHelpCommandInitializable2;
import picocli.CommandLine.Parameters;

/// `vistadr help`
@Command(
    name = "help",
    helpCommand = true,
    description = "Help, of a command too: help restore plan.")
final class HelpCommand implements IHelpCommandInitializable2, Runnable {

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command to explain.")
  List<String> words = new ArrayList<>();

  private Runnable usage = () -> {};

  @Override
  public void init(
      CommandLine help,
      CommandLine.Help.ColorScheme colours,
      java.io.PrintWriter out,
      java.io.PrintWriter err) {
    usage =
        () -> {
          CommandLine line = help.getParent();
          for (String word : words) {
            CommandLine next = line.getSubcommands().get(word);
            if (next == null) {
              throw new CommandLine.UnmatchedArgumentException(line, List.of(word));
            }
            line = next;
          }
          line.usage(out, colours);
          out.flush();
        };
  }

  @Override
  public void run() {
    usage.run();
  }
}
