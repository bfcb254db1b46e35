package org.vistadr.storage.transfer;

import org.vistadr.model.ContentLook;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.Sha256;
import org.vistadr.storage.WriteReceipt;

/// A write that is proved: the target acknowledged all bytes and their hash was compared.
///
/// @param receipt the target's acknowledgement
/// @param sha256 hash of the bytes
/// @param attributes attributes at the source, tags included
/// @param bytes bytes written
/// @param look what their beginning looks like
public record Transferred(
    WriteReceipt receipt,
    Sha256 sha256,
    ObjectAttributes attributes,
    long bytes,
    ContentLook look) {}
