package org.vistadr.storage.transfer;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.vistadr.model.ContentLook;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.UploadedPart;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// Moves one object from a source into a bucket and proves that it arrived: small ones through
/// memory, larger ones as a stream, very large ones in parts. Memory is bounded by
/// [TransferLimits#bufferLimit] per call and by a bound on all calls together. Safe for use by many
/// threads.
public final class ObjectTransfer {

  /// Tries of one part of a large object; a part is the only thing here that is tried again.
  private static final int TRIES_PER_PART = 4;

  /// Bytes of objects in memory at the same time, but for those that [ObjectSource]s share.
  private static final int BUFFERED = 16 << 20;

  /// Streams to one site at the same time. Among many a narrow line would be divided until each is
  /// slower than an exchange may be, and none would ever end.
  static final int STREAMS = 16;

  private final TransferLimits limits;
  private final Map<SiteName, Semaphore> streams = new ConcurrentHashMap<>();
  private final BufferPool pool = new BufferPool(BUFFERED);

  /// @param limits sizes
  public ObjectTransfer(TransferLimits limits) {
    this.limits = limits;
  }

  /// The sizes it goes by.
  public TransferLimits limits() {
    return limits;
  }

  /// Moves an object.
  ///
  /// @param size bytes that the source must have
  /// @param target bucket that is written to
  /// @param adjust what the target gets of the source's attributes
  /// @param expected hash that the bytes must have, when it is known; other bytes are never
  ///   completed at the target
  /// @throws StorageException.CorruptBody when the bytes differ from what was expected or what
  ///   arrived differs from what was sent
  public Transferred move(
      ObjectSource source,
      long size,
      ObjectStore target,
      ObjectKey key,
      AttributesRule adjust,
      WriteCondition condition,
      Optional<Sha256> expected)
      throws StorageException {
    Move move = new Move(source, size, target, key, adjust, condition, expected);
    if (size <= limits.bufferLimit()) {
      return buffered(move);
    }
    Semaphore free = streams.computeIfAbsent(target.site(), _ -> new Semaphore(STREAMS));
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for other streams", e);
    }
    try {
      return size <= Math.min(limits.multipartAbove(), target.profile().singlePutLimit())
          ? streamed(move)
          : inParts(move);
    } finally {
      free.release();
    }
  }

  private record Move(
      ObjectSource source,
      long size,
      ObjectStore target,
      ObjectKey key,
      AttributesRule adjust,
      WriteCondition condition,
      Optional<Sha256> expected) {

    WriteReceipt put(ObjectAttributes attributes, WriteBody body) throws StorageException {
      return target.put(new PutRequest(key, adjust.apply(attributes), body, condition));
    }

    Move expecting(Sha256 sha256) {
      return new Move(source, size, target, key, adjust, condition, Optional.of(sha256));
    }

    void requireSize(long found) throws StorageException {
      if (size != found) {
        throw new StorageException.PreconditionFailed(
            source.site(), "GetObject", "%s has %d bytes, %d expected".formatted(key, found, size));
      }
    }

    void requireExpected(Sha256 found) throws StorageException {
      if (expected.isPresent() && !expected.get().equals(found)) {
        throw corrupt(target, key, expected.get(), found);
      }
    }

    /// What the target acknowledged, once it is proved.
    Transferred proved(
        WriteReceipt receipt, Sha256 sha256, ObjectAttributes attributes, ContentLook look)
        throws StorageException {
      prove(target, key, receipt, sha256);
      return new Transferred(receipt, sha256, attributes, size, look);
    }
  }

  /// What a target gets of the source's attributes.
  @FunctionalInterface
  public interface AttributesRule {
    /// The attributes to write.
    ObjectAttributes apply(ObjectAttributes source);
  }

  /// Lets the target check the source's entity tag as an MD5. Where it disagrees, either the bytes
  /// were damaged on their way from the source or the tag only looks like an MD5: a second read
  /// that gives the same bytes tells that the tag is none.
  private Transferred buffered(Move move) throws StorageException {
    Sha256 firstRead;
    try (BufferedObject object = move.source.readWhole(pool)) {
      firstRead = object.body().sha256();
      move.requireSize(object.body().length());
      move.requireExpected(firstRead);
      WriteBody.Buffered body = object.body().withContentMd5(md5(object.md5(), move.target));
      try {
        WriteReceipt receipt = move.put(object.attributes(), body);
        ContentLook look = ContentLook.of(body.data(), body.offset(), body.size());
        return move.proved(receipt, firstRead, object.attributes(), look);
      } catch (StorageException.CorruptBody e) {
        requireDisagreement(e, object.md5(), move.target);
      }
    }
    return streamed(move.expecting(firstRead), false);
  }

  /// As [#buffered], with the bytes proved by their own hash when they are sent again.
  private static Transferred streamed(Move move) throws StorageException {
    try {
      return streamed(move, true);
    } catch (StorageException.CorruptBody e) {
      if (!e.site().equals(move.target.site())) {
        throw e;
      }
      return streamed(move, false);
    }
  }

  /// Passes when the target refused bytes for an MD5 that the source told of them.
  private static void requireDisagreement(
      StorageException.CorruptBody refused, Optional<String> told, ObjectStore target)
      throws StorageException {
    if (!refused.site().equals(target.site()) || md5(told, target).isEmpty()) {
      throw refused;
    }
  }

  private static Transferred streamed(Move move, boolean tagAsMd5) throws StorageException {
    try (ObjectBody body = move.source.open(new ByteRange.All())) {
      move.requireSize(body.length());
      ObjectAttributes attributes = attributes(move.source, body.head());
      MessageDigest digest = Sha256.newDigest();
      Optional<String> md5 = tagAsMd5 ? md5(body.head().md5(), move.target) : Optional.empty();
      CheckedStream passing = checked(body, digest, move.expected);
      WriteReceipt receipt =
          move.put(attributes, new WriteBody.Streamed(passing, body.length(), md5));
      return move.proved(receipt, Sha256.ofBytes(digest.digest()), attributes, passing.look());
    }
  }

  private static Transferred inParts(Move move) throws StorageException {
    PartPlan plan = partPlan(move.size, move.target, move.key);
    ObjectAttributes attributes;
    try (ObjectBody first = move.source.open(new ByteRange.Slice(0, 1))) {
      move.requireSize(first.head().size());
      attributes = attributes(move.source, first.head());
    }
    MultipartUpload upload =
        move.target.beginMultipart(
            move.key, move.adjust.apply(attributes), MultipartUpload.Parts.SENT);
    boolean completed = false;
    try {
      MessageDigest digest = Sha256.newDigest();
      List<UploadedPart> parts = new ArrayList<>();
      Optional<ContentLook> look = Optional.empty();
      for (int number = 1; number <= plan.parts(); number++) {
        Part part = movePart(move, upload, number, plan.slice(number), digest);
        digest = part.digest();
        look = look.or(() -> Optional.of(part.look()));
        parts.add(part.uploaded());
      }
      Sha256 sha256 = Sha256.ofBytes(digest.digest());
      move.requireExpected(sha256);
      WriteReceipt receipt = move.target.completeMultipart(upload, parts, move.condition);
      completed = true;
      return move.proved(receipt, sha256, attributes, look.orElseThrow());
    } finally {
      if (!completed) {
        abandon(move.target, upload);
      }
    }
  }

  private static ObjectAttributes attributes(ObjectSource source, ObjectHead head)
      throws StorageException {
    return head.attributes().withTags(source.tags(head));
  }

  private record Part(UploadedPart uploaded, MessageDigest digest, ContentLook look) {}

  /// A part is hashed into a copy of the digest, so that a part that is sent again is not hashed
  /// twice.
  private static Part movePart(
      Move move, MultipartUpload upload, int number, ByteRange.Slice slice, MessageDigest before)
      throws StorageException {
    for (int attempt = 1; ; attempt++) {
      MessageDigest digest = copyOf(before);
      try (ObjectBody body = move.source.open(slice)) {
        CheckedStream passing = checked(body, digest, Optional.empty());
        UploadedPart part =
            move.target.uploadPart(
                upload, number, new WriteBody.Streamed(passing, body.length(), Optional.empty()));
        return new Part(part, digest, passing.look());
      } catch (StorageException e) {
        if (!e.retryable() || attempt == TRIES_PER_PART) {
          throw e;
        }
      }
    }
  }

  private static CheckedStream checked(
      ObjectBody body, MessageDigest digest, Optional<Sha256> expected) {
    return new CheckedStream(body.stream(), digest, body.length(), expected);
  }

  /// What the source told, for targets that check it: so the whole way from the source is checked.
  private static Optional<String> md5(Optional<String> told, ObjectStore target) {
    return target.profile().etagIsMd5() ? told : Optional.empty();
  }

  /// Proves that what was written has the bytes with this hash, by what the provider said of it or
  /// by reading it back.
  ///
  /// @throws StorageException.CorruptBody when it has others
  public static void prove(ObjectStore target, ObjectKey key, WriteReceipt receipt, Sha256 sha256)
      throws StorageException {
    switch (receipt.proof()) {
      case CHECKSUM_MATCHED -> {}
      case READ_BACK_NEEDED -> {
        Sha256 found = hash(target, key, receipt.written());
        if (!found.equals(sha256)) {
          throw corrupt(target, key, sha256, found);
        }
      }
    }
  }

  /// Reads a revision to its end and hashes it.
  public static Sha256 hash(ObjectStore store, ObjectKey key, Revision revision)
      throws StorageException {
    try (ObjectBody body = store.open(key, revision, new ByteRange.All())) {
      return hash(body, store.site());
    }
  }

  /// Reads an opened object to its end and hashes it.
  public static Sha256 hash(ObjectBody body, SiteName site) throws StorageException {
    try {
      MessageDigest digest = Sha256.newDigest();
      byte[] buffer = new byte[128 << 10];
      for (int count = body.stream().read(buffer); count >= 0; count = body.stream().read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return Sha256.ofBytes(digest.digest());
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          site, "GetObject", "the body ended early: " + e.getMessage(), e);
    }
  }

  private static PartPlan partPlan(long size, ObjectStore target, ObjectKey key)
      throws StorageException {
    try {
      return PartPlan.of(size, target.profile());
    } catch (IllegalArgumentException e) {
      throw new StorageException.Rejected(
          target.site(),
          "PutObject",
          400,
          "EntityTooLarge",
          "%s: %s".formatted(key, e.getMessage()));
    }
  }

  private static StorageException corrupt(
      ObjectStore target, ObjectKey key, Sha256 wanted, Sha256 found) {
    return new StorageException.CorruptBody(
        target.site(),
        "PutObject",
        "%s: sha-256 %s expected, %s found".formatted(key, wanted.hex(), found.hex()));
  }

  private static MessageDigest copyOf(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
    }
  }

  /// An upload that cannot be aborted now is found by the sweep for stale uploads.
  @SuppressWarnings("EmptyCatch")
  private static void abandon(ObjectStore target, MultipartUpload upload) {
    try {
      target.abortMultipart(upload);
    } catch (StorageException e) {
      // The failure that led here is the one to report.
    }
  }
}
