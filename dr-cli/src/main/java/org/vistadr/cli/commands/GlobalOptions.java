package org.vistadr.cli.commands;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command itself: what may stand before or after every subcommand.
@Command(
    name = "vistadr",
    description = {
      "Keeps copies of an S3 bucket and brings objects back as of any moment.",
      "A key that ends in '/' is a prefix. Write keys that look like options after '--'."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Start with: vistadr demo, vistadr status, vistadr runbook.",
      "Times: '2026-11-22 03:00', '2026-11-22T02:00Z', '2h ago', -90m, 'yesterday 18:00', now,"
          + " latest."
    })
public final class GlobalOptions {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The daemon (VISTADR_SERVER; default http://127.0.0.1:8420).")
  Optional<String> server = Optional.empty();

  @Option(
      names = "--direct",
      scope = ScopeType.INHERIT,
      description = "Without a daemon: from its configuration and catalog. Refused while one runs.")
  boolean direct;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "With --direct and adopt: the daemon's configuration (VISTADR_CONFIG; default config.yml,"
              + " then /etc/vistadr/config.yml).")
  Optional<Path> config = Optional.empty();

  @Option(
      names = "--catalog",
      paramLabel = "SITE",
      scope = ScopeType.INHERIT,
      description =
          "With --direct: no catalog here; rebuild it from this secondary for one command.")
  Optional<String> catalog = Optional.empty();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "One JSON document, or one per line for jobs; errors as JSON too.")
  boolean json;

  @Option(
      names = "--plain",
      scope = ScopeType.INHERIT,
      description = "Tables as cells separated by tabs, without a header.")
  boolean plain;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "No progress, no remarks.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  boolean verbose;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours (NO_COLOR).")
  boolean noColor;

  @Option(
      names = "--no-input",
      scope = ScopeType.INHERIT,
      description = "Never ask; times need a zone.")
  boolean noInput;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      scope = ScopeType.INHERIT,
      converter = DurationConverter.class,
      description = "Wait at most so long, as 90s, 5m or 1h; a job goes on.")
  Optional<Duration> timeout = Optional.empty();
}
