package org.vistadr.restore;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;

/// One key of a view.
///
/// @param key the key
/// @param version the content that the key held, or that it held before it was deleted
/// @param deletedBy the entry that had deleted it at the moment; empty for a key that was there
public record ViewEntry(
    ObjectKey key, RecordedVersion version, Optional<RecordedVersion> deletedBy) {}
