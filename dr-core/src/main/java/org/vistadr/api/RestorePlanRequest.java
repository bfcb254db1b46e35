package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `POST /api/v1/restore-plans`: what to bring back, as of when. Exactly one of `keys`, `prefix`
/// and `all`.
///
/// @param keys these keys
/// @param prefix every key that starts with it
/// @param all the whole bucket
/// @param at the moment to bring back
/// @param from `primary` or a secondary; absent lets the daemon choose the cheapest healthy source
/// @param overwrite `if-changed` (default) puts an older version over a newer one where they
///   differ, `never` only brings missing objects back, `always` rewrites equal ones too
/// @param deleteExtra whether keys born after the moment get a delete marker
/// @param undelete only remove the delete markers that hide the version of the moment
public record RestorePlanRequest(
    List<String> keys,
    Optional<String> prefix,
    boolean all,
    Optional<Instant> at,
    Optional<String> from,
    Optional<String> overwrite,
    boolean deleteExtra,
    boolean undelete) {}
