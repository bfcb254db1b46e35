package org.vistadr.cli.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options that say what a restore brings back, where to and how.
final class RestoreOptions {

  @Option(names = "--all", description = "The whole bucket.")
  boolean all;

  @Mixin KeyOptions keys = new KeyOptions();

  @Option(names = "--at", paramLabel = "T", description = "The moment to bring back. Required.")
  Optional<String> at = Optional.empty();

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Only keys that match: ** is anything, * anything without '/'. Repeatable.")
  List<String> include = new ArrayList<>();

  @Option(names = "--exclude", paramLabel = "GLOB", description = "No keys that match. Repeatable.")
  List<String> exclude = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "SITE",
      description = "Where the bytes come from; default: the cheapest healthy site.")
  Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "SITE[/BUCKET[/PREFIX]]",
      description = "Write there instead of in place.")
  Optional<String> to = Optional.empty();

  @Option(
      names = "--to-dir",
      paramLabel = "DIR",
      description = "Write files below this directory of the daemon's machine.")
  Optional<Path> toDirectory = Optional.empty();

  @Option(
      names = "--overwrite",
      paramLabel = "POLICY",
      description = "if-changed (default), if-newer, never or always.")
  Optional<String> overwrite = Optional.empty();

  @Option(
      names = "--on-change",
      paramLabel = "POLICY",
      description = {
        "Keys that change between plan and write:",
        "skip (default), fail, overwrite or keep-both."
      })
  Optional<String> onChange = Optional.empty();

  @Option(
      names = "--delete-extra",
      description = "Delete keys born after the moment (delete markers).")
  boolean deleteExtra;

  @Option(
      names = "--nearest",
      description = "Take the nearest completed scan where the bucket kept no versions.")
  boolean nearest;

  @Option(names = "--strict", description = "Refuse when a key's state at the moment is ambiguous.")
  boolean strict;

  @Option(names = "--order", paramLabel = "ORDER", description = "key (default) or newest-first.")
  Optional<String> order = Optional.empty();

  @Option(names = "--first", paramLabel = "PREFIX", description = "Comes first. Repeatable.")
  List<String> first = new ArrayList<>();

  @Option(names = "--last", paramLabel = "PREFIX", description = "Comes last. Repeatable.")
  List<String> last = new ArrayList<>();

  @Option(
      names = "--max-bandwidth",
      paramLabel = "RATE",
      description = "The most that is written: 40MiB/s, 200Mbit/s.")
  Optional<String> bandwidth = Optional.empty();

  @Option(
      names = "--thaw",
      paramLabel = "TIER",
      description = "Ask archives for what they hold: standard, bulk or expedited.")
  Optional<String> thaw = Optional.empty();

  /// The request.
  ///
  /// @param arguments keys and prefixes
  /// @param command the command's name, to write corrected lines
  RestorePlanRequest request(Session session, List<String> arguments, String command) {
    RestoreScope scope =
        RestoreScope.of(
            arguments, keys.read(session.terminal().in()), all, command + " --at '2h ago'");
    String moment =
        at.orElseThrow(() ->
            CommandFailure.of(ExitCode.USAGE, "usage", "--at is missing: as of when?")
                .hint("to undo deletions alone there is 'vistadr undelete'")
                .tryNext(
                    "vistadr %s %s --at '2h ago'"
                        .formatted(command, all ? "--all" : String.join(" ", arguments))));
    return new RestorePlanRequest(
        scope.wire(include, exclude),
        Optional.of(session.resolve(moment, from)),
        false,
        from,
        to,
        toDirectory.map(directory -> directory.toAbsolutePath().normalize().toString()),
        overwrite,
        onChange,
        deleteExtra,
        nearest,
        strict,
        order,
        first,
        last,
        bandwidth,
        thaw);
  }
}
