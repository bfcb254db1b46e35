package org.vistadr.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// What a person exempts from retention: no version of what it covers is ever pruned.
///
/// @param id grows by one with each hold; 0 before it is recorded
/// @param prefix whether it covers all keys that start with the text, else exactly that key
/// @param text a key or a prefix, never empty
/// @param reason as the person gave it
/// @param madeAt in the daemon's clock
/// @param madeBy role and fingerprint of the token
public record Hold(
    long id, boolean prefix, String text, String reason, Instant madeAt, String madeBy) {

  /// Most characters of a reason.
  public static final int LONGEST_REASON = 500;

  /// @throws IllegalArgumentException when text or reason are empty or too long
  public Hold {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a hold needs a key or a prefix");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > ObjectKey.MAX_BYTES) {
      throw new IllegalArgumentException(
          "no key is longer than %d bytes".formatted(ObjectKey.MAX_BYTES));
    }
    if (reason.isBlank() || reason.length() > LONGEST_REASON) {
      throw new IllegalArgumentException(
          "a hold needs a reason of at most %d characters".formatted(LONGEST_REASON));
    }
  }

  /// Whether it covers a key.
  public boolean covers(ObjectKey key) {
    return prefix ? key.value().startsWith(text) : key.value().equals(text);
  }

  /// What it covers, for people.
  public String words() {
    return prefix ? "everything below " + text : text;
  }
}
