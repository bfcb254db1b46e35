package org.vistadr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.ObjectLock.Mode;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.transfer.ObjectTransfer;

/// Locks on real servers: what is written is locked however it is written, a lock is renewed and
/// never shortened, and ours that are removed again are not locked.
final class ObjectLockTest {

  private static final ObjectLock LOCK = new ObjectLock(Mode.GOVERNANCE, Duration.ofDays(2), false);

  @ParameterizedTest
  @ValueSource(strings = {"minio", "moto"})
  void whatIsWrittenIsLockedHoweverItIsWritten(String server) throws Exception {
    Instant before = Instant.now().minusSeconds(60);
    try (ObjectStore store = locking(server, LOCK)) {
      byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
      ObjectKey small = new ObjectKey("small");
      VersionId put = put(store, small, WriteBody.Buffered.of(bytes)).versionId().orElseThrow();
      requireLocked(store, small, put, before);

      // Streams whose hash nobody knows before: empty, one chunk, chunks and a rest.
      for (int size : List.of(0, 1, 256 << 10, (700 << 10) + 3)) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        ObjectKey key = new ObjectKey("streamed/" + size);
        WriteReceipt receipt =
            put(
                store,
                key,
                new WriteBody.Streamed(new ByteArrayInputStream(data), size, Optional.empty()));
        requireLocked(store, key, receipt.versionId().orElseThrow(), before);
        assertThat(ObjectTransfer.hash(store, key, receipt.written()))
            .isEqualTo(Sha256.digest(data, 0, size));
        assertThat(store.head(key, receipt.written()).attributes().contentEncoding()).isEmpty();
      }

      ObjectKey large = new ObjectKey("large");
      MultipartUpload upload =
          store.beginMultipart(large, ObjectAttributes.NONE, MultipartUpload.Parts.SENT);
      List<UploadedPart> parts = new ArrayList<>();
      byte[] part = new byte[5 << 20];
      for (int number = 1; number <= 2; number++) {
        parts.add(
            store.uploadPart(
                upload,
                number,
                new WriteBody.Streamed(
                    new ByteArrayInputStream(part), part.length, Optional.empty())));
      }
      WriteReceipt whole = store.completeMultipart(upload, parts, WriteCondition.ALWAYS);
      if (!server.equals("moto")) {
        // It forgets what an upload was begun with; the next round of renewals finds that.
        requireLocked(store, large, whole.versionId().orElseThrow(), before);
      }
      assertThat(store.head(large, Revision.CURRENT).size()).isEqualTo(2L * part.length);

      ObjectKey copy = new ObjectKey("copy");
      WriteReceipt copied =
          store.copy(
              new CopySource(store.bucket(), small, Revision.CURRENT),
              copy,
              Optional.empty(),
              WriteCondition.ALWAYS);
      requireLocked(store, copy, copied.versionId().orElseThrow(), before);

      ObjectKey segment = new ObjectKey(".vistadr/catalog/1/2");
      requireLocked(
          store,
          segment,
          put(store, segment, WriteBody.Buffered.of(bytes)).versionId().orElseThrow(),
          before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio", "moto"})
  void aLockedVersionStaysAndTheLockIsRenewed(String server) throws Exception {
    try (ObjectStore store = locking(server, LOCK)) {
      ObjectKey key = new ObjectKey("a");
      VersionId version =
          put(store, key, WriteBody.Buffered.of(new byte[] {1})).versionId().orElseThrow();
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> store.deleteVersion(key, version));
      // A deletion is a marker and goes through.
      assertThat(store.delete(key, WriteCondition.ALWAYS)).isPresent();
      Instant later = store.lock(key, version).until().orElseThrow().plus(Duration.ofDays(5));
      store.renewLock(key, version, Mode.GOVERNANCE, later);
      assertThat(store.lock(key, version))
          .isEqualTo(new ObjectLock.State(Optional.of(Mode.GOVERNANCE), Optional.of(later)));
      if (server.equals("minio")) {
        assertThatExceptionOfType(StorageException.class)
            .isThrownBy(() ->
                store.renewLock(key, version, Mode.GOVERNANCE, later.minus(Duration.ofDays(1))));
      }
      assertThat(store.open(key, new Revision.Version(version), new ByteRange.All()).length())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio", "moto"})
  void aLegalHoldIsSetAndLiftedAndTheRetentionStays(String server) throws Exception {
    try (ObjectStore store =
        locking(server, new ObjectLock(Mode.GOVERNANCE, LOCK.retain(), true))) {
      ObjectKey key = new ObjectKey("a");
      VersionId version =
          put(store, key, WriteBody.Buffered.of(new byte[] {1})).versionId().orElseThrow();
      // Not every copy gets one: only what somebody holds.
      ObjectLock.State written = store.lock(key, version);
      assertThat(written.legalHold()).isFalse();
      store.legalHold(key, version, true);
      assertThat(store.lock(key, version))
          .isEqualTo(new ObjectLock.State(written.mode(), written.until(), true));
      store.legalHold(key, version, false);
      assertThat(store.lock(key, version)).isEqualTo(written);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio", "moto"})
  void whatIsRemovedAgainAtOnceIsNotLocked(String server) throws Exception {
    try (ObjectStore store = locking(server, LOCK)) {
      ObjectKey key = new ObjectKey(".vistadr/check/1");
      VersionId version =
          put(store, key, WriteBody.Buffered.of(new byte[] {1})).versionId().orElseThrow();
      assertThat(store.lock(key, version)).isEqualTo(ObjectLock.State.NONE);
      store.deleteVersion(key, version);
    }
  }

  private static void requireLocked(
      ObjectStore store, ObjectKey key, VersionId version, Instant before) throws StorageException {
    ObjectLock.State state = store.lock(key, version);
    assertThat(state.mode()).as(key.value()).contains(Mode.GOVERNANCE);
    assertThat(state.until().orElseThrow())
        .isBetween(LOCK.until(before), LOCK.until(before.plusSeconds(600)));
  }

  private static WriteReceipt put(ObjectStore store, ObjectKey key, WriteBody body)
      throws StorageException {
    return store.put(new PutRequest(key, ObjectAttributes.NONE, body, WriteCondition.ALWAYS));
  }

  private static ObjectStore locking(String server, ObjectLock lock) {
    Optional<S3Servers.Running> running =
        server.equals("moto") ? S3Servers.moto() : S3Servers.minio();
    assumeThat(running).as("a server " + server).isPresent();
    SiteConfig site =
        S3Servers.site(
                running.get(),
                SiteName.PRIMARY,
                TestS3.freshName(),
                server.equals("moto") ? "generic" : "minio")
            .withLock(Optional.of(lock));
    TestS3.admin(site, BucketAdmin::createLockingBucket);
    return ObjectStores.open(site, Clock.systemUTC());
  }
}
