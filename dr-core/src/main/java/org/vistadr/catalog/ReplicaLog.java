package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Durable replicas: which version is where at which secondary.
public final class ReplicaLog {

  /// Replicas of a key at a secondary, highest rank first.
  public List<Replica> ofKey(SiteName secondary, ObjectKey key) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The replica of one version.
  public Optional<Replica> find(SiteName secondary, long versionId) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Replicas of one version at all secondaries.
  public List<Replica> everywhere(long versionId) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Records that the bytes of a replica moved, after they were proved to be at the new place.
  ///
  /// @param remoteVersion version id at the new place
  public void relocate(
      SiteName secondary,
      long versionId,
      ObjectKey location,
      Optional<VersionId> remoteVersion,
      String etag) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Takes back that a replica is durable, because its bytes proved to be gone; the version is
  /// pending again.
  public void refute(SiteName secondary, long versionId, String reason) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Numbers of durable replicas and their bytes.
  public Count count(SiteName secondary) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// A durable replica.
  ///
  /// @param secondary where
  /// @param versionId catalog id of the version
  /// @param rank rank of the version in its key's history
  /// @param marker whether the version is a delete marker
  /// @param location the key at the secondary: the version's own, or below the reserved prefix
  /// @param aside whether it is kept below the reserved prefix
  /// @param remoteVersion version id at the secondary, empty where it has none
  /// @param etag entity tag at the secondary
  /// @param durableAt when it was proved
  public record Replica(
      SiteName secondary,
      long versionId,
      long rank,
      boolean marker,
      ObjectKey location,
      boolean aside,
      Optional<VersionId> remoteVersion,
      String etag,
      Instant durableAt) {}

  /// @param objects replicas that hold content
  public record Count(long objects, long bytes) {}
}
