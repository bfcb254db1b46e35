package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `POST /api/v1/objects/links`: a link to exactly one version.
///
/// @param key the key
/// @param at the version of this moment; absent means now
/// @param version the primary's version id, instead of a moment
/// @param nearest whether the scan before may stand for the moment, see [ObjectListing]
/// @param validSeconds how long the link works, at most seven days; absent is one hour
public record LinkRequest(
    String key,
    Optional<Instant> at,
    Optional<String> version,
    boolean nearest,
    Optional<Long> validSeconds) {}
