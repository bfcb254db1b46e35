package org.vistadr.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/holds`: what is exempt from retention.
///
/// @param id its number
/// @param key exactly this key; absent when it is of a prefix
/// @param prefix all keys that start with it; absent when it is of a key
/// @param reason as the person gave it
/// @param madeAt when
/// @param madeBy role and fingerprint of the token
/// @param legalHoldAt secondaries where what it covers gets a legal hold, too
public record HoldView(
    long id,
    Optional<String> key,
    Optional<String> prefix,
    String reason,
    Instant madeAt,
    String madeBy,
    List<String> legalHoldAt) {

  /// What is missing is empty.
  public HoldView {
    legalHoldAt = List.copyOf(requireNonNullElse(legalHoldAt, List.of()));
  }

  /// What is asked for: a key or a prefix.
  ///
  /// @param reason why; kept with it
  public record NewHold(Optional<String> key, Optional<String> prefix, String reason) {}
}
