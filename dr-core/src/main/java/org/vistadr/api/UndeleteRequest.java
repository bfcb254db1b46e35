package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `POST /api/v1/undeletes`: bring deleted objects back. Exactly one of `keys` and `prefix`.
///
/// @param keys these keys
/// @param prefix every key that starts with it
/// @param since the moment whose state comes back; absent is the version right below the delete
///   markers
/// @param dryRun only plan
/// @param confirm as in [RestoreRequest]
public record UndeleteRequest(
    List<String> keys,
    Optional<String> prefix,
    Optional<Instant> since,
    boolean dryRun,
    Optional<String> confirm) {}
