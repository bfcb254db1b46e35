package org.vistadr.sync;

import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Keeps the catalog true to the primary and the secondaries true to the catalog.
///
/// Scanning and replicating are separate so that they run at their own pace: a scan finds what is
/// new, replication makes it durable, and after each of them the recovery points move as far as is
/// proved. Safe for use by many threads; one scan and one replication per secondary run at a time,
/// a second request is refused.
public final class Synchronizer implements AutoCloseable {

  /// @param primary the bucket that is protected
  /// @param secondaries the buckets that keep copies
  /// @param clock the daemon's clock
  /// @param random jitter of retries
  public Synchronizer(
      Catalog catalog,
      ObjectStore primary,
      List<ObjectStore> secondaries,
      SyncSettings settings,
      SyncListener listener,
      InstantSource clock,
      RandomGenerator random) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Reads the primary's whole listing and records what is new. Only a scan that listed every key
  /// range to its end counts as complete.
  ///
  /// @throws StorageException when the primary could not be read to the end; what was found so far
  ///   is recorded
  /// @throws AlreadyRunningException when a scan is under way
  public ScanReport scan() throws StorageException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Copies to a secondary what is due, until nothing is.
  ///
  /// @return what was done; failures are in it, not thrown
  /// @throws AlreadyRunningException when a replication to it is under way
  public ReplicationReport replicate(SiteName secondary) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Follows a hint: looks at one key now and records what is new. Never moves a recovery point.
  public void look(ObjectKey key) throws StorageException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Whether a scan is under way.
  public boolean scanning() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Whether a replication to the secondary is under way.
  public boolean replicating(SiteName secondary) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Stops taking up new work, waits for copies in flight and records them. Blocks until that is
  /// done.
  @Override
  public void close() {
    throw new UnsupportedOperationException("not written yet");
  }
}
