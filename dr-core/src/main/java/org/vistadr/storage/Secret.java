package org.vistadr.storage;

/// A text that must not show up anywhere: it prints as `[REDACTED]` and has no serialised form.
public final class Secret {

  private final String text;

  /// Wraps a secret.
  public Secret(String text) {
    this.text = text;
  }

  /// The secret itself, for the one place that needs it.
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "[REDACTED]";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that
        && java.security.MessageDigest.isEqual(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            that.text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
