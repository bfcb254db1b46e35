package org.vistadr.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// The one way to a site's bucket: the smallest set of calls that scanning, replicating and
/// restoring need.
///
/// Every answer is validated before it is returned: a listing by its root element, bucket name, key
/// order and paging rules, a body by its length, a write by the provider's answer. What cannot be
/// proved is thrown as a [StorageException] whose type says whether trying again can help. A call
/// is made once per attempt; retries of calls that are safe to repeat happen in one place, behind
/// this interface, and never around it.
///
/// Implementations are safe for use by many threads. Calls block; run them on virtual threads.
public interface ObjectStore extends AutoCloseable {

  /// The site that this store talks to.
  SiteName site();

  /// The name of the bucket.
  String bucket();

  /// What the provider can do and how it wants to be spoken to.
  ProviderProfile profile();

  /// Whether both stores reach the same endpoint with the same credentials, so that server-side
  /// copies between their buckets are possible.
  boolean sharesEndpointWith(ObjectStore other);

  /// Names endpoint and credentials, without anything secret; equal for stores between which
  /// server-side copies are possible.
  default String endpointIdentity() {
    return "store-" + System.identityHashCode(this);
  }

  /// Looks at the bucket: proves that it exists and can be reached, and tells its regime and the
  /// site's clock.
  BucketState bucketState() throws StorageException;

  /// One page of the version listing, in listing order: keys ascending by UTF-8 bytes, versions and
  /// delete markers of a key newest first.
  ListingPage listVersions(ListingRequest request) throws StorageException;

  /// One page of the listing of current objects, as versions with the id `null`.
  ListingPage listObjects(ListingRequest request) throws StorageException;

  /// One page of what a bucket of a regime lists: versions and delete markers where it has kept
  /// them, current objects where it never did.
  default ListingPage list(Regime regime, ListingRequest request) throws StorageException {
    return switch (regime) {
      case VERSIONED, SUSPENDED -> listVersions(request);
      case UNVERSIONED -> listObjects(request);
    };
  }

  /// The prefixes directly below `prefix` up to the next `/`, at most a page of them.
  List<String> commonPrefixes(String prefix) throws StorageException;

  /// Opens an object for reading. The body must be closed; closing early drops the connection
  /// instead of reading the rest. The body's stream throws a [java.io.IOException] when fewer bytes
  /// arrive than announced. The revision that arrives is checked against the one asked for.
  ObjectBody open(ObjectKey key, Revision revision, ByteRange range) throws StorageException;

  /// Size, entity tag, version id, time and attributes (without tags) of an object.
  ObjectHead head(ObjectKey key, Revision revision) throws StorageException;

  /// As [#head], with the SHA-256 that the site computed, where it keeps one. Sites that refuse to
  /// tell it are asked without.
  default ObjectHead headWithChecksum(ObjectKey key, Revision revision) throws StorageException {
    return head(key, revision);
  }

  /// Writes an object with one request.
  WriteReceipt put(PutRequest request) throws StorageException;

  /// Begins a multipart upload.
  ///
  /// @param parts where all of its parts will come from
  MultipartUpload beginMultipart(
      ObjectKey key, ObjectAttributes attributes, MultipartUpload.Parts parts)
      throws StorageException;

  /// Uploads one part.
  ///
  /// @param number 1 to 10,000
  UploadedPart uploadPart(MultipartUpload upload, int number, WriteBody body)
      throws StorageException;

  /// Copies a range of an object at the same endpoint into one part.
  UploadedPart copyPart(MultipartUpload upload, int number, CopySource source, ByteRange range)
      throws StorageException;

  /// Completes a multipart upload and proves by a look at the object that it has the sum of the
  /// parts' sizes.
  WriteReceipt completeMultipart(
      MultipartUpload upload, List<UploadedPart> parts, WriteCondition condition)
      throws StorageException;

  /// Gives a multipart upload up and frees its parts. An unknown upload is no error.
  void abortMultipart(MultipartUpload upload) throws StorageException;

  /// Multipart uploads that were begun before a moment and neither completed nor aborted.
  List<MultipartUpload> staleMultiparts(Instant begunBefore) throws StorageException;

  /// Copies an object on the server side, up to 5 GiB.
  ///
  /// @param attributes what the copy gets; empty keeps those of the source (tags included where the
  ///   provider has them)
  WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException;

  /// Deletes the current object: adds a delete marker in a versioned bucket, removes the bytes in
  /// an unversioned one.
  ///
  /// @return the delete marker's version id, empty where the bucket made none
  Optional<VersionId> delete(ObjectKey key, WriteCondition condition) throws StorageException;

  /// Removes exactly one version for good. An unknown version is no error.
  void deleteVersion(ObjectKey key, VersionId versionId) throws StorageException;

  /// The tags of an object; empty where the provider has no tags.
  java.util.SortedMap<String, String> tags(ObjectKey key, Revision revision)
      throws StorageException;

  /// Asks the archive to make one revision readable for a while, beside the archived bytes.
  ///
  /// @param days how long it stays readable once it has thawed; asked again, the days count anew
  /// @throws StorageException.Rejected when its class has no such tier
  ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException;

  /// What one setting of the bucket is.
  ///
  /// @throws StorageException when nobody can tell: that a setting is not there, is not supported
  ///   or may not be read is an answer
  SettingValue setting(BucketSetting setting) throws StorageException;

  /// Sets one setting of the bucket, or takes it away. Whoever needs to know reads it back.
  ///
  /// @param value what it is set to; empty takes it away
  /// @throws IllegalArgumentException when this setting cannot be taken away
  void changeSetting(BucketSetting setting, Optional<ConfigNode> value) throws StorageException;

  /// How one version is locked.
  ObjectLock.State lock(ObjectKey key, VersionId version) throws StorageException;

  /// Locks one version until a moment. Providers refuse what would shorten or weaken a lock.
  void renewLock(ObjectKey key, VersionId version, ObjectLock.Mode mode, Instant until)
      throws StorageException;

  /// Sets or lifts the legal hold of one version, in a bucket that locks objects.
  void legalHold(ObjectKey key, VersionId version, boolean on) throws StorageException;

  /// A link that lets anybody read one revision for a while.
  String presignGet(ObjectKey key, Revision revision, Duration validity) throws StorageException;

  /// Releases connections and threads.
  @Override
  void close();
}
