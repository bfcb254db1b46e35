package org.vistadr.sync;

import java.util.Optional;
import org.vistadr.model.SiteName;

/// What a replication run did.
///
/// @param secondary where
/// @param durable versions that became durable
/// @param bytes object bytes written
/// @param retrying versions that failed and will be tried again
/// @param givenUp versions whose tries are used up
/// @param error why the run ended early, when the whole secondary or the primary could not be
///   reached
public record ReplicationReport(
    SiteName secondary,
    long durable,
    long bytes,
    long retrying,
    long givenUp,
    Optional<String> error) {}
