package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// What a restore is about: some keys and prefixes, or everything.
///
/// @param keys keys
/// @param prefixes prefixes
/// @param all everything
record RestoreScope(List<String> keys, List<String> prefixes, boolean all) {

  /// Reads the arguments: one that ends in `/` is a prefix.
  ///
  /// @param command the command's name, to write a corrected line
  /// @param listed keys from a file, which are keys also where they end in `/`
  static RestoreScope of(List<String> arguments, List<String> listed, boolean all, String command) {
    List<String> prefixes = new ArrayList<>();
    List<String> keys = new ArrayList<>(listed);
    arguments.forEach(argument -> (argument.endsWith("/") ? prefixes : keys).add(argument));
    boolean some = !keys.isEmpty() || !prefixes.isEmpty();
    if (all && !some) {
      return new RestoreScope(List.of(), List.of(), true);
    }
    if (all || !some) {
      throw CommandFailure.of(
              ExitCode.USAGE,
              "usage",
              all
                  ? "--all and a key or prefix contradict each other"
                  : "a KEY or PREFIX/ is missing")
          .hint("name keys, or a prefix that ends in '/', or --all for the whole bucket")
          .tryNext("vistadr %s projects/abc-123/".formatted(command));
    }
    return new RestoreScope(keys, prefixes, false);
  }

  /// The same on the wire.
  RestorePlanRequest.Scope wire(List<String> include, List<String> exclude) {
    return new RestorePlanRequest.Scope(keys, prefixes, all, include, exclude);
  }
}
