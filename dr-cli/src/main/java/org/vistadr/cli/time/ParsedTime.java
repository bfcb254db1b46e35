package org.vistadr.cli.time;

import java.time.Instant;
import java.util.List;

/// What a time expression means.
public sealed interface ParsedTime {

  /// One moment, without doubt.
  record At(Instant instant) implements ParsedTime {}

  /// The newest moment that the source can bring back; only the daemon knows it.
  record Latest() implements ParsedTime {}

  /// The moment of a checkpoint; only the daemon knows it.
  ///
  /// @param name of the right shape
  record Checkpoint(String name) implements ParsedTime {}

  /// Not understood, or understood in more than one way.
  ///
  /// @param code stable word: `time-ambiguous`, `time-needs-zone`, `time-in-future`,
  ///   `time-skipped`, `time-unreadable`, `checkpoint-unreadable`
  /// @param message what is wrong, lower case
  /// @param hint what to do
  /// @param corrections expressions that would be taken, at most two
  record Refused(String code, String message, String hint, List<Correction> corrections)
      implements ParsedTime {}

  /// @param expression an expression that says one moment
  /// @param meaning what it means, for a comment behind the command line
  record Correction(String expression, String meaning) {}
}
