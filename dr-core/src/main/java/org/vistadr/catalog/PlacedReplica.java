package org.vistadr.catalog;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;

/// A replica with what a listing of its secondary shows of it.
///
/// @param versionId catalog id of the version
/// @param rank of the version in its key's history
/// @param marker whether the version is a delete marker
/// @param location key at the secondary
/// @param remoteVersion version at the secondary, empty where it has none
/// @param etag entity tag at the secondary, empty for a delete marker
/// @param size bytes
/// @param primaryEtag entity tag at the primary, empty for a delete marker
/// @param durableAt when it was proved
public record PlacedReplica(
    long versionId,
    long rank,
    boolean marker,
    ObjectKey location,
    Optional<VersionId> remoteVersion,
    String etag,
    long size,
    String primaryEtag,
    Instant durableAt) {}
