package org.vistadr.storage;

import java.time.InstantSource;
import org.vistadr.storage.s3.BucketCalls;

/// Makes and empties buckets, for the demo and for tests. Nothing that protects or restores uses
/// it. One bucket, that of the site. Safe for many threads.
public final class BucketAdmin implements AutoCloseable {

  private final BucketCalls calls;

  /// Prepares the client; nothing is sent yet.
  public BucketAdmin(SiteConfig site, InstantSource clock) {
    this.calls = new BucketCalls(site, clock);
  }

  /// Creates the bucket. One that is ours already is no error.
  public void createBucket() throws StorageException {
    calls.createBucket();
  }

  /// Creates the bucket so that objects in it can be locked; it keeps versions.
  public void createLockingBucket() throws StorageException {
    calls.createLockingBucket();
  }

  /// Makes the bucket keep versions.
  public void enableVersioning() throws StorageException {
    calls.versioning(true);
  }

  /// Makes the bucket overwrite the `null` version from now on.
  public void suspendVersioning() throws StorageException {
    calls.versioning(false);
  }

  /// Removes every version, every unfinished upload and the bucket itself.
  public void deleteBucketAndContents() throws StorageException {
    calls.deleteBucketAndContents();
  }

  @Override
  public void close() {
    calls.close();
  }
}
