package org.vistadr.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// One key of a restore plan, and what became of it when the plan was applied.
///
/// @param seq place in the plan, from 1, in key order
/// @param key the key
/// @param action what the plan does with it
/// @param reason why, for people
/// @param wanted catalog id of the version that comes back; empty for deletions
/// @param wantedVersion the primary's id of that version
/// @param size bytes that come back; for a deletion the bytes that go
/// @param saw what the plan saw at the key: the condition of the write, and afterwards what was
///   replaced
/// @param markers delete markers to remove, newest first; when not empty the key is brought back by
///   removing exactly these
/// @param state how far it is
/// @param detail what was done or went wrong; empty before
/// @param aside where a copy of the replaced bytes was put, when the bucket keeps no versions
/// @param written what was written; there exactly when the item is done
/// @param place where is written when that is not the key itself: a key of another bucket, or a
///   path below the target directory
/// @param turn items are carried out by rising turns, of the same turn in the order of the plan
public record RestoreItem(
    long seq,
    ObjectKey key,
    RestoreAction action,
    String reason,
    OptionalLong wanted,
    Optional<VersionId> wantedVersion,
    long size,
    CurrentState saw,
    List<VersionId> markers,
    State state,
    String detail,
    Optional<ObjectKey> aside,
    Optional<Written> written,
    Optional<String> place,
    long turn) {

  /// Copies the list.
  public RestoreItem {
    markers = List.copyOf(markers);
  }

  /// How far an item is.
  public enum State {
    /// To do, or nothing to do.
    PENDING,
    /// Its bytes lie in an archive; it becomes pending once they can be read.
    THAWING,
    /// Written and verified.
    DONE,
    /// Left as it is: it changed since the plan.
    SKIPPED,
    /// Tried and failed, or could not be tried.
    FAILED;

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What was written, proved.
  ///
  /// @param version content or delete marker; empty where the bucket keeps no versions
  /// @param etag entity tag; empty for deletions
  /// @param sha256 hash of the bytes, where it is known
  /// @param source the site that the bytes came from; empty for deletions
  /// @param atomic whether nothing could come between the look at the key and the write: the
  ///   provider itself held the condition, or only named versions were removed
  public record Written(
      Optional<VersionId> version,
      String etag,
      Optional<Sha256> sha256,
      Optional<SiteName> source,
      boolean atomic) {

    /// A deletion, which no provider makes under a condition.
    ///
    /// @param marker the delete marker; empty where the bucket made none
    public static Written deletion(Optional<VersionId> marker) {
      return new Written(marker, "", Optional.empty(), Optional.empty(), false);
    }
  }

  /// An item that is to do, without a place in the plan so far, and of the first turn.
  public static RestoreItem planned(
      ObjectKey key,
      RestoreAction action,
      String reason,
      OptionalLong wanted,
      Optional<VersionId> wantedVersion,
      long size,
      CurrentState saw,
      List<VersionId> markers) {
    return new RestoreItem(
        0,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        State.PENDING,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0);
  }

  /// The same item at a place in the plan.
  public RestoreItem at(long newSeq) {
    return new RestoreItem(
        newSeq,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        state,
        detail,
        aside,
        written,
        place,
        turn);
  }

  /// The same item for another reason.
  public RestoreItem withReason(String newReason) {
    return new RestoreItem(
        seq,
        key,
        action,
        newReason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        state,
        detail,
        aside,
        written,
        place,
        turn);
  }

  /// The same item, ended without having been written; see [#done].
  public RestoreItem ended(State newState, String newDetail) {
    return new RestoreItem(
        seq,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        newState,
        newDetail,
        aside,
        written,
        place,
        turn);
  }

  /// The same item with where the replaced bytes were put.
  public RestoreItem withAside(Optional<ObjectKey> copy) {
    return new RestoreItem(
        seq,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        state,
        detail,
        copy,
        written,
        place,
        turn);
  }

  /// The same item, written and verified.
  public RestoreItem done(Written proved, String newDetail) {
    return new RestoreItem(
        seq,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        State.DONE,
        newDetail,
        aside,
        Optional.of(proved),
        place,
        turn);
  }

  /// The same item, written elsewhere than under its key.
  public RestoreItem withPlace(String elsewhere) {
    return new RestoreItem(
        seq,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        state,
        detail,
        aside,
        written,
        Optional.of(elsewhere),
        turn);
  }

  /// The same item at another turn.
  public RestoreItem withTurn(long newTurn) {
    return new RestoreItem(
        seq,
        key,
        action,
        reason,
        wanted,
        wantedVersion,
        size,
        saw,
        markers,
        state,
        detail,
        aside,
        written,
        place,
        newTurn);
  }

  /// The same item after another look at its key.
  public RestoreItem seeing(RestoreAction newAction, String newReason, CurrentState now) {
    return new RestoreItem(
        seq,
        key,
        newAction,
        newReason,
        wanted,
        wantedVersion,
        size,
        now,
        markers,
        state,
        detail,
        aside,
        written,
        place,
        turn);
  }
}
