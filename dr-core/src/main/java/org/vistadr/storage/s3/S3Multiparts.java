package org.vistadr.storage.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.UploadedPart;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.WriteReceipt.Proof;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/// Multipart uploads but for the parts' bytes, through the SDK. Safe for many threads.
final class S3Multiparts {

  private final SiteConfig site;
  private final S3Client client;
  private final SdkCalls sdk;
  private final S3Reads reads;
  private final S3Writes writes;
  private final S3Locks locks;
  private final Crc32cTrust trust;

  S3Multiparts(
      SiteConfig site,
      S3Client client,
      S3Reads reads,
      S3Writes writes,
      S3Locks locks,
      Crc32cTrust trust) {
    this.site = site;
    this.client = client;
    this.sdk = new SdkCalls(site.name());
    this.reads = reads;
    this.writes = writes;
    this.locks = locks;
    this.trust = trust;
  }

  MultipartUpload begin(ObjectKey key, ObjectAttributes attributes, MultipartUpload.Parts parts)
      throws StorageException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder().bucket(site.bucket()).key(key.value());
    attributes.contentType().ifPresent(request::contentType);
    attributes.contentEncoding().ifPresent(request::contentEncoding);
    attributes.contentDisposition().ifPresent(request::contentDisposition);
    attributes.contentLanguage().ifPresent(request::contentLanguage);
    attributes.cacheControl().ifPresent(request::cacheControl);
    attributes
        .expires()
        .ifPresent(text -> request.overrideConfiguration(o -> o.putHeader("Expires", text)));
    AttributeHeaders.storageClass(attributes, site.profile()).ifPresent(request::storageClass);
    if (!attributes.userMetadata().isEmpty()) {
      request.metadata(AttributeHeaders.metadata(attributes));
    }
    if (site.profile().tagging() && !attributes.tags().isEmpty()) {
      request.tagging(AttributeHeaders.tagging(attributes.tags()));
    }
    locks
        .of(key)
        .ifPresent(lock ->
            request
                .objectLockMode(lock.mode().name())
                .objectLockRetainUntilDate(locks.until(lock)));
    boolean crc32c = parts == MultipartUpload.Parts.SENT && trust.holds();
    if (crc32c) {
      request.checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
    }
    CreateMultipartUploadResponse answer =
        sdk.run(
            "CreateMultipartUpload",
            SignedCalls.quoted(key),
            () -> client.createMultipartUpload(request.build()));
    return new MultipartUpload(
        key, need(answer.uploadId(), "CreateMultipartUpload", key, "an upload id"), crc32c);
  }

  UploadedPart copyPart(MultipartUpload upload, int number, CopySource source, ByteRange range)
      throws StorageException {
    UploadPartCopyRequest.Builder request =
        UploadPartCopyRequest.builder()
            .destinationBucket(site.bucket())
            .destinationKey(upload.key().value())
            .uploadId(upload.uploadId())
            .partNumber(number)
            .sourceBucket(source.bucket())
            .sourceKey(source.key().value());
    switch (source.revision()) {
      case Revision.Current _ -> {}
      case Revision.Version(VersionId versionId) -> request.sourceVersionId(versionId.value());
      case Revision.Matching(String etag) -> request.copySourceIfMatch("\"" + etag + "\"");
    }
    long size;
    switch (range) {
      case ByteRange.All _ -> {
        if (!source.bucket().equals(site.bucket())) {
          throw new IllegalArgumentException(
              "copying a whole object of another bucket into a part needs its range");
        }
        size = reads.head(source.key(), source.revision()).size();
      }
      case ByteRange.Slice(long offset, long length) -> {
        request.copySourceRange("bytes=%d-%d".formatted(offset, offset + length - 1));
        size = length;
      }
    }
    UploadPartCopyResponse answer =
        sdk.run(
            "UploadPartCopy",
            SignedCalls.quoted(upload.key()),
            () -> client.uploadPartCopy(request.build()));
    @Nullable String etag = answer.copyPartResult() == null ? null : answer.copyPartResult().eTag();
    return new UploadedPart(
        number,
        Etags.unquoted(need(etag, "UploadPartCopy", upload.key(), "an entity tag")),
        size,
        Optional.empty(),
        Proof.READ_BACK_NEEDED);
  }

  WriteReceipt complete(MultipartUpload upload, List<UploadedPart> parts, WriteCondition condition)
      throws StorageException {
    writes.lookBefore("CompleteMultipartUpload", upload.key(), condition);
    CompleteMultipartUploadRequest.Builder request =
        CompleteMultipartUploadRequest.builder()
            .bucket(site.bucket())
            .key(upload.key().value())
            .uploadId(upload.uploadId())
            .multipartUpload(all ->
                all.parts(
                    parts.stream()
                        .map(part ->
                            CompletedPart.builder()
                                .partNumber(part.number())
                                .eTag("\"" + part.etag() + "\"")
                                .checksumCRC32C(part.crc32c().orElse(null))
                                .build())
                        .toList()));
    if (site.profile().conditionalPut()) {
      switch (condition) {
        case WriteCondition.Always _ -> {}
        case WriteCondition.Absent _ -> request.ifNoneMatch("*");
        case WriteCondition.Matching(String etag) -> request.ifMatch("\"" + etag + "\"");
      }
    }
    CompleteMultipartUploadResponse answer =
        sdk.run(
            "CompleteMultipartUpload",
            SignedCalls.quoted(upload.key()),
            () -> client.completeMultipartUpload(request.build()));
    return proved(upload, parts, answer);
  }

  /// A success of the call is not believed alone: some stores answer without entity tag, so the
  /// object is looked at.
  private WriteReceipt proved(
      MultipartUpload upload, List<UploadedPart> parts, CompleteMultipartUploadResponse answer)
      throws StorageException {
    Optional<VersionId> versionId =
        Optional.ofNullable(answer.versionId()).filter(id -> !id.isEmpty()).map(VersionId::new);
    Revision revision =
        versionId
            .filter(id -> !id.isNull())
            .<Revision>map(Revision.Version::new)
            .orElse(Revision.CURRENT);
    ObjectHead head = reads.head(upload.key(), revision);
    long expected = parts.stream().mapToLong(UploadedPart::size).sum();
    if (head.size() != expected) {
      throw new StorageException.CorruptBody(
          site.name(),
          "CompleteMultipartUpload",
          "%s: the parts have %d bytes, the object has %d"
              .formatted(SignedCalls.quoted(upload.key()), expected, head.size()));
    }
    String told = Etags.unquoted(answer.eTag() == null ? "" : answer.eTag());
    if (!told.isEmpty() && !told.equals(head.etag())) {
      throw new StorageException.Unproved(
          site.name(),
          "CompleteMultipartUpload",
          "%s: completed as %s, found %s"
              .formatted(SignedCalls.quoted(upload.key()), told, head.etag()));
    }
    requireComposite(upload, parts, answer);
    boolean allProved = parts.stream().allMatch(part -> part.proof() == Proof.CHECKSUM_MATCHED);
    return new WriteReceipt(
        versionId.or(head::versionId),
        head.etag(),
        allProved ? Proof.CHECKSUM_MATCHED : Proof.READ_BACK_NEEDED);
  }

  /// The object is made of these parts in this order, where the site tells it.
  private void requireComposite(
      MultipartUpload upload, List<UploadedPart> parts, CompleteMultipartUploadResponse answer)
      throws StorageException {
    List<String> sums = parts.stream().flatMap(part -> part.crc32c().stream()).toList();
    @Nullable String told = answer.checksumCRC32C();
    if (told == null || !told.contains("-") || sums.size() != parts.size()) {
      return;
    }
    String expected = Crc32c.composite(sums);
    if (!told.equals(expected)) {
      throw new StorageException.CorruptBody(
          site.name(),
          "CompleteMultipartUpload",
          "%s: the parts have CRC32C %s, the object has %s"
              .formatted(SignedCalls.quoted(upload.key()), expected, told));
    }
  }

  void abort(MultipartUpload upload) throws StorageException {
    try {
      sdk.run(
          "AbortMultipartUpload",
          SignedCalls.quoted(upload.key()),
          () ->
              client.abortMultipartUpload(request ->
                  request
                      .bucket(site.bucket())
                      .key(upload.key().value())
                      .uploadId(upload.uploadId())));
    } catch (StorageException.NotFound _) {
      // Nothing to give up.
    } catch (StorageException.Rejected e) {
      if (!e.code().equals("NoSuchUpload")) {
        throw e;
      }
    }
  }

  List<MultipartUpload> stale(Instant begunBefore) throws StorageException {
    List<MultipartUpload> stale = new ArrayList<>();
    @Nullable String keyMarker = null;
    @Nullable String uploadMarker = null;
    while (true) {
      String keyFrom = keyMarker;
      String uploadFrom = uploadMarker;
      ListMultipartUploadsResponse page =
          sdk.run(
              "ListMultipartUploads",
              "bucket " + site.bucket(),
              () ->
                  client.listMultipartUploads(request ->
                      request.bucket(site.bucket()).keyMarker(keyFrom).uploadIdMarker(uploadFrom)));
      page.uploads().stream()
          .filter(upload -> upload.initiated() != null && upload.initiated().isBefore(begunBefore))
          .forEach(upload ->
              stale.add(
                  new MultipartUpload(new ObjectKey(upload.key()), upload.uploadId(), false)));
      if (!Boolean.TRUE.equals(page.isTruncated())) {
        return stale;
      }
      if (page.nextKeyMarker() == null
          || (page.nextKeyMarker().equals(keyMarker)
              && java.util.Objects.equals(page.nextUploadIdMarker(), uploadMarker))) {
        throw new StorageException.Unproved(
            site.name(),
            "ListMultipartUploads",
            "bucket %s: truncated without a marker that goes forward".formatted(site.bucket()));
      }
      keyMarker = page.nextKeyMarker();
      uploadMarker = page.nextUploadIdMarker();
    }
  }

  private String need(@Nullable String text, String operation, ObjectKey key, String what)
      throws StorageException {
    if (text == null || text.isEmpty()) {
      throw new StorageException.Unproved(
          site.name(),
          operation,
          "%s: answered without %s".formatted(SignedCalls.quoted(key), what));
    }
    return text;
  }
}
