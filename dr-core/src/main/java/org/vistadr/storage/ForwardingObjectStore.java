package org.vistadr.storage;

import java.time.Duration;
import java.time.Instant;
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

/// Passes every call on. Base of the decorators, which override what they change, and of faulty
/// stores in tests.
public abstract class ForwardingObjectStore implements ObjectStore {

  private final ObjectStore delegate;

  /// @param delegate gets every call
  protected ForwardingObjectStore(ObjectStore delegate) {
    this.delegate = delegate;
  }

  /// The store behind this one.
  protected final ObjectStore delegate() {
    return delegate;
  }

  @Override
  public SiteName site() {
    return delegate.site();
  }

  @Override
  public String bucket() {
    return delegate.bucket();
  }

  @Override
  public ProviderProfile profile() {
    return delegate.profile();
  }

  @Override
  public boolean sharesEndpointWith(ObjectStore other) {
    return delegate.sharesEndpointWith(other);
  }

  @Override
  public String endpointIdentity() {
    return delegate.endpointIdentity();
  }

  @Override
  public BucketState bucketState() throws StorageException {
    return delegate.bucketState();
  }

  @Override
  public ListingPage listVersions(ListingRequest request) throws StorageException {
    return delegate.listVersions(request);
  }

  @Override
  public ListingPage listObjects(ListingRequest request) throws StorageException {
    return delegate.listObjects(request);
  }

  @Override
  public List<String> commonPrefixes(String prefix) throws StorageException {
    return delegate.commonPrefixes(prefix);
  }

  @Override
  public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
      throws StorageException {
    return delegate.open(key, revision, range);
  }

  @Override
  public ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
    return delegate.head(key, revision);
  }

  @Override
  public ObjectHead headWithChecksum(ObjectKey key, Revision revision) throws StorageException {
    return delegate.headWithChecksum(key, revision);
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    return delegate.put(request);
  }

  @Override
  public MultipartUpload beginMultipart(
      ObjectKey key, ObjectAttributes attributes, MultipartUpload.Parts parts)
      throws StorageException {
    return delegate.beginMultipart(key, attributes, parts);
  }

  @Override
  public UploadedPart uploadPart(MultipartUpload upload, int number, WriteBody body)
      throws StorageException {
    return delegate.uploadPart(upload, number, body);
  }

  @Override
  public UploadedPart copyPart(
      MultipartUpload upload, int number, CopySource source, ByteRange range)
      throws StorageException {
    return delegate.copyPart(upload, number, source, range);
  }

  @Override
  public WriteReceipt completeMultipart(
      MultipartUpload upload, List<UploadedPart> parts, WriteCondition condition)
      throws StorageException {
    return delegate.completeMultipart(upload, parts, condition);
  }

  @Override
  public void abortMultipart(MultipartUpload upload) throws StorageException {
    delegate.abortMultipart(upload);
  }

  @Override
  public List<MultipartUpload> staleMultiparts(Instant begunBefore) throws StorageException {
    return delegate.staleMultiparts(begunBefore);
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    return delegate.copy(source, target, attributes, condition);
  }

  @Override
  public Optional<VersionId> delete(ObjectKey key, WriteCondition condition)
      throws StorageException {
    return delegate.delete(key, condition);
  }

  @Override
  public void deleteVersion(ObjectKey key, VersionId versionId) throws StorageException {
    delegate.deleteVersion(key, versionId);
  }

  @Override
  public SortedMap<String, String> tags(ObjectKey key, Revision revision) throws StorageException {
    return delegate.tags(key, revision);
  }

  @Override
  public ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException {
    return delegate.thaw(key, revision, tier, days);
  }

  @Override
  public ObjectLock.State lock(ObjectKey key, VersionId version) throws StorageException {
    return delegate.lock(key, version);
  }

  @Override
  public void renewLock(ObjectKey key, VersionId version, ObjectLock.Mode mode, Instant until)
      throws StorageException {
    delegate.renewLock(key, version, mode, until);
  }

  @Override
  public void legalHold(ObjectKey key, VersionId version, boolean on) throws StorageException {
    delegate.legalHold(key, version, on);
  }

  @Override
  public SettingValue setting(BucketSetting setting) throws StorageException {
    return delegate.setting(setting);
  }

  @Override
  public void changeSetting(BucketSetting setting, Optional<ConfigNode> value)
      throws StorageException {
    delegate.changeSetting(setting, value);
  }

  @Override
  public String presignGet(ObjectKey key, Revision revision, Duration validity)
      throws StorageException {
    return delegate.presignGet(key, revision, validity);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
