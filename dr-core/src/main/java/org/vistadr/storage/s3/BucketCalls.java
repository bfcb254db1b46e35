package org.vistadr.storage.s3;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.Regime;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/// Calls about whole buckets, through the SDK, for [org.vistadr.storage.BucketAdmin].
public final class BucketCalls implements AutoCloseable {

  private final SiteConfig site;
  private final HttpTransport transport;
  private final S3Client client;
  private final SdkCalls sdk;
  private final S3ObjectStore store;

  /// Prepares the client.
  public BucketCalls(SiteConfig site, InstantSource clock) {
    this.site = site;
    this.transport = new HttpTransport(4);
    AwsCredentialsProvider credentials = SdkClients.credentials(site);
    this.client = SdkClients.client(site, new SdkTransport(transport), credentials);
    this.sdk = new SdkCalls(site.name());
    this.store = new S3ObjectStore(site, clock);
  }

  /// Creates the bucket, without a location constraint (several stores refuse one).
  public void createBucket() throws StorageException {
    try {
      sdk.run("CreateBucket", target(), () -> client.createBucket(r -> r.bucket(site.bucket())));
    } catch (StorageException.Rejected e) {
      if (!e.code().equals("BucketAlreadyOwnedByYou")) {
        throw e;
      }
    }
  }

  /// Creates the bucket with object lock.
  public void createLockingBucket() throws StorageException {
    sdk.run(
        "CreateBucket",
        target(),
        () -> client.createBucket(r -> r.bucket(site.bucket()).objectLockEnabledForBucket(true)));
  }

  /// Sets the versioning status.
  public void versioning(boolean enabled) throws StorageException {
    sdk.run(
        "PutBucketVersioning",
        target(),
        () ->
            client.putBucketVersioning(r ->
                r.bucket(site.bucket())
                    .versioningConfiguration(c ->
                        c.status(
                            enabled
                                ? BucketVersioningStatus.ENABLED
                                : BucketVersioningStatus.SUSPENDED))));
  }

  /// Removes everything and the bucket.
  public void deleteBucketAndContents() throws StorageException {
    if (store.bucketState().regime() != Regime.UNVERSIONED) {
      Optional<ListingRequest.Position> next = Optional.of(ListingRequest.Position.BEGINNING);
      while (next.isPresent()) {
        ListingPage page = store.listVersions(ListingRequest.ALL.from(next.get()));
        for (ListedVersion version : page.entries()) {
          store.deleteVersion(version.key(), version.versionId());
        }
        next = page.next();
      }
    }
    Optional<ListingRequest.Position> next = Optional.of(ListingRequest.Position.BEGINNING);
    while (next.isPresent()) {
      ListingPage page = store.listObjects(ListingRequest.ALL.from(next.get()));
      for (ListedVersion version : page.entries()) {
        store.delete(version.key(), WriteCondition.ALWAYS);
      }
      next = page.next();
    }
    for (MultipartUpload upload : store.staleMultiparts(Instant.MAX)) {
      store.abortMultipart(upload);
    }
    sdk.run("DeleteBucket", target(), () -> client.deleteBucket(r -> r.bucket(site.bucket())));
  }

  private String target() {
    return "bucket " + site.bucket();
  }

  @Override
  public void close() {
    store.close();
    client.close();
    transport.close();
  }
}
