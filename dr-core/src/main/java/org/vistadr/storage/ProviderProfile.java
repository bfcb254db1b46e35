package org.vistadr.storage;

import java.util.Map;
import java.util.Set;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;

/// What a provider can do and how it wants to be spoken to, as data. No code asks which provider it
/// talks to.
///
/// @param name the profile's name in configuration: `aws`, `minio`, `ceph`, ...
/// @param pathStyle bucket in the path instead of the host name
/// @param defaultRegion the region to sign for when none is configured
/// @param checksums how requests carry checksums through the SDK
/// @param batchDelete whether DeleteObjects works
/// @param versioning whether buckets can keep versions and list them
/// @param versionsFolders whether such a bucket keeps versions of keys that end in `/` like of any
///   other key; where not, they are overwritten in place as in a suspended bucket
/// @param conditionalPut whether `If-Match` and `If-None-Match` on writes are honoured
/// @param conditionalCopySource whether `x-amz-copy-source-if-match` is honoured
/// @param serverSideCopy whether CopyObject works within the endpoint
/// @param tagging whether objects have tags
/// @param etagIsMd5 whether the entity tag of a single-part, unencrypted object is the MD5 of its
///   bytes
/// @param checksCrc32c whether a write and the parts of an upload may carry their CRC32C, which the
///   site compares with what it got and tells in its answer; seen once of each site before it is
///   relied on
/// @param listsFromAnyKey whether a listing that begins after some key holds all keys above it;
///   where not, a scan reads the bucket in one piece from its beginning
/// @param notifications whether MinIO's bucket notification stream is offered
/// @param singlePutLimit the most bytes of one PutObject
/// @param minPartSize the fewest bytes of a part but the last
/// @param maxPartSize the most bytes of a part
/// @param maxParts the most parts of an upload
/// @param maxObjectSize the most bytes of an object
/// @param storageClasses classes that a write may name; others fall back to the default and are
///   reported
/// @param archiveClasses classes whose objects must be thawed before they can be read, by name
public record ProviderProfile(
    String name,
    boolean pathStyle,
    String defaultRegion,
    Checksums checksums,
    boolean batchDelete,
    boolean versioning,
    boolean versionsFolders,
    boolean conditionalPut,
    boolean conditionalCopySource,
    boolean serverSideCopy,
    boolean tagging,
    boolean etagIsMd5,
    boolean checksCrc32c,
    boolean listsFromAnyKey,
    boolean notifications,
    long singlePutLimit,
    long minPartSize,
    long maxPartSize,
    int maxParts,
    long maxObjectSize,
    Set<String> storageClasses,
    Map<String, ArchiveClass> archiveClasses) {

  /// How the SDK's calls carry checksums.
  public enum Checksums {
    /// The SDK's default: CRC32 trailers.
    TRAILERS,
    /// Only where an operation requires one.
    WHEN_REQUIRED,
    /// Only Content-MD5, for stores that reject `x-amz-checksum-*`.
    MD5_ONLY
  }

  /// Copies the sets.
  public ProviderProfile {
    storageClasses = Set.copyOf(storageClasses);
    archiveClasses = Map.copyOf(archiveClasses);
  }

  /// The regime that one key of a bucket is under.
  ///
  /// @param bucket the bucket's regime
  public Regime regimeOf(ObjectKey key, Regime bucket) {
    boolean overwritten = !versionsFolders && key.value().endsWith("/");
    return overwritten && bucket == Regime.VERSIONED ? Regime.SUSPENDED : bucket;
  }
}
