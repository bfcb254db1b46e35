package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.LockLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Locks;
import org.vistadr.segments.SegmentWriter;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Copies in a bucket that locks them, on a MinIO from the PATH: locked when they are written,
/// renewed as long as they must be kept, segments too.
final class LocksIT {

  private static final SiteName COPY = new SiteName("copy");
  private static final ObjectLock LOCK =
      new ObjectLock(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(4), false);

  @TempDir Path directory;

  @Test
  void copiesAreLockedAndRenewedAsLongAsTheyMustBeKept() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    try (Catalog catalog = Catalog.open(directory.resolve("catalog"), Clock.systemUTC());
        ObjectStore primary = TestS3.open(TestS3.versioned(SiteName.PRIMARY));
        ObjectStore copy = locking()) {
      catalog.declareSecondaries(List.of(COPY));
      for (String key : List.of("kept", "replaced", "may-go")) {
        put(primary, key, "1");
      }
      put(primary, "replaced", "2");
      try (Synchronizer synchronizer =
          new Synchronizer(
              catalog,
              primary,
              List.of(Secondary.of(copy)),
              SyncSettings.DEFAULT,
              SyncListener.NONE,
              Clock.systemUTC(),
              RandomGenerator.getDefault())) {
        synchronizer.scan();
        synchronizer.replicate(COPY);
      }
      new SegmentWriter(
              catalog.segments(),
              copy,
              directory,
              4 << 20,
              Clock.systemUTC(),
              RandomGenerator.getDefault())
          .write();

      Instant[] now = {Instant.now()};
      InstantSource clock = () -> now[0];
      Locks locks =
          new Locks(
              catalog,
              Map.of(COPY, new Locks.Locked(copy, LOCK)),
              _ -> version -> !version.key().value().equals("may-go"),
              clock);
      assertThat(locks.refusal(COPY)).isEmpty();
      // All are fresh: one catalog segment and four versions.
      assertThat(locks.run(COPY)).isEqualTo(new Locks.Report(5, 0));
      assertThat(catalog.locks().lastRound(COPY)).map(LockLog.Round::looked).contains(4L);

      now[0] = now[0].plus(Duration.ofDays(2));
      assertThat(locks.run(COPY).renewed()).isEqualTo(4);
      Instant renewed = LOCK.until(now[0]);
      for (String key : List.of("kept", "replaced")) {
        for (RecordedVersion version :
            catalog.versions().history(new ObjectKey(key)).newestFirst()) {
          ReplicaLog.Replica replica = catalog.replicas().find(COPY, version.id()).orElseThrow();
          assertThat(copy.lock(replica.location(), replica.remoteVersion().orElseThrow()).until())
              .as(key)
              .contains(renewed);
        }
      }
      RecordedVersion free =
          catalog.versions().history(new ObjectKey("may-go")).newestFirst().getFirst();
      assertThat(
              copy.lock(
                      free.key(),
                      catalog
                          .replicas()
                          .find(COPY, free.id())
                          .orElseThrow()
                          .remoteVersion()
                          .orElseThrow())
                  .until()
                  .orElseThrow())
          .isBefore(renewed);
      // Nothing is asked for twice.
      assertThat(locks.run(COPY).renewed()).isZero();
    }
  }

  @Test
  void aBucketThatCannotLockIsRefusedWithTheReason() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    SiteConfig site =
        S3Servers.site(S3Servers.minio().orElseThrow(), COPY, TestS3.freshName(), "minio");
    TestS3.admin(site, BucketAdmin::createBucket);
    try (ObjectStore store = TestS3.open(site);
        ObjectStore proxy = TestS3.open(TestS3.versioned(COPY))) {
      assertThat(Locks.problem(store).orElseThrow()).contains("keeps no versions");
      TestS3.admin(site, BucketAdmin::enableVersioning);
      assertThat(Locks.problem(store).orElseThrow()).contains("made without object lock");
      assertThat(Locks.problem(proxy)).isPresent();
    }
  }

  private static ObjectStore locking() {
    SiteConfig site =
        S3Servers.site(S3Servers.minio().orElseThrow(), COPY, TestS3.freshName(), "minio")
            .withLock(Optional.of(LOCK));
    TestS3.admin(site, BucketAdmin::createLockingBucket);
    return ObjectStores.open(site, Clock.systemUTC());
  }

  private static void put(ObjectStore bucket, String key, String text) throws StorageException {
    bucket.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }
}
