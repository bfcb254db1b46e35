package org.vistadr.storage.s3;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.UploadedPart;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.WriteReceipt.Proof;

/// The calls that send bytes: PutObject and UploadPart. Safe for many threads.
final class S3Writes {

  private final SiteConfig site;
  private final SignedCalls calls;
  private final S3Reads reads;
  private final S3Locks locks;

  S3Writes(SiteConfig site, SignedCalls calls, S3Reads reads, S3Locks locks) {
    this.site = site;
    this.calls = calls;
    this.reads = reads;
    this.locks = locks;
  }

  WriteReceipt put(PutRequest request) throws StorageException {
    if (!site.profile().conditionalPut()) {
      lookBefore("PutObject", request.key(), request.condition());
    }
    S3Call call = S3Call.ofKey("PutObject", "PUT", request.key());
    call.headers().putAll(AttributeHeaders.of(request.attributes(), site.profile()));
    call.headers().putAll(locks.headers(request.key()));
    if (site.profile().conditionalPut()) {
      switch (request.condition()) {
        case WriteCondition.Always _ -> {}
        case WriteCondition.Absent _ -> call.withHeader("if-none-match", "*");
        case WriteCondition.Matching(String etag) ->
            call.withHeader("if-match", "\"" + etag + "\"");
      }
    }
    try {
      Sent sent = send(call, request.body());
      return new WriteReceipt(sent.versionId(), sent.etag(), sent.proof());
    } catch (StorageException.NotFound e) {
      if (request.condition() instanceof WriteCondition.Matching) {
        throw new StorageException.PreconditionFailed(
            site.name(), "PutObject", "%s: no object there".formatted(calls.target(call)));
      }
      throw e;
    }
  }

  UploadedPart uploadPart(MultipartUpload upload, int number, WriteBody body)
      throws StorageException {
    S3Call call =
        S3Call.ofKey("UploadPart", "PUT", upload.key())
            .with("partNumber", Integer.toString(number))
            .with("uploadId", upload.uploadId());
    Sent sent = send(call, body);
    return new UploadedPart(number, sent.etag(), body.length(), sent.proof());
  }

  /// Refuses when the target is not in the wanted state. A look, not a lock.
  void lookBefore(String operation, ObjectKey key, WriteCondition condition)
      throws StorageException {
    switch (condition) {
      case WriteCondition.Always _ -> {}
      case WriteCondition.Absent _ -> {
        Optional<ObjectHead> found = headIfPresent(key);
        if (found.isPresent()) {
          throw new StorageException.PreconditionFailed(
              site.name(),
              operation,
              "%s: there is an object already, entity tag %s"
                  .formatted(SignedCalls.quoted(key), found.get().etag()));
        }
      }
      case WriteCondition.Matching(String etag) -> {
        String found = headIfPresent(key).map(ObjectHead::etag).orElse("(no object)");
        if (!found.equals(etag)) {
          throw new StorageException.PreconditionFailed(
              site.name(),
              operation,
              "%s: wanted entity tag %s, found %s".formatted(SignedCalls.quoted(key), etag, found));
        }
      }
    }
  }

  private Optional<ObjectHead> headIfPresent(ObjectKey key) throws StorageException {
    try {
      return Optional.of(reads.head(key, Revision.CURRENT));
    } catch (StorageException.NotFound _) {
      return Optional.empty();
    }
  }

  private record Sent(Optional<VersionId> versionId, String etag, Proof proof) {}

  private Sent send(S3Call call, WriteBody body) throws StorageException {
    return switch (body) {
      case WriteBody.Buffered buffered -> buffered(call, buffered);
      case WriteBody.Streamed streamed -> {
        Optional<byte[]> told = streamed.contentMd5().map(HexFormat.of()::parseHex);
        told.ifPresent(
            md5 -> call.withHeader("content-md5", Base64.getEncoder().encodeToString(md5)));
        boolean trailer = needsTrailer(call, streamed);
        SentStream entity =
            new SentStream(streamed.stream(), streamed.length(), told.isEmpty(), trailer);
        if (trailer) {
          entity.headers(call.headers());
        }
        S3Call full =
            call.withBody(
                new S3Call.Body(entity, trailer ? SigV4Signer.TRAILER : SigV4Signer.UNSIGNED),
                streamed.length());
        try (HttpAnswer answer = calls.send(full)) {
          byte[] md5 = told.orElseGet(entity::md5);
          yield proved(full, answer, md5);
        }
      }
    };
  }

  /// Buckets that lock objects want a checksum of what they are given; of a stream it is known at
  /// its end.
  private boolean needsTrailer(S3Call call, WriteBody.Streamed body) {
    return body.contentMd5().isEmpty()
        && site.profile().checksums() != ProviderProfile.Checksums.MD5_ONLY
        && call.key().flatMap(locks::of).isPresent();
  }

  private Sent buffered(S3Call call, WriteBody.Buffered body) throws StorageException {
    byte[] md5 =
        body.contentMd5()
            .map(HexFormat.of()::parseHex)
            .orElseGet(() -> Md5.of(body.data(), body.offset(), body.size()));
    var bytes = new Payload.Bytes(body.data(), body.offset(), body.size());
    S3Call full =
        call.withHeader("content-md5", Base64.getEncoder().encodeToString(md5))
            .withBody(new S3Call.Body(bytes, body.sha256().hex()), body.size());
    try (HttpAnswer answer = calls.send(full)) {
      return proved(full, answer, md5);
    }
  }

  /// @param md5 of the bytes that were to be sent
  private Sent proved(S3Call call, HttpAnswer answer, byte[] md5) throws StorageException {
    calls.read(call, answer);
    String etag = Etags.unquoted(answer.header("etag").orElse(""));
    if (etag.isEmpty()) {
      throw calls.unproved(call, "the write was answered without an entity tag");
    }
    Proof proof =
        Etags.prove(site.profile(), etag, md5, answer)
            .orElseThrow(() ->
                new StorageException.CorruptBody(
                    site.name(),
                    call.operation(),
                    "%s: sent bytes with MD5 %s, the site stored bytes with MD5 %s"
                        .formatted(calls.target(call), HexFormat.of().formatHex(md5), etag)));
    return new Sent(
        answer.header("x-amz-version-id").filter(id -> !id.isEmpty()).map(VersionId::new),
        etag,
        proof);
  }
}
