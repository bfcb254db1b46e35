package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What `vistadr adopt` says when a catalog was rebuilt from a secondary.
///
/// @param from the secondary
/// @param catalog the directory that the catalog is in now
/// @param stateAt the catalog is that of this moment; absent without segments
/// @param digest of what the segments told; absent without segments
/// @param proved whether it is the digest that the lost catalog had
/// @param segments read
/// @param versions told by segments
/// @param listed versions that no segment tells of, found in the secondary's listing
/// @param uncertain what is not known, one sentence each
public record AdoptionReport(
    String from,
    String catalog,
    Optional<Instant> stateAt,
    Optional<String> digest,
    boolean proved,
    long segments,
    long versions,
    long listed,
    List<String> uncertain) {}
