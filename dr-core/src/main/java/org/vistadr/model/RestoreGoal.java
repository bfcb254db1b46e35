package org.vistadr.model;

import java.time.Instant;
import java.util.Optional;

/// What a restore is to reach.
public sealed interface RestoreGoal {

  /// What the bucket held at a moment.
  ///
  /// @param at the moment; empty is the newest state that the source has
  record AsOf(Optional<Instant> at) implements RestoreGoal {}

  /// Only the delete markers that hide content are removed.
  ///
  /// @param at only keys that had content at this moment, so that they were deleted later; what
  ///   comes back is the content right below the markers in any case
  record Undelete(Optional<Instant> at) implements RestoreGoal {}

  /// What another restore replaced, brought back.
  ///
  /// @param restoreId the restore that is undone
  record Undo(String restoreId) implements RestoreGoal {}

  /// The moment that was asked for; empty is the newest state, or that before the undone restore.
  default Optional<Instant> at() {
    return switch (this) {
      case AsOf(var at) -> at;
      case Undelete(var at) -> at;
      case Undo _ -> Optional.empty();
    };
  }
}
