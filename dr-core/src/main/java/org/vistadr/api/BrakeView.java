package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `GET /api/v1/brake`, and a part of the status: the guard against mass deletions and overwrites.
///
/// @param engaged whether it is: deletions are held, nothing is pruned, content goes on being
///   copied
/// @param since when it was engaged; absent while it is off
/// @param reasons why; empty while it is off
/// @param bucketKnownBy `mark`: the object that was written into the primary; `versions`: known
///   versions were listed again; `nothing`; `another`: it carries another mark
/// @param held deletions that are held, by secondary
public record BrakeView(
    boolean engaged,
    Optional<Instant> since,
    List<Reason> reasons,
    String bucketKnownBy,
    List<Held> held) {

  /// It never was engaged.
  public static final BrakeView OFF =
      new BrakeView(false, Optional.empty(), List.of(), "mark", List.of());

  /// @param suspicion `deletions`, `overwrites`, `encryption`, `emptied`, `other-bucket`,
  ///   `versioning-off`
  /// @param detail one sentence with the numbers
  public record Reason(String suspicion, String detail) {}

  /// @param secondary its name
  /// @param deletions how many are held there
  public record Held(String secondary, long deletions) {}
}
