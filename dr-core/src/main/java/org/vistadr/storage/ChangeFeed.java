package org.vistadr.storage;

import java.util.function.Consumer;
import org.vistadr.model.ObjectKey;

/// A stream of hints that keys changed. Hints may repeat, come late, or be lost: they make copies
/// sooner and never move the recovery point.
public interface ChangeFeed extends AutoCloseable {

  /// Listens until the feed is closed or breaks. Blocks.
  ///
  /// @param hint called for each key that changed, on the calling thread
  /// @throws StorageException when the stream broke; listen again later
  void listen(Consumer<ObjectKey> hint) throws StorageException;

  @Override
  void close();
}
