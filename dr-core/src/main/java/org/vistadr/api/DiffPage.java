package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `GET /api/v1/diff?prefix&from&to&nearest&strict&limit&cursor`: what differs between two moments,
/// in key order. A page may be short, or empty, and still have a next one.
///
/// @param from the earlier moment, resolved
/// @param to the later one; the newest known state when it was not given
/// @param items keys that differ, or that are ambiguous at one of the moments
/// @param nearest when nothing is known below the prefix: prefixes that exist near it
/// @param next cursor
public record DiffPage(
    MomentView from, MomentView to, List<Item> items, List<String> nearest, Optional<String> next) {

  /// @param key the key
  /// @param change `added`, `removed`, `changed`; `same` for a key that is only ambiguous
  /// @param before its content at the earlier moment
  /// @param after its content at the later moment
  /// @param at when it became what it is at the later moment
  /// @param ambiguousFrom both outcomes at the earlier moment, when it is ambiguous there
  /// @param ambiguousTo both outcomes at the later moment, when it is ambiguous there
  public record Item(
      String key,
      String change,
      Optional<Content> before,
      Optional<Content> after,
      Optional<Instant> at,
      Optional<AmbiguousKey> ambiguousFrom,
      Optional<AmbiguousKey> ambiguousTo) {}

  /// @param versionId the primary's version
  /// @param lastModified the primary's time of it
  /// @param size bytes
  /// @param etag entity tag
  /// @param sha256 hash, once its bytes were read
  public record Content(
      String versionId, Instant lastModified, long size, String etag, Optional<String> sha256) {}
}
