package org.vistadr.storage;

/// A part that the provider acknowledged.
///
/// @param number 1 to 10,000
/// @param etag the part's entity tag without quotes
/// @param size bytes
/// @param proof as in [WriteReceipt]
public record UploadedPart(int number, String etag, long size, WriteReceipt.Proof proof) {}
