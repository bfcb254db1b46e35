package org.vistadr.storage.listing;

/// An answer that breaks a rule, so that nothing may be concluded from it. The message names the
/// rule.
public final class UnprovedAnswer extends Exception {

  private static final long serialVersionUID = 1L;

  /// @param message the rule and what was found instead
  public UnprovedAnswer(String message) {
    super(message);
  }
}
