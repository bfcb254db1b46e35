package org.vistadr.protect;

import java.util.List;

/// Retention does not remove anything now, or not by this plan.
public final class PruneRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String hint;
  private final transient List<String> tryNext;

  /// @param hint what to do
  /// @param tryNext command lines that help
  public PruneRefusedException(Reason reason, String message, String hint, String... tryNext) {
    super(message);
    this.reason = reason;
    this.hint = hint;
    this.tryNext = List.of(tryNext);
  }

  /// Why.
  public Reason reason() {
    return reason;
  }

  /// What to do.
  public String hint() {
    return hint;
  }

  /// Command lines that help.
  public List<String> tryNext() {
    return tryNext;
  }

  /// Why nothing is removed.
  public enum Reason {
    /// No secondary has a policy.
    NO_POLICY,
    /// There is no such plan.
    UNKNOWN_PLAN,
    /// It was run before.
    WRONG_STATE,
    /// Another plan is made or run.
    RUNNING,
    /// It is too old.
    PLAN_EXPIRED,
    /// Policies, holds or held checkpoints changed since.
    PLAN_STALE,
    /// It names nothing to remove.
    NOTHING_TO_GO,
    /// The secondary has no key for it.
    NO_PRUNE_KEY,
    /// The brake is engaged.
    BRAKE_ENGAGED,
    /// The last scan of the primary was not complete.
    SCAN_INCOMPLETE,
    /// A secondary's lag is unknown or above its objective.
    LAGGING,
    /// A site's clock differs, or is not known.
    CLOCKS_DIFFER,
    /// Copies were found not to be as they were written.
    FINDINGS_OPEN,
    /// Copies that are relied on were not looked at for too long.
    NOT_VERIFIED,
    /// The daemon is stopping.
    STOPPING;

    /// The stable word in answers.
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
