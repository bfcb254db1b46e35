package org.vistadr.restore.drill;

/// A drill that does not begin.
public final class DrillRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  DrillRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Why.
  public Reason reason() {
    return reason;
  }

  /// Why a drill does not begin.
  public enum Reason {
    /// There is no such secondary.
    UNKNOWN_SECONDARY,
    /// Another one is under way.
    RUNNING,
    /// The secondary has no recovery point yet.
    NO_RECOVERY_POINT,
    /// Nothing is below the prefix.
    NOTHING_THERE,
    /// The daemon stops.
    STOPPING
  }
}
