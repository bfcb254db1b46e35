package org.vistadr.restore.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.restore.source.Same;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.ThawRule;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.UploadedPart;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.PartPlan;

/// Copies objects into a bucket on the server side and proves that the copy has the bytes of the
/// source. Safe for use by many threads.
final class ServerCopy {

  /// The most that one copy request can carry.
  private static final long ONE_REQUEST = 5L << 30;

  private final ObjectStore bucket;

  /// @param bucket where copies go
  ServerCopy(ObjectStore bucket) {
    this.bucket = bucket;
  }

  /// Copies a pinned revision to a key. A copy that proves to have other bytes is removed again.
  ///
  /// @param source at the same endpoint
  /// @param size bytes of the source
  /// @param attributes what the copy gets; empty keeps those of the source, tags included
  /// @param sha256 hash of the source's bytes, where it is known
  /// @throws StorageException.CorruptBody when the copy has other bytes
  WriteReceipt copy(
      Source source,
      long size,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition,
      Optional<Sha256> sha256)
      throws StorageException {
    requireStillThere(source);
    var receipt =
        size <= ONE_REQUEST
            ? bucket.copy(from(source), target, attributes, condition)
            : copyInParts(source, size, target, attributes, condition);
    prove(source, size, target, receipt, sha256);
    return receipt;
  }

  /// The version `null` is whatever was written last while no versions were kept, so its id does
  /// not tell that it is the content that is meant.
  private static void requireStillThere(Source source) throws StorageException {
    if (source.revision() instanceof Revision.Version(var id) && id.isNull()) {
      var found = source.store().head(source.key(), source.revision()).etag();
      if (!found.equals(source.etag())) {
        throw new StorageException.PreconditionFailed(
            source.site(),
            "CopyObject",
            "%s: the version null has the entity tag %s, not %s"
                .formatted(source.key(), found, source.etag()));
      }
    }
  }

  /// Whether the provider itself holds the condition of a copy: only the completion of an upload in
  /// parts takes one.
  boolean isAtomic(long size) {
    return size > ONE_REQUEST && bucket.profile().conditionalPut();
  }

  private static CopySource from(Source source) {
    return new CopySource(source.store().bucket(), source.key(), source.revision());
  }

  private WriteReceipt copyInParts(
      Source source,
      long size,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    var plan = PartPlan.of(size, bucket.profile());
    var kept = attributes;
    if (kept.isEmpty()) {
      var head = source.store().head(source.key(), source.revision());
      kept =
          Optional.of(
              ThawRule.readable(
                  head.attributes().withTags(source.pinned().tags(head)), bucket.profile()));
    }
    var from = from(source);
    var upload = bucket.beginMultipart(target, kept.get(), MultipartUpload.Parts.COPIED);
    boolean completed = false;
    try {
      List<UploadedPart> parts = new ArrayList<>();
      for (int number = 1; number <= plan.parts(); number++) {
        parts.add(bucket.copyPart(upload, number, from, plan.slice(number)));
      }
      var receipt = bucket.completeMultipart(upload, parts, condition);
      completed = true;
      return receipt;
    } finally {
      if (!completed) {
        abandon(upload);
      }
    }
  }

  /// An upload that cannot be aborted now is found by the sweep for stale uploads.
  @SuppressWarnings("EmptyCatch")
  private void abandon(MultipartUpload upload) {
    try {
      bucket.abortMultipart(upload);
    } catch (StorageException e) {
      // The failure that led here is the one to report.
    }
  }

  /// By size and entity tag where the tag is the MD5 of the bytes; else by reading the copy, and
  /// the source too when nobody knows its hash.
  private void prove(
      Source source, long size, ObjectKey target, WriteReceipt receipt, Optional<Sha256> sha256)
      throws StorageException {
    if (bucket.profile().etagIsMd5()
        && Same.mayBeMd5(source.etag())
        && source.etag().equals(receipt.etag())) {
      return;
    }
    Revision written = receipt.written();
    ObjectHead head = bucket.head(target, written);
    if (head.size() != size) {
      throw corrupt(target, receipt, "%d bytes expected, %d found".formatted(size, head.size()));
    }
    var expected =
        sha256.isPresent()
            ? sha256.get()
            : ObjectTransfer.hash(source.store(), source.key(), source.revision());
    var found = ObjectTransfer.hash(bucket, target, written);
    if (!found.equals(expected)) {
      throw corrupt(
          target, receipt, "sha-256 %s expected, %s found".formatted(expected.hex(), found.hex()));
    }
  }

  /// Takes exactly the wrong copy away, so that another source can take its place.
  private StorageException corrupt(ObjectKey target, WriteReceipt receipt, String what)
      throws StorageException {
    if (receipt.versionId().isPresent()) {
      bucket.deleteVersion(target, receipt.versionId().get());
    } else {
      bucket.delete(target, new WriteCondition.Matching(receipt.etag()));
    }
    return new StorageException.CorruptBody(
        bucket.site(), "CopyObject", "%s: %s".formatted(target, what));
  }
}
