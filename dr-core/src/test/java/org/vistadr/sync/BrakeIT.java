package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.AuditLog;
import org.vistadr.catalog.HeldRows;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BucketProof;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.model.Suspicion;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Mass deletions and overwrites on real servers: nothing of them reaches a secondary before a
/// person decided, and what is written meanwhile does.
class BrakeIT {

  private static final int KEYS = 50;

  @Test
  void aMassDeletionIsHeldFromTheMomentItIsRecordedUntilItIsReleased() throws Exception {
    try (SyncRig rig = rig(true)) {
      for (int i = 0; i < 20; i++) {
        rig.delete(key(i));
      }
      ScanReport report = rig.synchronizer.scan();
      assertThat(report.suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.DELETIONS);
      assertThat(rig.catalog.brake().state().engaged()).isTrue();
      Instant before = ((Lag.Known) rig.lag(SyncRig.VERSIONED)).recoveryPoint();
      rig.replicate();
      assertEverythingIsThere(rig);
      assertThat(rig.catalog.held().count(SyncRig.VERSIONED)).isEqualTo(20);
      assertThat(((Lag.Known) rig.lag(SyncRig.VERSIONED)).recoveryPoint()).isEqualTo(before);

      // What is written meanwhile is copied, and a restart changes nothing.
      rig.put("new", "content");
      rig.restart();
      rig.delete(key(30));
      rig.sync();
      assertThat(SyncRig.current(rig.versioned, "new")).contains("content");
      assertThat(SyncRig.current(rig.unversioned, "new")).contains("content");
      assertEverythingIsThere(rig);
      assertThat(rig.catalog.brake().state().engaged()).isTrue();
      assertThat(rig.catalog.held().count(SyncRig.UNVERSIONED)).isEqualTo(21);

      rig.catalog.brake().disengage(event("held-released"));
      rig.replicate();
      assertThat(SyncRig.current(rig.versioned, key(0))).isEmpty();
      assertThat(SyncRig.current(rig.unversioned, key(30))).isEmpty();
      assertThat(SyncRig.current(rig.unversioned, key(40))).contains("first");
      assertThat(rig.catalog.held().count(SyncRig.VERSIONED)).isZero();
      assertReachesTheLastScan(rig);
      assertThat(rig.synchronizer.scan().suspicions()).isEmpty();
      assertThat(rig.catalog.audit().list(AuditLog.Filter.ALL, Optional.empty(), 10))
          .extracting(AuditEvent::action)
          .containsExactly("held-released", "brake-engaged");
    }
  }

  @Test
  void discardedDeletionsNeverArriveAndTheRecoveryPointGoesOn() throws Exception {
    try (SyncRig rig = rig(false)) {
      for (int i = 0; i < 20; i++) {
        rig.delete(key(i));
      }
      rig.sync();
      assertEverythingIsThere(rig);
      for (SiteName secondary : List.of(SyncRig.VERSIONED, SyncRig.UNVERSIONED)) {
        HeldRows.Scope all =
            new HeldRows.Scope(Optional.empty(), rig.catalog.brake().state().judgedThrough());
        assertThat(rig.catalog.held().discard(secondary, all, "a mistake")).isEqualTo(20);
        assertThat(rig.catalog.queue().backlog(secondary).waived()).isEqualTo(20);
      }
      rig.catalog.brake().disengage(event("held-discarded"));
      rig.replicate();
      assertEverythingIsThere(rig);
      assertReachesTheLastScan(rig);
      // A later deletion is one of its own.
      rig.put(key(0), "again");
      rig.sync();
      rig.delete(key(0));
      rig.sync();
      assertThat(SyncRig.current(rig.versioned, key(0))).isEmpty();
    }
  }

