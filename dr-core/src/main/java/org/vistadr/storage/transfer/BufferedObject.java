package org.vistadr.storage.transfer;

import java.io.IOException;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;

/// A small object in memory. Immutable by agreement: nobody writes to the bytes.
///
/// @param body bytes and their hash
/// @param etag entity tag at the source
/// @param attributes attributes, tags included
public record BufferedObject(WriteBody.Buffered body, String etag, ObjectAttributes attributes) {

  static BufferedObject read(ObjectBody body, ObjectSource source) throws StorageException {
    byte[] data = new byte[Math.toIntExact(body.length())];
    int received;
    try {
      received = body.stream().readNBytes(data, 0, data.length);
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          source.site(), "GetObject", "the body ended early: " + e.getMessage(), e);
    }
    if (received != data.length) {
      throw new StorageException.CorruptBody(
          source.site(),
          "GetObject",
          "%d bytes announced, %d received".formatted(data.length, received));
    }
    return new BufferedObject(
        WriteBody.Buffered.of(data),
        body.head().etag(),
        body.head().attributes().withTags(source.tags(body.head())));
  }
}
