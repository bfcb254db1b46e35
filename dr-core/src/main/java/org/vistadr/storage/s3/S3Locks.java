package org.vistadr.storage.s3;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;

/// Object locks: the headers of a write to a bucket that locks, and the calls that read and renew a
/// lock. Safe for many threads.
final class S3Locks {

  private final SiteConfig site;
  private final SignedCalls calls;
  private final InstantSource clock;

  S3Locks(SiteConfig site, SignedCalls calls, InstantSource clock) {
    this.site = site;
    this.calls = calls;
    this.clock = clock;
  }

  /// How an object of this key is locked when it is written; empty when it is not.
  Optional<ObjectLock> of(ObjectKey key) {
    return site.lock().filter(lock -> lock.covers(key));
  }

  /// Until when one is locked that is written now.
  Instant until(ObjectLock lock) {
    return lock.until(clock.instant());
  }

  /// The headers of a write.
  Map<String, String> headers(ObjectKey key) {
    Map<String, String> headers = new TreeMap<>();
    of(key)
        .ifPresent(lock -> {
          headers.put("x-amz-object-lock-mode", lock.mode().name());
          headers.put("x-amz-object-lock-retain-until-date", until(lock).toString());
        });
    return headers;
  }

  /// From the head of the object: servers that do not know the call for it answer that one with the
  /// object's bytes.
  ObjectLock.State read(ObjectKey key, VersionId version) throws StorageException {
    S3Call call = S3Call.ofKey("HeadObject", "HEAD", key).with("versionId", version.value());
    try (HttpAnswer answer = calls.send(call)) {
      Optional<ObjectLock.Mode> mode =
          answer.header("x-amz-object-lock-mode").flatMap(S3Locks::mode);
      Optional<String> until = answer.header("x-amz-object-lock-retain-until-date");
      boolean held =
          answer
              .header("x-amz-object-lock-legal-hold")
              .filter(value -> value.strip().equalsIgnoreCase("ON"))
              .isPresent();
      return mode.isEmpty() || until.isEmpty()
          ? new ObjectLock.State(Optional.empty(), Optional.empty(), held)
          : new ObjectLock.State(mode, Optional.of(Instant.parse(until.get().strip())), held);
    } catch (DateTimeException e) {
      throw calls.unproved(call, e.getMessage());
    }
  }

  void renew(ObjectKey key, VersionId version, ObjectLock.Mode mode, Instant until)
      throws StorageException {
    set(
        S3Call.ofKey("PutObjectRetention", "PUT", key).with("retention", ""),
        version,
        "<Retention xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Mode>%s</Mode><RetainUntilDate>%s</RetainUntilDate></Retention>"
            .formatted(mode.name(), until));
  }

  void legalHold(ObjectKey key, VersionId version, boolean on) throws StorageException {
    set(
        S3Call.ofKey("PutObjectLegalHold", "PUT", key).with("legal-hold", ""),
        version,
        "<LegalHold xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>%s</Status></LegalHold>"
            .formatted(on ? "ON" : "OFF"));
  }

  private void set(S3Call unpinned, VersionId version, String document) throws StorageException {
    byte[] body = document.getBytes(StandardCharsets.UTF_8);
    S3Call call =
        unpinned
            .with("versionId", version.value())
            .withHeader(
                "content-md5", Base64.getEncoder().encodeToString(Md5.of(body, 0, body.length)))
            .withBody(
                new S3Call.Body(
                    new Payload.Bytes(body, 0, body.length),
                    Sha256.digest(body, 0, body.length).hex()),
                body.length);
    try (HttpAnswer answer = calls.send(call)) {
      calls.read(call, answer);
    }
  }

  private static Optional<ObjectLock.Mode> mode(String text) {
    return java.util.Arrays.stream(ObjectLock.Mode.values())
        .filter(mode -> mode.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst();
  }
}
