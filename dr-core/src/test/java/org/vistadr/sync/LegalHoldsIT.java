package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.Hold;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.protect.LegalHolds;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Copies of what people hold, in a bucket that locks objects, on a MinIO from the PATH: they have
/// a legal hold as long as anything holds them and no longer, whatever cuts a run off.
final class LegalHoldsIT {

  private static final SiteName COPY = new SiteName("copy");
  private static final ObjectLock LOCK =
      new ObjectLock(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(4), true);

  @TempDir Path directory;
  private Catalog catalog;
  private ObjectStore primary;
  private ObjectStore copy;

  @BeforeEach
  void open() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    catalog = Catalog.open(directory.resolve("catalog"), Clock.systemUTC());
    primary = TestS3.open(TestS3.versioned(SiteName.PRIMARY));
    SiteConfig site =
        S3Servers.site(S3Servers.minio().orElseThrow(), COPY, TestS3.freshName(), "minio")
            .withLock(Optional.of(LOCK));
    TestS3.admin(site, BucketAdmin::createLockingBucket);
    copy = ObjectStores.open(site, Clock.systemUTC());
    catalog.declareSecondaries(List.of(COPY));
    for (String key : List.of("case/1", "case/2", "other")) {
      put(key, "1");
    }
    put("case/1", "2");
    sync();
  }

  @AfterEach
  void close() {
    if (catalog != null) {
      catalog.close();
      primary.close();
      copy.close();
    }
  }

  @Test
  void whatIsHeldHasALegalHoldUntilNothingHoldsItAnyMore() throws Exception {
    Hold below = hold(true, "case/");
    Hold one = hold(false, "case/1");
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(3, 0, 0));
    assertThat(held("case/1")).containsExactly(true, true);
    assertThat(held("case/2")).containsExactly(true);
    assertThat(held("other")).containsExactly(false);
    assertThat(catalog.legalHolds().count(COPY)).isEqualTo(3);

    // What comes later is held by the next run, and nothing is asked for twice.
    put("case/2", "2");
    sync();
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(1, 0, 0));
    assertThat(held("case/2")).containsExactly(true, true);
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(0, 0, 0));

    remove(below);
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(0, 0, 2));
    assertThat(held("case/1")).containsExactly(true, true);
    assertThat(held("case/2")).containsExactly(false, false);
    remove(one);
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(0, 0, 2));
    assertThat(held("case/1")).containsExactly(false, false);
    assertThat(catalog.legalHolds().count(COPY)).isZero();
    // The retention is as it was.
    assertThat(state("case/1").getFirst().mode()).contains(ObjectLock.Mode.GOVERNANCE);
  }

  @Test
  void whatAHeldCheckpointShowsHasALegalHold() throws Exception {
    Instant first =
        catalog.versions().history(new ObjectKey("case/2")).newestFirst().getFirst().lastModified();
    Instant now = Instant.now();
    catalog
        .checkpoints()
        .add(
            new NamedCheckpoint(
                new CheckpointName("audit"), first.plusSeconds(3600), now, "admin", "", true));
    run(copy);
    assertThat(held("case/1")).containsExactly(true, false);
    assertThat(held("other")).containsExactly(true);
    catalog.checkpoints().hold(new CheckpointName("audit"), false);
    assertThat(run(copy).lifted()).isEqualTo(3);
    assertThat(held("other")).containsExactly(false);
  }

  @Test
  void aRunThatWasCutOffIsFollowedByAnotherAndLeavesNothingBehind() throws Exception {
    Hold hold = hold(true, "case/");
    AtomicInteger calls = new AtomicInteger();
    ObjectStore dying =
        new ForwardingObjectStore(copy) {
          @Override
          public void legalHold(ObjectKey key, VersionId version, boolean on)
              throws StorageException {
            super.legalHold(key, version, on);
            if (calls.incrementAndGet() == 1) {
              // The answer is lost, or the process ended here.
              throw new StorageException.Unavailable(
                  COPY, "PutObjectLegalHold", "cut off", new java.io.IOException("test"));
            }
          }
        };
    assertThatThrownBy(() -> run(dying)).isInstanceOf(StorageException.Unavailable.class);
    // It is on and not recorded as set; the hold goes before another run.
    remove(hold);
    run(copy);
    assertThat(held("case/1")).containsExactly(false, false);
    assertThat(held("case/2")).containsExactly(false);
    assertThat(catalog.legalHolds().list(COPY, Optional.empty(), 10)).isEmpty();
  }

  @Test
  void aLegalHoldOfSomebodyElseIsLeftAlone() throws Exception {
    RecordedVersion version =
        catalog.versions().history(new ObjectKey("other")).newestFirst().getFirst();
    ReplicaLog.Replica replica = catalog.replicas().find(COPY, version.id()).orElseThrow();
    copy.legalHold(replica.location(), replica.remoteVersion().orElseThrow(), true);
    Hold hold = hold(false, "other");
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(0, 1, 0));
    remove(hold);
    assertThat(run(copy)).isEqualTo(new LegalHolds.Report(0, 0, 0));
    assertThat(held("other")).containsExactly(true);
  }

  @Test
  void aRefusalIsToldAndNothingIsRecordedAsHeld() throws Exception {
    hold(true, "case/");
    ObjectStore refusing =
        new ForwardingObjectStore(copy) {
          @Override
          public void legalHold(ObjectKey key, VersionId version, boolean on)
              throws StorageException {
            throw new StorageException.AccessDenied(
                COPY, "PutObjectLegalHold", "AccessDenied", "not allowed");
          }
        };
    assertThatThrownBy(() -> run(refusing))
        .isInstanceOf(StorageException.AccessDenied.class)
        .hasMessageContaining("not allowed");
    assertThat(catalog.legalHolds().count(COPY)).isZero();
    assertThat(run(copy).held()).isEqualTo(3);
  }

  private LegalHolds.Report run(ObjectStore store) throws StorageException {
    try (LegalHolds holds = new LegalHolds(catalog, Map.of(COPY, store), Clock.systemUTC())) {
      return holds.run(COPY);
    }
  }

  private Hold hold(boolean prefix, String text) {
    return catalog
        .holds()
        .add(new Hold(0, prefix, text, "a case", Instant.now(), "admin"))
        .orElseThrow();
  }

  private void remove(Hold hold) {
    catalog.holds().remove(hold.id(), "admin", "closed", Instant.now());
  }

  /// Whether the copies of a key have a legal hold, the newest first.
  private List<Boolean> held(String key) throws StorageException {
    return state(key).stream().map(ObjectLock.State::legalHold).toList();
  }

  private List<ObjectLock.State> state(String key) throws StorageException {
    List<ObjectLock.State> states = new java.util.ArrayList<>();
    for (ReplicaLog.Replica replica : catalog.replicas().ofKey(COPY, new ObjectKey(key))) {
      states.add(copy.lock(replica.location(), replica.remoteVersion().orElseThrow()));
    }
    return states;
  }

  private void sync() throws Exception {
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
  }

  private void put(String key, String text) throws StorageException {
    primary.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }
}