  @Test
  void heldDeletionsOfAPrefixGoAloneAndTheBrakeStays() throws Exception {
    try (SyncRig rig = rig(true)) {
      for (int i = 0; i < 20; i++) {
        rig.delete(key(i));
      }
      rig.sync();
      long through = rig.catalog.brake().state().judgedThrough();
      assertThat(
              rig.catalog
                  .held()
                  .release(
                      SyncRig.VERSIONED, new HeldRows.Scope(Optional.of("projects/1"), through)))
          .isEqualTo(10);
      rig.replicate();
      assertThat(SyncRig.current(rig.versioned, key(10))).isEmpty();
      assertThat(SyncRig.current(rig.versioned, key(9))).contains("first");
      assertThat(SyncRig.current(rig.unversioned, key(10))).contains("first");
      assertThat(rig.catalog.brake().state().engaged()).isTrue();
    }
  }

  @Test
  void aFewDeletionsGoOnOnceTheScanThatFoundThemIsJudged() throws Exception {
    try (SyncRig rig = rig(true)) {
      rig.delete(key(0));
      assertThat(rig.synchronizer.scan().suspicions()).isEmpty();
      assertThat(rig.catalog.held().count(SyncRig.VERSIONED)).isEqualTo(1);
      rig.replicate();
      assertThat(SyncRig.current(rig.versioned, key(0))).isEmpty();
      assertThat(SyncRig.history(rig.versioned, key(0))).containsExactly("first", "-");
    }
  }

  @Test
  void manySmallScansOfOneWindowCountTogether() throws Exception {
    try (SyncRig rig = rig(true)) {
      for (int i = 0; i < 19; i++) {
        rig.delete(key(i));
      }
      assertThat(rig.synchronizer.scan().suspicions()).isEmpty();
      rig.delete(key(19));
      assertThat(rig.synchronizer.scan().suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.DELETIONS);
    }
  }

  @Test
  void hintsLetFewerDeletionsThroughThanWouldBeSuspicious() throws Exception {
    try (SyncRig rig = rig(true)) {
      for (int i = 0; i < 40; i++) {
        rig.delete(key(i));
        rig.synchronizer.look(new ObjectKey(key(i)));
      }
      rig.replicate();
      assertThat(SyncRig.current(rig.versioned, key(19))).isEmpty();
      assertThat(SyncRig.current(rig.versioned, key(20))).contains("first");
      assertThat(rig.catalog.held().count(SyncRig.VERSIONED)).isEqualTo(20);
      assertThat(rig.synchronizer.scan().suspicions()).hasSize(1);
      rig.replicate();
      assertThat(SyncRig.current(rig.versioned, key(20))).contains("first");
    }
  }

  @Test
  void massOverwritesEngageTheBrakeAndAreKeptAsHistory() throws Exception {
    try (SyncRig rig = rig(true)) {
      for (int i = 0; i < 25; i++) {
        rig.put(key(i), "first, but encrypted");
      }
      assertThat(rig.synchronizer.scan().suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.ENCRYPTION);
      rig.replicate();
      assertThat(SyncRig.history(rig.versioned, key(0)))
          .containsExactly("first", "first, but encrypted");
    }
  }

  @Test
  void anEmptiedUnversionedBucketIsHeld() throws Exception {
    try (SyncRig rig = rig(false)) {
      for (int i = 0; i < KEYS; i++) {
        rig.delete(key(i));
      }
      rig.primary.delete(BucketMark.KEY, WriteCondition.ALWAYS);
      assertThat(rig.synchronizer.scan().suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.EMPTIED, Suspicion.DELETIONS);
      rig.replicate();
      assertEverythingIsThere(rig);
    }
  }

