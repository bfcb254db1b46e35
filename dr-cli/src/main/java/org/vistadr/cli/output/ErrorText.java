package org.vistadr.cli.output;

import java.util.ArrayList;
import java.util.List;

/// The one shape of every error: `error:`, `hint:`, `try:`, `runbook:`.
public final class ErrorText {

  private ErrorText() {}

  /// Lines for people.
  public static List<String> lines(CommandFailure failure) {
    List<String> lines = new ArrayList<>();
    lines.add("error: " + Keys.printable(failure.messageText()));
    if (!failure.hint().isEmpty()) {
      lines.add("hint:  " + Keys.printable(failure.hint()));
    }
    String label = "try:   ";
    for (String line : failure.tryNext()) {
      lines.add(label + Keys.printable(line));
      label = "       ";
    }
    if (!failure.runbook().isEmpty()) {
      lines.add("runbook: vistadr runbook " + failure.runbook());
    }
    return lines;
  }

  /// The record that `--json` writes.
  public static Json json(CommandFailure failure) {
    return new Json(
        "error",
        failure.code(),
        failure.exit().number(),
        failure.messageText(),
        failure.hint(),
        failure.tryNext(),
        failure.runbook());
  }

  /// @param type always `error`
  /// @param code stable word
  /// @param exit the exit status
  /// @param message what is wrong
  /// @param hint what to do; may be empty
  /// @param tryNext command lines that would work
  /// @param runbook name of a runbook; may be empty
  public record Json(
      String type,
      String code,
      int exit,
      String message,
      String hint,
      @com.fasterxml.jackson.annotation.JsonProperty("try") List<String> tryNext,
      String runbook) {}
}
