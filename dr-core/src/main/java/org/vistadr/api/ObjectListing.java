package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `GET /api/v1/objects?prefix&delimiter&at&deleted&nearest&strict&limit&cursor`: what the bucket
/// held at a moment, and `GET /api/v1/find?glob&deletedSince&changedSince&at&...`: what of it
/// matches. In key order; a page may be short, or empty, and still have a next one.
///
/// @param at the moment, resolved
/// @param basis `versions`, or `scan` with the scan that is shown for an unversioned primary
/// @param basisAt the start of that scan; absent for `versions`
/// @param complete whether the catalog covers the moment
/// @param moment the same and more: what the view stands on
/// @param prefixes with a delimiter: the prefixes below
/// @param items objects
/// @param ambiguous keys of this page that may have held something else, with both outcomes
/// @param nearest when nothing was there below the prefix: prefixes that existed near it
/// @param next cursor
public record ObjectListing(
    Instant at,
    String basis,
    Optional<Instant> basisAt,
    boolean complete,
    MomentView moment,
    List<String> prefixes,
    List<Item> items,
    List<AmbiguousKey> ambiguous,
    List<String> nearest,
    Optional<String> next) {

  /// @param key the key
  /// @param versionId the primary's version
  /// @param lastModified the primary's time of it
  /// @param size bytes
  /// @param etag entity tag
  /// @param storageClass class at the primary
  /// @param sha256 hash, once its bytes were read
  /// @param deletedAt with `deleted=true`: the object was deleted by then; the other fields tell
  ///   the version before
  /// @param durableAt secondaries that have this version
  public record Item(
      String key,
      String versionId,
      Instant lastModified,
      long size,
      String etag,
      String storageClass,
      Optional<String> sha256,
      Optional<Instant> deletedAt,
      List<String> durableAt) {}
}
