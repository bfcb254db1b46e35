package org.vistadr.storage;

import java.util.Optional;

/// A part that the provider acknowledged.
///
/// @param number 1 to 10,000
/// @param etag the part's entity tag without quotes
/// @param size bytes
/// @param crc32c CRC32C of the bytes sent, in Base64, for uploads that were begun for it
/// @param proof as in [WriteReceipt]
public record UploadedPart(
    int number, String etag, long size, Optional<String> crc32c, WriteReceipt.Proof proof) {}
