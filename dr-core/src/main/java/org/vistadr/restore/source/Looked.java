package org.vistadr.restore.source;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;

/// What a target has of one key now.
///
/// @param key the key that the object has at the primary
/// @param current its current state
/// @param changedAt the target's time of the current state
/// @param markers delete markers above the newest content, newest first
/// @param newestContent the newest content, current or hidden by the markers
/// @param mutableContent the content of the version `null`: what a write replaces in a bucket that
///   keeps no versions, or keeps none at the moment
public record Looked(
    ObjectKey key,
    CurrentState current,
    Optional<Instant> changedAt,
    List<VersionId> markers,
    Optional<ListedVersion> newestContent,
    Optional<ListedVersion> mutableContent) {

  public Looked {
    markers = List.copyOf(markers);
  }

  /// A key of which the target has nothing.
  public static Looked nothing(ObjectKey key) {
    return new Looked(
        key,
        new CurrentState.Absent(Optional.empty()),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /// Whether it is as somebody saw it before. Of a key without content it does not matter which
  /// marker hides it.
  public boolean asSeen(CurrentState saw) {
    return current.equals(saw)
        || (current instanceof CurrentState.Absent && saw instanceof CurrentState.Absent);
  }
}
