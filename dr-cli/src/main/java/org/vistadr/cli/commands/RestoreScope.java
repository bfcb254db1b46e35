package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// What a restore is about: some keys, one prefix, or everything.
///
/// @param keys keys
/// @param prefix prefix
/// @param all everything
record RestoreScope(List<String> keys, Optional<String> prefix, boolean all) {

  /// Reads the arguments: one that ends in `/` is a prefix.
  ///
  /// @param command the command's name, to write a corrected line
  static RestoreScope of(List<String> arguments, boolean all, String command) {
    List<String> prefixes = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    arguments.forEach(argument -> (argument.endsWith("/") ? prefixes : keys).add(argument));
    if (all && arguments.isEmpty()) {
      return new RestoreScope(List.of(), Optional.empty(), true);
    }
    if (all || arguments.isEmpty()) {
      throw CommandFailure.of(
              ExitCode.USAGE,
              "usage",
              all
                  ? "--all and a key or prefix contradict each other"
                  : "a KEY or PREFIX/ is missing")
          .hint("name keys, or a prefix that ends in '/', or --all for the whole bucket")
          .tryNext("vistadr %s projects/abc-123/".formatted(command));
    }
    if (prefixes.size() > 1 || (!prefixes.isEmpty() && !keys.isEmpty())) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "one prefix at a time, and not together with keys")
          .hint("run the command once for each")
          .tryNext(
              prefixes.stream().map(prefix -> "vistadr %s %s".formatted(command, prefix)).toList());
    }
    return new RestoreScope(keys, prefixes.stream().findFirst(), false);
  }
}
