package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A restore plan: the frozen decision what to do. Single use, expires.
///
/// @param id `p-...`
/// @param state `ready`, `applied`, `expired`
/// @param createdAt when it was made
/// @param expiresAt when it can no longer be applied
/// @param at the moment it brings back, resolved
/// @param basis as in [ObjectListing]
/// @param basisAt as in [ObjectListing]
/// @param scope in words: `projects/abc/`, `3 keys`, `everything`
/// @param target where is written: `in place`, `site/bucket/prefix` or a directory
/// @param source in words
/// @param counts objects and bytes by action: `bring-back`, `put-back`, `delete`, `unchanged`,
///   `left-alone`, `cannot`
/// @param newerAtRisk objects whose current content is newer than the moment and would be replaced
/// @param cannot why objects cannot be restored, at most a few
/// @param confirm `none`, `yes` or `bucket`: what applying asks for
/// @param bucket the bucket that is written to, or the directory
/// @param moment what the moment resolved to, and what the view of it stands on
/// @param ambiguous keys that may have held something else at the moment; the plan takes the answer
///   of the listing's order
/// @param ambiguousItems such keys, with both answers in `reason`, at most a few
/// @param outlook what applying it will take, and what it leaves out
/// @param goal `as-of`, `undelete` or `undo`
/// @param undoes the restore that is undone
/// @param oldestDeletion of an undelete: when the first of the objects was deleted that come back
/// @param leftAlone of an undo: what is left alone and why, at most a few
public record RestorePlanView(
    String id,
    String state,
    Instant createdAt,
    Instant expiresAt,
    Instant at,
    String basis,
    Optional<Instant> basisAt,
    String scope,
    String target,
    String source,
    Map<String, Status.Amount> counts,
    long newerAtRisk,
    List<ItemView> cannot,
    String confirm,
    String bucket,
    MomentView moment,
    long ambiguous,
    List<ItemView> ambiguousItems,
    Optional<PlanOutlook> outlook,
    String goal,
    Optional<String> undoes,
    Optional<Instant> oldestDeletion,
    List<ItemView> leftAlone) {

  /// `GET /api/v1/restore-plans/{id}/items` and `GET /api/v1/restores/{id}/items`.
  ///
  /// @param key the key
  /// @param action as in `counts`
  /// @param reason why
  /// @param versionId the primary's version that comes back; absent for deletions
  /// @param size bytes
  /// @param state of a restore: `pending`, `done`, `skipped`, `failed`
  /// @param detail what was done or went wrong; empty
  /// @param markers how many delete markers are removed
  /// @param place where is written, when that is not the key itself
  /// @param writtenVersion the version that was written; absent where the bucket keeps none
  /// @param etag entity tag of what was written
  /// @param sha256 hash of the bytes that were written, in hexadecimal, where it is known
  public record ItemView(
      String key,
      String action,
      String reason,
      Optional<String> versionId,
      long size,
      String state,
      String detail,
      int markers,
      Optional<String> place,
      Optional<String> writtenVersion,
      Optional<String> etag,
      Optional<String> sha256) {}
}
