package org.vistadr.storage.s3;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;

/// Whether a site proves what it stores by its CRC32C. Some servers answer with the checksum that
/// they were told and never look at the bytes, so it is tried once: a part with a wrong checksum
/// must be refused, and the same part with the right one taken and answered with it. Until then,
/// and where it is not so, writes are proved by MD5. Safe for many threads.
final class Crc32cTrust {

  private static final Logger LOG = LoggerFactory.getLogger(Crc32cTrust.class);

  /// Of an upload that is never completed, so that no object shows there.
  private static final ObjectKey KEY = new ObjectKey(".vistadr/check/crc32c");

  private static final byte[] PART = {'v'};

  /// After a try that the site did not answer, writes go on by MD5 for so long.
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final SiteConfig site;
  private final S3Client client;
  private final SdkCalls sdk;
  private final SignedCalls calls;
  private final InstantSource clock;
  private volatile @Nullable Boolean known;
  private Instant notBefore = Instant.MIN;

  Crc32cTrust(SiteConfig site, S3Client client, SignedCalls calls, InstantSource clock) {
    this.site = site;
    this.client = client;
    this.sdk = new SdkCalls(site.name());
    this.calls = calls;
    this.clock = clock;
    this.known = site.profile().checksCrc32c() ? null : Boolean.FALSE;
  }

  /// Whether a write may rely on it. Asks the site when nobody has.
  boolean holds() {
    Boolean before = known;
    return before == null ? tried() : before;
  }

  /// An answer came without the checksum: from now on nothing relies on it.
  void missing(String operation) {
    doubt(operation + " was answered without it");
  }

  private synchronized boolean tried() {
    Boolean before = known;
    if (before != null) {
      return before;
    }
    if (clock.instant().isBefore(notBefore)) {
      return false;
    }
    try {
      Optional<String> objection = objection();
      objection.ifPresent(this::doubt);
      known = objection.isEmpty();
      return objection.isEmpty();
    } catch (StorageException.Rejected | StorageException.CorruptBody e) {
      doubt(e.getMessage());
      return false;
    } catch (StorageException e) {
      // Says nothing of checksums: the write that asked meets the same, or tells it better.
      LOG.debug("site {}: checksums not tried: {}", site.name(), e.getMessage());
      notBefore = clock.instant().plus(PAUSE);
      return false;
    }
  }

  private void doubt(@Nullable String reason) {
    synchronized (this) {
      if (Boolean.FALSE.equals(known)) {
        return;
      }
      known = Boolean.FALSE;
    }
    LOG.warn(
        "site {}: does not prove writes by CRC32C: {}; MD5 proves them, which costs more CPU",
        site.name(),
        S3Errors.tidy(reason));
  }

  /// Why the site cannot be relied on; empty when it can.
  private Optional<String> objection() throws StorageException {
    String upload =
        sdk.run(
                "CreateMultipartUpload",
                SignedCalls.quoted(KEY),
                () ->
                    client.createMultipartUpload(request ->
                        request
                            .bucket(site.bucket())
                            .key(KEY.value())
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)))
            .uploadId();
    if (upload == null || upload.isEmpty()) {
      return Optional.of("CreateMultipartUpload was answered without an upload id");
    }
    try {
      String right = Crc32c.of(PART, 0, PART.length);
      try {
        send(upload, Crc32c.of(new byte[] {'w'}, 0, 1));
        return Optional.of("it took a part with a wrong checksum");
      } catch (StorageException.CorruptBody | StorageException.Rejected _) {
        // As it should be, if it takes the right one.
      }
      return send(upload, right).equals(Optional.of(right))
          ? Optional.empty()
          : Optional.of("UploadPart was answered without it");
    } finally {
      abandon(upload);
    }
  }

  /// @return the checksum that the site answered with
  private Optional<String> send(String upload, String crc32c) throws StorageException {
    byte[] body =
        (Integer.toHexString(PART.length)
                + "\r\n"
                + new String(PART, StandardCharsets.US_ASCII)
                + "\r\n"
                + SentStream.ending(crc32c))
            .getBytes(StandardCharsets.US_ASCII);
    Map<String, String> headers = new TreeMap<>();
    SentStream.headers(headers, PART.length);
    S3Call call =
        S3Call.ofKey("UploadPart", "PUT", KEY)
            .with("partNumber", "1")
            .with("uploadId", upload)
            .withBody(
                new S3Call.Body(new Payload.Bytes(body, 0, body.length), SigV4Signer.TRAILER),
                PART.length);
    call.headers().putAll(headers);
    try (HttpAnswer answer = calls.send(call)) {
      calls.read(call, answer);
      return answer.header(Crc32c.HEADER);
    }
  }

  /// An upload that cannot be aborted now is found by the sweep for stale uploads.
  @SuppressWarnings("EmptyCatch")
  private void abandon(String upload) {
    try {
      sdk.run(
          "AbortMultipartUpload",
          SignedCalls.quoted(KEY),
          () ->
              client.abortMultipartUpload(
                  request -> request.bucket(site.bucket()).key(KEY.value()).uploadId(upload)));
    } catch (StorageException e) {
      // What was learned holds all the same.
    }
  }
}
