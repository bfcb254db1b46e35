package org.vistadr.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `POST /api/v1/undeletes`: bring deleted objects back.
///
/// @param keys these keys
/// @param prefixes every key that starts with one of these
/// @param since only keys that had content at this moment, so that they were deleted later; what
///   comes back is the content right below the delete markers
/// @param dryRun only plan
/// @param confirm as in [RestoreRequest]
public record UndeleteRequest(
    List<String> keys,
    List<String> prefixes,
    Optional<Instant> since,
    boolean dryRun,
    Optional<String> confirm) {

  /// What is missing is empty.
  public UndeleteRequest {
    keys = List.copyOf(requireNonNullElse(keys, List.of()));
    prefixes = List.copyOf(requireNonNullElse(prefixes, List.of()));
  }
}
