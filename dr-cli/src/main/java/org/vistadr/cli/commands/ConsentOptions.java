package org.vistadr.cli.commands;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options of every command that applies a plan.
final class ConsentOptions {

  /// Pace of progress lines where there is no terminal.
  static final Duration PROGRESS_EVERY = Duration.ofSeconds(30);

  @Option(names = "--yes", description = "Confirm what asks for a yes.")
  boolean yes;

  @Option(
      names = "--confirm",
      paramLabel = "BUCKET",
      description = "Confirm what asks for the name of the bucket or directory.")
  Optional<String> confirm = Optional.empty();

  @Option(names = "--detach", description = "Do not wait for the end.")
  boolean detach;

  @Option(names = "--wait", description = "Wait for the end (the default).")
  boolean waitForEnd;

  @Option(
      names = "--progress-every",
      paramLabel = "D",
      converter = DurationConverter.class,
      description = "Pace of progress lines where there is no terminal; default 30s.")
  Duration progressEvery = PROGRESS_EVERY;

  RestoreFlow.Consent consent() {
    return new RestoreFlow.Consent(yes, confirm, detach && !waitForEnd, progressEvery);
  }
}
