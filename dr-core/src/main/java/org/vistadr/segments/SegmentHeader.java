package org.vistadr.segments;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.Sha256;

/// What a segment says of itself before its facts.
///
/// @param catalogId which catalog it is of; an adopted catalog keeps its name
/// @param name its place in its chain, as in its key
/// @param generation of the catalog; a catalog that went back in time has a lower one
/// @param stateAt the moment whose catalog the group tells
/// @param snapshot whether the group tells all of it, not only what changed since the group before
/// @param predecessor hash of the segment before it; of the first of a chain that of the last one
///   of the chain before, when that is known
/// @param digest of the whole catalog at that moment; in the last segment of a group
record SegmentHeader(
    String catalogId,
    SegmentName name,
    long generation,
    Instant stateAt,
    boolean snapshot,
    Optional<Sha256> predecessor,
    Optional<Sha256> digest) {}
