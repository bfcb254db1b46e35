package org.vistadr.cli.output;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A command that cannot go on, told so that the reader knows what to do next. Immutable but for
/// the suppressed exceptions.
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exit;
  private final String code;
  private final transient Advice advice;

  private CommandFailure(
      ExitCode exit, String code, String message, Advice advice, @Nullable Throwable cause) {
    super(message, cause);
    this.exit = exit;
    this.code = code;
    this.advice = advice;
  }

  /// @param exit how the process ends
  /// @param code stable word for scripts
  /// @param message lower case, with the values
  public static CommandFailure of(ExitCode exit, String code, String message) {
    return new CommandFailure(exit, code, message, Advice.NONE, null);
  }

  /// The same with what to do.
  public CommandFailure hint(String text) {
    return with(
        new Advice(text, advice.tryNext, advice.runbook, advice.asked, advice.otherMoments));
  }

  /// The same with command lines that would work.
  public CommandFailure tryNext(List<String> lines) {
    return with(new Advice(advice.hint, lines, advice.runbook, advice.asked, advice.otherMoments));
  }

  /// The same with one command line that would work.
  public CommandFailure tryNext(String line) {
    return tryNext(List.of(line));
  }

  /// The same with the name of a runbook.
  public CommandFailure runbook(String name) {
    return with(new Advice(advice.hint, advice.tryNext, name, advice.asked, advice.otherMoments));
  }

  /// The same with moments that would do instead of one that was asked for.
  public CommandFailure otherMoments(Optional<Instant> asked, List<OtherMoment> others) {
    return with(new Advice(advice.hint, advice.tryNext, advice.runbook, asked, others));
  }

  /// The same with what `-v` shows.
  public CommandFailure because(Throwable cause) {
    return new CommandFailure(exit, code, messageText(), advice, cause);
  }

  private CommandFailure with(Advice other) {
    return new CommandFailure(exit, code, messageText(), other, getCause());
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
    return advice.hint;
  }

  /// Command lines that would work.
  public List<String> tryNext() {
    return advice.tryNext;
  }

  /// Name of a runbook; may be empty.
  public String runbook() {
    return advice.runbook;
  }

  /// The moment that cannot be shown or brought back.
  public Optional<Instant> asked() {
    return advice.asked;
  }

  /// Moments that would do instead.
  public List<OtherMoment> otherMoments() {
    return advice.otherMoments;
  }

  /// A moment that would do instead of the one that was asked for.
  ///
  /// @param meaning for a comment behind the command line
  public record OtherMoment(Instant at, String meaning) {}

  private record Advice(
      String hint,
      List<String> tryNext,
      String runbook,
      Optional<Instant> asked,
      List<OtherMoment> otherMoments) {

    static final Advice NONE = new Advice("", List.of(), "", Optional.empty(), List.of());

    Advice {
      tryNext = List.copyOf(tryNext);
      otherMoments = List.copyOf(otherMoments);
    }
  }
}
