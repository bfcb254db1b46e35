package org.vistadr.storage.transfer;

import java.io.IOException;
import java.util.Optional;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;

/// A small object in memory. Immutable by agreement: nobody writes to the bytes until the last user
/// has closed it.
///
/// @param body bytes and their hash
/// @param md5 hex MD5 that the source tells of the bytes; empty when it tells none
/// @param attributes attributes, tags included
/// @param pool where the bytes go back to
public record BufferedObject(
    WriteBody.Buffered body, Optional<String> md5, ObjectAttributes attributes, BufferPool pool)
    implements AutoCloseable {

  static BufferedObject read(ObjectBody body, ObjectSource source, BufferPool pool)
      throws StorageException {
    int length = Math.toIntExact(body.length());
    byte[] data = pool.take(length);
    int received;
    try {
      received = body.stream().readNBytes(data, 0, length);
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          source.site(), "GetObject", "the body ended early: " + e.getMessage(), e);
    }
    if (received != length) {
      throw new StorageException.CorruptBody(
          source.site(),
          "GetObject",
          "%d bytes announced, %d received".formatted(length, received));
    }
    return new BufferedObject(
        WriteBody.Buffered.of(data, 0, length),
        body.head().md5(),
        body.head().attributes().withTags(source.tags(body.head())),
        pool);
  }

  /// The bytes are not used any more.
  @Override
  public void close() {
    pool.giveBack(body.data());
  }
}
