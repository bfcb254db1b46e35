package org.vistadr.server.jobs;

/// A task cannot be started, paused or resumed as asked.
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /// @param message what is in the way
  public RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Why.
  public Reason reason() {
    return reason;
  }

  /// Why a request about a task is refused.
  public enum Reason {
    /// There is no such task.
    UNKNOWN,
    /// It runs already.
    RUNNING,
    /// A person paused it.
    PAUSED,
    /// Nothing runs on timetables in this process.
    NOT_SCHEDULED
  }
}
