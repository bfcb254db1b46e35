package org.vistadr.storage;

import org.vistadr.model.ObjectKey;

/// An upload in parts that was begun.
///
/// @param key target
/// @param uploadId the provider's id of it
public record MultipartUpload(ObjectKey key, String uploadId) {}
