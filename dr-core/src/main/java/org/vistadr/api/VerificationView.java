package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `GET /api/v1/verifications`: how far a secondary's replicas were looked at again.
///
/// @param secondary its name
/// @param depth `listing`: the secondary lists it with its size and entity tag, and nothing else;
///   `checksum`: what the site says of it, metadata and checksum; `readback`: bytes read and hashed
/// @param objects replicas looked at: of the last whole listing; at the other depths in the round
///   that is under way
/// @param bytes their bytes; of a listing 0
/// @param total replicas with content that are there
/// @param coverage share of them that was looked at: 1 once a round came to its end
/// @param compared of those looked at in the last whole round, or before its end in this one: those
///   whose bytes something was said of that could be compared. At `listing` and `checksum` that is
///   what the site computed when they were written, at `readback` the hash of what was read now
/// @param notComparable the others of them: nothing is claimed of their bytes
/// @param roundBegan absent between two rounds, and of a listing
/// @param verifiedSince every replica of that time was looked at since then; absent before the end
///   of the first round
/// @param openFindings replicas that are not as they should be, at whatever depth it was found
/// @param extraObjects what is there and is no copy, and nobody acknowledged
/// @param trouble why the newest listing proves nothing; absent when it proves all
public record VerificationView(
    String secondary,
    String depth,
    long objects,
    long bytes,
    long total,
    double coverage,
    long compared,
    long notComparable,
    Optional<Instant> roundBegan,
    Optional<Instant> verifiedSince,
    long openFindings,
    long extraObjects,
    Optional<String> trouble) {

  /// Share of what was looked at that could be compared; absent when nothing was looked at.
  @com.fasterxml.jackson.annotation.JsonIgnore
  public Optional<Double> comparedShare() {
    long looked = compared + notComparable;
    return looked == 0 ? Optional.empty() : Optional.of((double) compared / looked);
  }
}
