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

  /// The MD5 of fewer bytes costs too little to ask the site for more.
  private static final int WORTH_CRC32C = 64 << 10;

  private final SiteConfig site;
  private final SignedCalls calls;
  private final S3Reads reads;
  private final S3Locks locks;
  private final Crc32cTrust trust;

  S3Writes(SiteConfig site, SignedCalls calls, S3Reads reads, S3Locks locks, Crc32cTrust trust) {
    this.site = site;
    this.calls = calls;
    this.reads = reads;
    this.locks = locks;
    this.trust = trust;
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
      Sent sent = send(call, request.body(), byCrc32c(request.body()));
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
    Sent sent = send(call, body, upload.crc32c());
    return new UploadedPart(number, sent.etag(), body.length(), sent.crc32c(), sent.proof());
  }

  /// Where somebody told the MD5, the site checks that of the bytes, all the way from the source.
  private boolean byCrc32c(WriteBody body) {
    Optional<String> told =
        switch (body) {
          case WriteBody.Buffered buffered -> buffered.contentMd5();
          case WriteBody.Streamed streamed -> streamed.contentMd5();
        };
    return told.isEmpty() && body.length() >= WORTH_CRC32C && trust.holds();
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

  private record Sent(
      Optional<VersionId> versionId, String etag, Optional<String> crc32c, Proof proof) {}

  /// What was sent has these checksums; the answer must tell one of them.
  ///
  /// @param md5 as long as it is the entity tag
  /// @param crc32c in Base64
  private record Sums(Optional<byte[]> md5, Optional<String> crc32c) {}

  /// @param byCrc32c whether the site checks the bytes by their CRC32C
  private Sent send(S3Call call, WriteBody body, boolean byCrc32c) throws StorageException {
    return switch (body) {
      case WriteBody.Buffered buffered -> buffered(call, buffered, byCrc32c);
      case WriteBody.Streamed streamed -> streamed(call, streamed, byCrc32c);
    };
  }

  private Sent streamed(S3Call call, WriteBody.Streamed body, boolean byCrc32c)
      throws StorageException {
    Optional<byte[]> told = body.contentMd5().map(HexFormat.of()::parseHex);
    boolean trailer = byCrc32c || needsTrailer(call, body);
    boolean hashed = told.isEmpty() && !byCrc32c;
    SentStream entity = new SentStream(body.stream(), body.length(), hashed, trailer);
    if (trailer) {
      SentStream.headers(call.headers(), body.length());
    } else {
      told.ifPresent(md5 -> contentMd5(call, md5));
    }
    S3Call full =
        call.withBody(
            new S3Call.Body(entity, trailer ? SigV4Signer.TRAILER : SigV4Signer.UNSIGNED),
            body.length());
    try (HttpAnswer answer = calls.send(full)) {
      Optional<String> crc32c = byCrc32c ? Optional.of(entity.crc32c()) : Optional.empty();
      return proved(full, answer, new Sums(told.or(entity::md5), crc32c));
    }
  }

  /// Buckets that lock objects want a checksum of what they are given; of a stream it is known at
  /// its end.
  private boolean needsTrailer(S3Call call, WriteBody.Streamed body) {
    return body.contentMd5().isEmpty()
        && site.profile().checksums() != ProviderProfile.Checksums.MD5_ONLY
        && call.key().flatMap(locks::of).isPresent();
  }

  private Sent buffered(S3Call call, WriteBody.Buffered body, boolean byCrc32c)
      throws StorageException {
    Optional<byte[]> md5 = body.contentMd5().map(HexFormat.of()::parseHex);
    Optional<String> crc32c = Optional.empty();
    if (byCrc32c) {
      crc32c = Optional.of(Crc32c.of(body.data(), body.offset(), body.size()));
      call.withHeader(Crc32c.HEADER, crc32c.get());
    } else if (md5.isEmpty()) {
      md5 = Optional.of(Md5.of(body.data(), body.offset(), body.size()));
    }
    md5.ifPresent(sum -> contentMd5(call, sum));
    var bytes = new Payload.Bytes(body.data(), body.offset(), body.size());
    S3Call full = call.withBody(new S3Call.Body(bytes, body.sha256().hex()), body.size());
    try (HttpAnswer answer = calls.send(full)) {
      return proved(full, answer, new Sums(md5, crc32c));
    }
  }

  private static void contentMd5(S3Call call, byte[] md5) {
    call.withHeader("content-md5", Base64.getEncoder().encodeToString(md5));
  }

  private Sent proved(S3Call call, HttpAnswer answer, Sums sent) throws StorageException {
    calls.read(call, answer);
    String etag = Etags.unquoted(answer.header("etag").orElse(""));
    if (etag.isEmpty()) {
      throw calls.unproved(call, "the write was answered without an entity tag");
    }
    boolean matched = false;
    if (sent.md5().isPresent()) {
      matched = provedByTag(call, answer, etag, sent.md5().get());
    }
    if (sent.crc32c().isPresent()) {
      matched |= provedByCrc32c(call, answer, sent.crc32c().get());
    }
    return new Sent(
        answer.header("x-amz-version-id").filter(id -> !id.isEmpty()).map(VersionId::new),
        etag,
        sent.crc32c(),
        matched ? Proof.CHECKSUM_MATCHED : Proof.READ_BACK_NEEDED);
  }

  private boolean provedByTag(S3Call call, HttpAnswer answer, String etag, byte[] md5)
      throws StorageException {
    Proof proof =
        Etags.prove(site.profile(), etag, md5, answer)
            .orElseThrow(() -> corrupt(call, "MD5", HexFormat.of().formatHex(md5), etag));
    return proof == Proof.CHECKSUM_MATCHED;
  }

  private boolean provedByCrc32c(S3Call call, HttpAnswer answer, String crc32c)
      throws StorageException {
    Optional<String> told = answer.header(Crc32c.HEADER).filter(text -> !text.isEmpty());
    if (told.isEmpty()) {
      trust.missing(call.operation());
      return false;
    }
    if (!told.get().equals(crc32c)) {
      throw corrupt(call, "CRC32C", crc32c, told.get());
    }
    return true;
  }

  private StorageException corrupt(S3Call call, String kind, String sent, String stored) {
    return new StorageException.CorruptBody(
        site.name(),
        call.operation(),
        "%s: sent bytes with %s %s, the site stored bytes with %s %s"
            .formatted(calls.target(call), kind, sent, kind, stored));
  }
}
