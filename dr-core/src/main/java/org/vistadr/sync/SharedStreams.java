package org.vistadr.sync;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.StorageException;

/// Lets secondaries that copy the same large version at the same time share one read of the
/// primary. Who comes when a read is under way reads for itself. Safe for use by many threads.
final class SharedStreams {

  /// How long the first waits for the others. They work through their queues in the same order, so
  /// they are near.
  private static final long PATIENCE_MILLIS = 100;

  private record Place(long versionId, ByteRange range) {}

  private final Map<Place, FanOut> gathering = new ConcurrentHashMap<>();
  private final IntSupplier replicationsRunning;

  /// @param replicationsRunning secondaries that are being replicated to now
  SharedStreams(IntSupplier replicationsRunning) {
    this.replicationsRunning = replicationsRunning;
  }

  /// Opens a range of a version, together with others when they are there.
  ///
  /// @param versionId catalog id
  /// @param wantedBy number of secondaries that want it, the caller included
  ObjectBody open(long versionId, int wantedBy, ByteRange range, FanOut.Opener opener)
      throws StorageException {
    int expected = Math.min(wantedBy, replicationsRunning.getAsInt());
    if (expected < 2) {
      return opener.open();
    }
    Place place = new Place(versionId, range);
    FanOut mine = new FanOut(expected);
    FanOut shared = gathering.putIfAbsent(place, mine);
    FanOut fan = shared == null ? mine : shared;
    FanOut.@Nullable Reader reader = fan.join();
    if (reader == null) {
      return opener.open();
    }
    try {
      if (shared == null) {
        try {
          fan.begin(opener, PATIENCE_MILLIS);
        } finally {
          gathering.remove(place, mine);
        }
      }
      reader.awaitHead();
      return reader;
    } catch (InterruptedException e) {
      reader.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a shared read", e);
    }
  }
}
