package org.vistadr.storage.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.ThawAnswer;
import org.vistadr.storage.UploadedPart;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The S3 adapter: one attempt per call, every answer validated, no retries and no pacing (those
/// are decorators). Reads and writes of bytes and listings go through our own thin client, all
/// other calls through the SDK.
///
/// Safe for use by many threads.
public final class S3ObjectStore implements ObjectStore {

  private final SiteConfig site;
  private final HttpTransport transport;
  private final AwsCredentialsProvider credentials;
  private final S3Client client;
  private final S3Presigner presigner;
  private final S3Reads reads;
  private final S3Writes writes;
  private final S3Multiparts multiparts;
  private final S3Changes changes;
  private final S3Settings settings;
  private final S3Locks locks;

  /// Prepares the clients; nothing is sent yet.
  ///
  /// @param clock real time, for signatures
  public S3ObjectStore(SiteConfig site, InstantSource clock) {
    this.site = site;
    // A read and a write of each slot, and a few for looks.
    this.transport = new HttpTransport(2 * site.limits().maxConcurrency() + 8);
    this.credentials = SdkClients.credentials(site);
    this.client = SdkClients.client(site, new SdkTransport(transport), credentials);
    this.presigner = SdkClients.presigner(site, credentials);
    SignedCalls calls = new SignedCalls(site, transport, credentials, clock);
    this.locks = new S3Locks(site, calls, clock);
    this.reads = new S3Reads(site, calls);
    Crc32cTrust trust = new Crc32cTrust(site, client, calls, clock);
    this.writes = new S3Writes(site, calls, reads, locks, trust);
    this.multiparts = new S3Multiparts(site, client, reads, writes, locks, trust);
    this.changes = new S3Changes(site, calls, client, presigner, reads, writes, locks);
    this.settings = new S3Settings(calls);
  }

  @Override
  public SiteName site() {
    return site.name();
  }

  @Override
  public String bucket() {
    return site.bucket();
  }

  @Override
  public ProviderProfile profile() {
    return site.profile();
  }

  @Override
  public boolean sharesEndpointWith(ObjectStore other) {
    return other.endpointIdentity().equals(endpointIdentity());
  }

  @Override
  public String endpointIdentity() {
    String keys =
        switch (site.credentials()) {
          case SiteConfig.Credentials.Keys known -> known.accessKey();
          case SiteConfig.Credentials.DefaultChain _ -> "default-chain";
        };
    return site.endpoint().map(Object::toString).orElse("aws:" + site.region()) + "#" + keys;
  }

  @Override
  public BucketState bucketState() throws StorageException {
    return reads.bucketState();
  }

  @Override
  public ListingPage listVersions(ListingRequest request) throws StorageException {
    return reads.versions(request);
  }

  @Override
  public ListingPage listObjects(ListingRequest request) throws StorageException {
    return reads.objects(request);
  }

  @Override
  public List<String> commonPrefixes(String prefix) throws StorageException {
    return reads.commonPrefixes(prefix);
  }

  @Override
  public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
      throws StorageException {
    return reads.open(key, revision, range);
  }

  @Override
  public ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
    return reads.head(key, revision);
  }

  @Override
  public ObjectHead headWithChecksum(ObjectKey key, Revision revision) throws StorageException {
    if (profile().checksums() == ProviderProfile.Checksums.MD5_ONLY) {
      return reads.head(key, revision);
    }
    try {
      return reads.head(key, revision, true);
    } catch (StorageException.AccessDenied | StorageException.Rejected _) {
      // The checksum of an object under a key of KMS needs the right to that key.
      return reads.head(key, revision);
    }
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    return writes.put(request);
  }

  @Override
  public MultipartUpload beginMultipart(
      ObjectKey key, ObjectAttributes attributes, MultipartUpload.Parts parts)
      throws StorageException {
    return multiparts.begin(key, attributes, parts);
  }

  @Override
  public UploadedPart uploadPart(MultipartUpload upload, int number, WriteBody body)
      throws StorageException {
    return writes.uploadPart(upload, number, body);
  }

  @Override
  public UploadedPart copyPart(
      MultipartUpload upload, int number, CopySource source, ByteRange range)
      throws StorageException {
    return multiparts.copyPart(upload, number, source, range);
  }

  @Override
  public WriteReceipt completeMultipart(
      MultipartUpload upload, List<UploadedPart> parts, WriteCondition condition)
      throws StorageException {
    return multiparts.complete(upload, parts, condition);
  }

  @Override
  public void abortMultipart(MultipartUpload upload) throws StorageException {
    multiparts.abort(upload);
  }

  @Override
  public List<MultipartUpload> staleMultiparts(Instant begunBefore) throws StorageException {
    return multiparts.stale(begunBefore);
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    return changes.copy(source, target, attributes, condition);
  }

  @Override
  public Optional<VersionId> delete(ObjectKey key, WriteCondition condition)
      throws StorageException {
    return changes.delete(key, condition);
  }

  @Override
  public void deleteVersion(ObjectKey key, VersionId versionId) throws StorageException {
    changes.deleteVersion(key, versionId);
  }

  @Override
  public SortedMap<String, String> tags(ObjectKey key, Revision revision) throws StorageException {
    return reads.tags(key, revision);
  }

  @Override
  public ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException {
    return changes.thaw(key, revision, tier, days);
  }

  @Override
  public ObjectLock.State lock(ObjectKey key, VersionId version) throws StorageException {
    return locks.read(key, version);
  }

  @Override
  public void renewLock(ObjectKey key, VersionId version, ObjectLock.Mode mode, Instant until)
      throws StorageException {
    locks.renew(key, version, mode, until);
  }

  @Override
  public void legalHold(ObjectKey key, VersionId version, boolean on) throws StorageException {
    locks.legalHold(key, version, on);
  }

  @Override
  public SettingValue setting(BucketSetting setting) throws StorageException {
    return settings.read(setting);
  }

  @Override
  public void changeSetting(BucketSetting setting, Optional<ConfigNode> value)
      throws StorageException {
    settings.change(setting, value);
  }

  @Override
  public String presignGet(ObjectKey key, Revision revision, Duration validity)
      throws StorageException {
    return changes.presignGet(key, revision, validity);
  }

  @Override
  public void close() {
    client.close();
    presigner.close();
    transport.close();
  }
}
