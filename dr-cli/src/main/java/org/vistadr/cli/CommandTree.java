package org.vistadr.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.vistadr.cli.commands.Commands;
import org.vistadr.cli.commands.GlobalOptions;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.demo.DemoCommand;
import picocli.CommandLine;

/// Builds the tree of commands, or only the branch that is called: reading the annotations of all
/// of them takes longer than most commands do.
final class CommandTree {

  /// Options of every command that are followed by a value.
  private static final Set<String> WITH_VALUE =
      Set.of("--server", "--config", "--catalog", "--timeout");

  private CommandTree() {}

  /// @param words the command line
  static CommandLine of(GlobalOptions root, Session session, List<String> words) {
    CommandLine.IFactory factory = Commands.factory(session);
    Map<String, Class<?>> known = new TreeMap<>(Commands.BY_NAME);
    known.put("demo", DemoCommand.class);
    CommandLine line = new CommandLine(root, factory);
    boolean branch =
        command(words).filter(known::containsKey).isPresent()
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

  /// The first word that is neither an option nor the value of one.
  private static Optional<String> command(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (WITH_VALUE.contains(word)) {
        i++;
      } else if (!word.startsWith("-")) {
        return Optional.of(word);
      }
    }
    return Optional.empty();
  }
}
