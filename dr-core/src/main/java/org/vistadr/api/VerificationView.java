package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `GET /api/v1/verifications`: how far a secondary's replicas were looked at again.
///
/// @param secondary its name
/// @param depth `presence`: there, with size and entity tag; `read-back`: bytes read and hashed
/// @param objects replicas looked at in the round that is under way
/// @param bytes their bytes
/// @param total replicas with content that are there
/// @param coverage share of them that was looked at: 1 once a round came to its end
/// @param roundBegan absent between two rounds
/// @param verifiedSince every replica of that time was looked at since then; absent before the end
///   of the first round
/// @param openFindings replicas that are not as they should be
public record VerificationView(
    String secondary,
    String depth,
    long objects,
    long bytes,
    long total,
    double coverage,
    Optional<Instant> roundBegan,
    Optional<Instant> verifiedSince,
    long openFindings) {}
