package org.vistadr.restore.view;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.StateAt;

/// One key of a view: what it held, or, when the state is ambiguous, what it may have held.
///
/// @param key the key
/// @param version the content that the key held, or that it held before it was deleted; empty for
///   an ambiguous key that by the order of the listing held nothing
/// @param deletedBy the entry that had deleted it at the moment; empty for a key that was there
/// @param doubt the other state, when the state is ambiguous
public record ViewEntry(
    ObjectKey key,
    Optional<RecordedVersion> version,
    Optional<RecordedVersion> deletedBy,
    Optional<StateAt.Ambiguous> doubt) {}
