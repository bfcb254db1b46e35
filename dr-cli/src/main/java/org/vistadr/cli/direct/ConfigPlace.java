package org.vistadr.cli.direct;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// Where the daemon's configuration is: `--config`, then `VISTADR_CONFIG`, then `config.yml` here,
/// then `/etc/vistadr/config.yml`.
public final class ConfigPlace {

  private static final Path HERE = Path.of("config.yml");
  private static final Path OF_THE_MACHINE = Path.of("/etc/vistadr/config.yml");

  private ConfigPlace() {}

  /// Finds it. What is named has to be there; the others are tried in turn.
  ///
  /// @param option `--config`
  /// @throws CommandFailure when there is none, or none that may be read
  public static Path find(Optional<Path> option, Map<String, String> environment) {
    if (option.isPresent()) {
      return readable(option.get(), "--config names it");
    }
    Optional<Path> named =
        Optional.ofNullable(environment.get("VISTADR_CONFIG"))
            .filter(text -> !text.isBlank())
            .map(Path::of);
    if (named.isPresent()) {
      return readable(named.get(), "VISTADR_CONFIG names it");
    }
    List<Path> usual = List.of(HERE, OF_THE_MACHINE);
    return usual.stream()
        .filter(Files::exists)
        .findFirst()
        .map(found -> readable(found, "it is the first that was found"))
        .orElseThrow(() ->
            CommandFailure.of(
                    ExitCode.USAGE,
                    "config-not-found",
                    "there is no configuration: neither %s"
                        .formatted(
                            usual.stream()
                                .map(path -> path.toAbsolutePath().toString())
                                .collect(Collectors.joining(" nor "))))
                .hint("name the daemon's configuration with --config or VISTADR_CONFIG")
                .tryNext("vistadr --direct --config /path/to/config.yml status"));
  }

  private static Path readable(Path file, String why) {
    if (!Files.exists(file)) {
      throw CommandFailure.of(
              ExitCode.USAGE,
              "config-not-found",
              "there is no file %s; %s".formatted(file.toAbsolutePath(), why))
          .hint("name the daemon's configuration with --config or VISTADR_CONFIG");
    }
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw CommandFailure.of(
              ExitCode.CREDENTIALS,
              "config-unreadable",
              "%s cannot be read; %s".formatted(file.toAbsolutePath(), why))
          .hint("run the command as the daemon's user, with sudo -u");
    }
    return file;
  }
}