  @Test
  void anotherBucketBehindTheNameIsRefusedBeforeAnythingOfItIsRecorded() throws Exception {
    try (SyncRig rig = rig(true)) {
      assertThat(rig.catalog.brake().state().proof()).isEqualTo(BucketProof.MARKED);
      mark(rig, "vistadr-bucket: 00112233445566778899aabbccddeeff");
      rig.put("foreign", "content");
      assertThatThrownBy(rig.synchronizer::scan)
          .isInstanceOf(StorageException.Unproved.class)
          .hasMessageContaining("another bucket answers to the name");
      assertThat(rig.catalog.brake().state().reasons())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.OTHER_BUCKET);
      assertThat(rig.catalog.versions().history(new ObjectKey("foreign")).newestFirst()).isEmpty();
      // A person accepts it.
      rig.catalog.brake().disengage(event("held-released"));
      rig.sync();
      assertThat(rig.catalog.brake().state().mark()).contains("00112233445566778899aabbccddeeff");
      assertThat(SyncRig.current(rig.versioned, "foreign")).contains("content");
    }
  }

  @Test
  void aSpoiledMarkIsWrittenAnewInABucketThatIsRecognised() throws Exception {
    try (SyncRig rig = rig(true)) {
      Optional<String> mark = rig.catalog.brake().state().mark();
      mark(rig, "encrypted");
      rig.synchronizer.scan();
      assertThat(rig.catalog.brake().state().proof()).isEqualTo(BucketProof.RECOGNISED);
      rig.synchronizer.scan();
      assertThat(rig.catalog.brake().state().proof()).isEqualTo(BucketProof.MARKED);
      assertThat(rig.catalog.brake().state().mark()).isEqualTo(mark);
    }
  }

  @Test
  void versioningThatIsSwitchedOffEngagesTheBrake() throws Exception {
    try (SyncRig rig = rig(true)) {
      rig.suspendVersioning();
      assertThat(rig.synchronizer.scan().suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.VERSIONING_OFF);
    }
  }

  @Test
  void contentThatComesBackIsNoOverwrite() throws Exception {
    BrakeLimits noMemory =
        new BrakeLimits(
            EnumSet.allOf(Suspicion.class), 20, 0.10, 50_000, 0.30, 0.05, 5_000, Duration.ZERO);
    try (SyncRig rig = rig(true)) {
      List<ObjectStore> secondaries = List.of(rig.versioned, rig.unversioned);
      rig.restart(rig.primary, secondaries, SyncSettings.DEFAULT.withBrake(BrakeLimits.NONE));
      for (int i = 0; i < 20; i++) {
        rig.put(key(i), "second");
      }
      rig.sync();
      rig.restart(rig.primary, secondaries, SyncSettings.DEFAULT.withBrake(noMemory));
      for (int i = 0; i < 20; i++) {
        rig.put(key(i), "first");
      }
      assertThat(rig.synchronizer.scan().suspicions()).isEmpty();
      for (int i = 0; i < 20; i++) {
        rig.put(key(i), "third");
      }
      assertThat(rig.synchronizer.scan().suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.OVERWRITES);
    }
  }

  /// A primary with objects that both secondaries have.
  private static SyncRig rig(boolean versioned) throws Exception {
    SyncRig rig = new SyncRig(versioned);
    rig.restart(rig.primary, List.of(rig.versioned, rig.unversioned), SyncSettings.DEFAULT);
    for (int i = 0; i < KEYS; i++) {
      rig.put(key(i), "first");
    }
    rig.sync();
    // The second scan finds the bucket by its mark.
    rig.sync();
    return rig;
  }

  private static void assertEverythingIsThere(SyncRig rig) throws Exception {
    for (int i = 0; i < KEYS; i++) {
      assertThat(SyncRig.current(rig.versioned, key(i))).contains("first");
      assertThat(SyncRig.current(rig.unversioned, key(i))).contains("first");
    }
  }

  private static void assertReachesTheLastScan(SyncRig rig) {
    assertThat(((Lag.Known) rig.lag(SyncRig.VERSIONED)).recoveryPoint())
        .isEqualTo(rig.catalog.scans().lastComplete().orElseThrow().startedAt());
    assertThat(rig.catalog.queue().backlog(SyncRig.VERSIONED).held()).isZero();
  }

  private static void mark(SyncRig rig, String text) throws StorageException {
    rig.primary.put(
        new PutRequest(
            BucketMark.KEY,
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }

  private static String key(int number) {
    return "projects/%02d.jpg".formatted(number);
  }

  private static AuditEvent event(String action) {
    return AuditEvent.of(Instant.now(java.time.Clock.systemUTC()), "admin", action, "", "test", "");
  }
}
