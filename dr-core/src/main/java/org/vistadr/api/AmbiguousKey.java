package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A key that held one of two things at a moment, and nothing tells which.
///
/// @param key the key
/// @param doubt stable word: `same-second`, `appeared-late`, `changed-between-scans`,
///   `overwritten-unseen`
/// @param reason one clause for people
/// @param outcomes what it may have held; first the answer of the listing's order, which is the one
///   that is shown and restored
public record AmbiguousKey(String key, String doubt, String reason, List<Outcome> outcomes) {

  /// @param state `content`, `nothing`, or `unseen`: content that was overwritten before any scan
  ///   saw it and cannot be had any more
  /// @param versionId the primary's version, of content
  /// @param lastModified its time
  /// @param size its bytes
  /// @param etag its entity tag
  public record Outcome(
      String state,
      Optional<String> versionId,
      Optional<Instant> lastModified,
      Optional<Long> size,
      Optional<String> etag) {}
}
