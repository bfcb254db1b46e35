package org.vistadr.api;

import java.time.Instant;

/// `GET /api/v1/secondaries/{n}/failed`: a change whose tries are used up. It holds the recovery
/// point back until it is retried or waived.
///
/// @param key the key
/// @param kind `content` or `delete-marker`
/// @param versionId the primary's version
/// @param at the primary's time of it
/// @param size bytes
/// @param attempts tries
/// @param error what went wrong last
public record GivenUpChange(
    String key, String kind, String versionId, Instant at, long size, int attempts, String error) {

  /// `POST /api/v1/secondaries/{n}/failed/retry`.
  ///
  /// @param key only this key's; absent for all
  public record Retry(java.util.Optional<String> key) {}

  /// `POST /api/v1/secondaries/{n}/failed/waive`: go on without it, visibly.
  ///
  /// @param key the key
  /// @param reason why; shown from then on
  public record Waive(String key, String reason) {}

  /// The answer to both.
  ///
  /// @param changes how many were changed
  public record Affected(int changes) {}
}
