package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `GET /api/v1/findings`: a replica that is not what the catalog says.
///
/// @param id its number
/// @param secondary where
/// @param key the key
/// @param kind `missing`, `changed`, `corrupt`
/// @param state `open`, `being-repaired`, `repaired`
/// @param foundAt in the daemon's clock
/// @param settledAt when it was repaired; absent before
/// @param detail one sentence
public record FindingView(
    long id,
    String secondary,
    String key,
    String kind,
    String state,
    Instant foundAt,
    Optional<Instant> settledAt,
    String detail) {}
