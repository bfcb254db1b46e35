package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `GET /api/v1/restores/{id}/report`: what a restore did, for the file.
///
/// @param id `r-...`
/// @param planId the plan
/// @param state as in [RestoreView]
/// @param complete whether the restore is over, so that this no longer changes
/// @param message one line
/// @param bucket the bucket that was written to
/// @param askedBy the role of whoever asked; absent when it is not known
/// @param asked what was asked
/// @param moment what the time resolved to
/// @param planned objects and bytes by action, as planned
/// @param results what became of what was to be written: by action, then by state
/// @param times when and how fast: the recovery time that was achieved
/// @param newest the newest version that came back: the recovery point that was achieved
/// @param sources objects and bytes by the site that they came from
/// @param nonAtomic objects that were written after a look, because the provider does not hold
///   conditions itself
/// @param list hash of the list of restored objects
/// @param undo whether it was undone, or undoes another
/// @param problems objects that were not written, the first thousand, with reasons
/// @param moreProblems where the others are, a link for each state that has more
public record RestoreReportView(
    String id,
    String planId,
    String state,
    boolean complete,
    String message,
    String bucket,
    Optional<String> askedBy,
    Asked asked,
    Moment moment,
    Map<String, Status.Amount> planned,
    Map<String, Map<String, Status.Amount>> results,
    Times times,
    Optional<Newest> newest,
    Map<String, Status.Amount> sources,
    long nonAtomic,
    ListHash list,
    Undo undo,
    List<RestorePlanView.ItemView> problems,
    List<String> moreProblems) {

  /// What was asked.
  ///
  /// @param words in words
  /// @param goal `as-of`, `undelete` or `undo`
  /// @param scope in words
  /// @param keys exactly these
  /// @param prefixes every key that starts with one of these
  /// @param include only keys that match one of these globs
  /// @param exclude no keys that match one of these globs
  /// @param at the moment that was asked for; absent is the newest state
  /// @param from the only site that bytes could come from
  /// @param target `in place`, `site/bucket/prefix` or a directory
  /// @param overwrite as in [RestorePlanRequest]
  /// @param onChange as in [RestorePlanRequest]
  /// @param deleteExtra as in [RestorePlanRequest]
  /// @param nearest as in [RestorePlanRequest]
  /// @param strict as in [RestorePlanRequest]
  /// @param order as in [RestorePlanRequest]
  /// @param first as in [RestorePlanRequest]
  /// @param last as in [RestorePlanRequest]
  /// @param bytesPerSecond the most that was to be written
  /// @param thaw as in [RestorePlanRequest]
  public record Asked(
      String words,
      String goal,
      String scope,
      List<String> keys,
      List<String> prefixes,
      List<String> include,
      List<String> exclude,
      Optional<Instant> at,
      Optional<String> from,
      String target,
      String overwrite,
      String onChange,
      boolean deleteExtra,
      boolean nearest,
      boolean strict,
      String order,
      List<String> first,
      List<String> last,
      Optional<Long> bytesPerSecond,
      Optional<String> thaw) {}

  /// What the time resolved to.
  ///
  /// @param at the moment, in UTC
  /// @param local the same in the zone of `?zone=`
  /// @param basis `versions` or `scan`
  /// @param scanAt start of the scan that stands for the moment, where the primary kept no versions
  /// @param gapSeconds from that scan to the moment
  /// @param complete whether the catalog saw the bucket at that moment itself
  public record Moment(
      Instant at,
      String local,
      String basis,
      Optional<Instant> scanAt,
      Optional<Long> gapSeconds,
      boolean complete) {}

  /// @param askedAt when it was asked for
  /// @param startedAt when the first object was taken up
  /// @param endedAt absent while it runs
  /// @param elapsedSeconds from start to end, or until now
  /// @param objectsPerSecond on average
  /// @param bytesPerSecond on average
  public record Times(
      Instant askedAt,
      Instant startedAt,
      Optional<Instant> endedAt,
      double elapsedSeconds,
      double objectsPerSecond,
      long bytesPerSecond) {}

  /// @param key the key
  /// @param versionId the primary's version
  /// @param lastModified the primary's time of it
  /// @param secondsBeforeMoment how much older than the moment it is
  public record Newest(
      String key, String versionId, Instant lastModified, double secondsBeforeMoment) {}

  /// @param objects restored objects
  /// @param sha256 hash over a line for each
  /// @param rule what a line is
  public record ListHash(long objects, String sha256, String rule) {
    /// How the hash is computed.
    public static final String RULE =
        "SHA-256 over a line for each restored object in the order of the UTF-8 bytes of the keys: key NUL hash NUL size NUL version LF; hash is the object's SHA-256 in hexadecimal, or its entity tag where that was never read; size in bytes; version is the id of the version that was written, or nothing";
  }

  /// @param undoes the restore that this one undoes
  /// @param undoneBy the restores that undo this one, newest first
  /// @param state `not-undone`, `being-undone`, `undone` or `partly-undone`
  public record Undo(Optional<String> undoes, List<String> undoneBy, String state) {}
}
