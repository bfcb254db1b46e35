package org.vistadr.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vistadr.cli.commands.Commands;
import org.vistadr.cli.commands.GlobalOptions;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.demo.DemoCommand;
import picocli.CommandLine;

/// Builds the tree of commands, or only the branch that is called: reading the annotations of all
/// of them takes longer than most commands do.
final class CommandTree {

  private CommandTree() {}

  /// @param words the command line
  static CommandLine of(GlobalOptions root, Session session, List<String> words) {
    CommandLine.IFactory factory = Commands.factory(session);
    Map<String, Class<?>> known = new TreeMap<>(Commands.BY_NAME);
    known.put("demo", DemoCommand.class);
    CommandLine line = new CommandLine(root, factory);
    boolean branch =
        words.stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .filter(known::containsKey)
                .isPresent()
            && !words.contains("help")
            && !words.contains("completion");
    known.forEach((name, type) -> {
      if (!branch || words.contains(name)) {
        line.addSubcommand(name, type);
      }
    });
    if (!branch) {
      line.addSubcommand("help", new HelpCommand());
    }
    return line;
  }
}
