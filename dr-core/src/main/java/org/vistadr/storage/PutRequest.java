package org.vistadr.storage;

import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;

/// One write of a whole object.
///
/// @param key target
/// @param attributes what travels with the bytes
/// @param body the bytes
/// @param condition what must be true of the target
public record PutRequest(
    ObjectKey key, ObjectAttributes attributes, WriteBody body, WriteCondition condition) {}
