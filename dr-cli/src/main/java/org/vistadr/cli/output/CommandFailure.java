package org.vistadr.cli.output;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A command that cannot go on, told so that the reader knows what to do next. Immutable but for
/// the suppressed exceptions.
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exit;
  private final String code;
  private final String hint;
  private final transient List<String> tryNext;
  private final String runbook;

  private CommandFailure(
      ExitCode exit,
      String code,
      String message,
      String hint,
      List<String> tryNext,
      String runbook,
      @Nullable Throwable cause) {
    super(message, cause);
    this.exit = exit;
    this.code = code;
    this.hint = hint;
    this.tryNext = List.copyOf(tryNext);
    this.runbook = runbook;
  }

  /// @param exit how the process ends
  /// @param code stable word for scripts
  /// @param message lower case, with the values
  public static CommandFailure of(ExitCode exit, String code, String message) {
    return new CommandFailure(exit, code, message, "", List.of(), "", null);
  }

  /// The same with what to do.
  public CommandFailure hint(String text) {
    return new CommandFailure(exit, code, messageText(), text, tryNext, runbook, getCause());
  }

  /// The same with command lines that would work.
  public CommandFailure tryNext(List<String> lines) {
    return new CommandFailure(exit, code, messageText(), hint, lines, runbook, getCause());
  }

  /// The same with one command line that would work.
  public CommandFailure tryNext(String line) {
    return tryNext(List.of(line));
  }

  /// The same with the name of a runbook.
  public CommandFailure runbook(String name) {
    return new CommandFailure(exit, code, messageText(), hint, tryNext, name, getCause());
  }

  /// The same with what `-v` shows.
  public CommandFailure because(Throwable cause) {
    return new CommandFailure(exit, code, messageText(), hint, tryNext, runbook, cause);
  }

  /// The message; never null.
  public String messageText() {
    return Optional.ofNullable(getMessage()).orElse("");
  }

  /// How the process ends.
  public ExitCode exit() {
    return exit;
  }

  /// Stable word for scripts.
  public String code() {
    return code;
  }

  /// What to do; may be empty.
  public String hint() {
    return hint;
  }

  /// Command lines that would work.
  public List<String> tryNext() {
    return tryNext;
  }

  /// Name of a runbook; may be empty.
  public String runbook() {
    return runbook;
  }
}
