package org.vistadr.cli.commands;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The completion script for fish, which the command library cannot write.
final class FishCompletion {

  private FishCompletion() {}

  static String script(CommandSpec root) {
    StringBuilder script = new StringBuilder("complete -c vistadr -f\n");
    String noneYet = "__fish_use_subcommand";
    root.options().forEach(option -> option(script, "", option));
    for (Map.Entry<String, CommandLine> command : root.subcommands().entrySet()) {
      CommandSpec spec = command.getValue().getCommandSpec();
      word(script, noneYet, command.getKey(), description(spec));
      String inside = "__fish_seen_subcommand_from " + command.getKey();
      spec.options().stream()
          .filter(option -> !option.inherited())
          .forEach(option -> option(script, inside, option));
      spec.subcommands()
          .forEach((name, line) -> word(script, inside, name, description(line.getCommandSpec())));
    }
    return script.toString();
  }

  private static void word(StringBuilder script, String when, String word, String description) {
    script.append(
        "complete -c vistadr -n '%s' -a '%s' -d '%s'%n".formatted(when, word, description));
  }

  private static void option(StringBuilder script, String when, OptionSpec option) {
    script.append("complete -c vistadr");
    if (!when.isEmpty()) {
      script.append(" -n '").append(when).append('\'');
    }
    for (String name : option.names()) {
      script.append(
          name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    String[] words = option.description();
    script.append(" -d '").append(words.length == 0 ? "" : escaped(words[0])).append("'\n");
  }

  private static String description(CommandSpec spec) {
    String[] words = spec.usageMessage().description();
    return words.length == 0 ? "" : escaped(words[0]);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }
}
