package org.vistadr.storage;

import org.vistadr.model.ObjectKey;

/// The source of a server-side copy.
///
/// @param bucket a bucket at the same endpoint
/// @param key the object
/// @param revision which state of it; [Revision.Matching] becomes `x-amz-copy-source-if-match`
public record CopySource(String bucket, ObjectKey key, Revision revision) {}
