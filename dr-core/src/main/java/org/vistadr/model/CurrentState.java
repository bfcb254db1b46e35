package org.vistadr.model;

import java.util.Optional;

/// A key's current state at the primary, as somebody looked.
public sealed interface CurrentState {

  /// Nothing: never there, deleted, or hidden by a delete marker.
  ///
  /// @param marker the delete marker that hides the versions below
  record Absent(Optional<VersionId> marker) implements CurrentState {}

  /// Content.
  ///
  /// @param versionId its version, [VersionId#NULL] where the bucket keeps none
  /// @param etag entity tag without quotes
  /// @param size bytes
  record Present(VersionId versionId, String etag, long size) implements CurrentState {}
}
