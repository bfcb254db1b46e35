package org.vistadr.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether the brake is engaged. While it is, deletions are held, nothing is pruned, and content
/// goes on being copied.
///
/// @param engagedAt when it was engaged; empty while it is off
/// @param reasons why; none while it is off
/// @param clearedThrough deletions that count to scans up to this number may go to the secondaries
/// @param judgedThrough the last scan that was judged
/// @param mark what the primary's bucket is known by; empty before it was marked
/// @param proof what the last look at the bucket proved
public record BrakeState(
    Optional<Instant> engagedAt,
    List<BrakeReason> reasons,
    long clearedThrough,
    long judgedThrough,
    Optional<String> mark,
    BucketProof proof) {

  /// Copies the reasons.
  public BrakeState {
    reasons = List.copyOf(reasons);
  }

  /// Whether it is engaged.
  public boolean engaged() {
    return engagedAt.isPresent();
  }
}
