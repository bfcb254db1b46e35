package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `GET /api/v1/sites`: one site and what was seen of it last.
///
/// @param name the site
/// @param role `primary` or `secondary`
/// @param provider profile name
/// @param endpoint where, without credentials
/// @param region the region that is signed for
/// @param bucket bucket
/// @param lookedAt the last look; absent before the first
/// @param reachable its result
/// @param regime `versioned`, `suspended`, `unversioned`
/// @param clockSkewSeconds the site's clock minus the daemon's
/// @param problem why it was not reachable
/// @param hint what to do then
public record SiteView(
    String name,
    String role,
    String provider,
    String endpoint,
    String region,
    String bucket,
    Optional<Instant> lookedAt,
    Optional<Boolean> reachable,
    Optional<String> regime,
    Optional<Double> clockSkewSeconds,
    Optional<String> problem,
    Optional<String> hint) {}
