package org.vistadr.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
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

/// Copies objects within the primary on the server side and proves that the copy has the bytes of
/// the source. Attributes and tags of the source are kept. Safe for use by many threads.
final class ServerCopy {

  /// The most that one copy request can carry.
  private static final long ONE_REQUEST = 5L << 30;

  private final ObjectStore primary;

  ServerCopy(ObjectStore primary) {
    this.primary = primary;
  }

  /// Copies a pinned revision to a key.
  ///
  /// @param size bytes of the source
  /// @param sha256 hash of the source's bytes, where it is known
  /// @throws StorageException.CorruptBody when the copy has other bytes
  WriteReceipt copy(
      Source source, long size, ObjectKey target, WriteCondition condition, Optional<Sha256> sha256)
      throws StorageException {
    var receipt =
        size <= ONE_REQUEST
            ? primary.copy(
                new CopySource(primary.bucket(), source.key(), source.revision()),
                target,
                Optional.empty(),
                condition)
            : copyInParts(source, size, target, condition);
    prove(source, size, target, receipt, sha256);
    return receipt;
  }

  /// Whether the provider itself holds the condition of a copy: only the completion of an upload in
  /// parts takes one.
  boolean isAtomic(long size) {
    return size > ONE_REQUEST && primary.profile().conditionalPut();
  }

  private WriteReceipt copyInParts(
      Source source, long size, ObjectKey target, WriteCondition condition)
      throws StorageException {
    var plan = PartPlan.of(size, primary.profile());
    var head = primary.head(source.key(), source.revision());
    var attributes =
        head.tagCount() > 0 && primary.profile().tagging()
            ? head.attributes().withTags(primary.tags(source.key(), source.revision()))
            : head.attributes();
    var from = new CopySource(primary.bucket(), source.key(), source.revision());
    var upload = primary.beginMultipart(target, attributes);
    boolean completed = false;
    try {
      List<UploadedPart> parts = new ArrayList<>();
      for (int number = 1; number <= plan.parts(); number++) {
        parts.add(primary.copyPart(upload, number, from, plan.slice(number)));
      }
      var receipt = primary.completeMultipart(upload, parts, condition);
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
      primary.abortMultipart(upload);
    } catch (StorageException e) {
      // The failure that led here is the one to report.
    }
  }

  /// By size and entity tag where the tag is the MD5 of the bytes; else by reading the copy, and
  /// the source too when nobody knows its hash.
  private void prove(
      Source source, long size, ObjectKey target, WriteReceipt receipt, Optional<Sha256> sha256)
      throws StorageException {
    Revision written =
        receipt
            .versionId()
            .<Revision>map(Revision.Version::new)
            .orElseGet(() -> new Revision.Matching(receipt.etag()));
    ObjectHead head = primary.head(target, written);
    if (head.size() != size) {
      throw corrupt(target, "%d bytes expected, %d found".formatted(size, head.size()));
    }
    if (primary.profile().etagIsMd5()
        && Same.mayBeMd5(source.etag())
        && source.etag().equals(head.etag())) {
      return;
    }
    var expected =
        sha256.isPresent()
            ? sha256.get()
            : ObjectTransfer.hash(primary, source.key(), source.revision());
    var found = ObjectTransfer.hash(primary, target, written);
    if (!found.equals(expected)) {
      throw corrupt(target, "sha-256 %s expected, %s found".formatted(expected.hex(), found.hex()));
    }
  }

  private StorageException corrupt(ObjectKey target, String what) {
    return new StorageException.CorruptBody(
        primary.site(), "CopyObject", "%s: %s".formatted(target, what));
  }
}
