package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// A link under which anybody can read one version until it expires.
///
/// @param url the link; whoever has it needs no credentials
/// @param site the site that answers it
/// @param expiresAt when it stops working
/// @param key the key
/// @param versionId the primary's version
/// @param lastModified the primary's time of it
/// @param size bytes
/// @param sha256 hash, once its bytes were read
/// @param ambiguous both outcomes, when the key may have held something else at the moment
public record LinkView(
    String url,
    String site,
    Instant expiresAt,
    String key,
    String versionId,
    Instant lastModified,
    long size,
    Optional<String> sha256,
    Optional<AmbiguousKey> ambiguous) {}
