package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Repair;
import org.vistadr.protect.Scrub;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// Wrong copies are made good from whatever good copy there is, and only with the hash of the
/// version; where there is none, that is what is said.
final class ScrubRepairIT {

  private static final long ALL = Long.MAX_VALUE;
  private static final ObjectKey KEY = new ObjectKey("plans/one.txt");

  @Test
  void anotherSecondaryStandsInForAPrimaryThatLostIt() throws Exception {
    try (SyncRig rig = rig()) {
      RecordedVersion lost = version(rig, 0);
      write(rig.unversioned, "something else");
      loseAtPrimary(rig, lost);
      rig.synchronizer.scan();
      repairedFrom(rig, SyncRig.UNVERSIONED, lost, SyncRig.VERSIONED);
      ReplicaLog.Replica again = replica(rig, SyncRig.UNVERSIONED, lost);
      assertThat(SyncRig.text(rig.unversioned, again.location(), Revision.CURRENT))
          .isEqualTo("third");
      assertThat(
              rig.unversioned.head(again.location(), Revision.CURRENT).attributes().contentType())
          .contains("image/jpeg");
      // The primary shows the version before since.
      assertThat(SyncRig.current(rig.unversioned, KEY.value())).contains("second");
    }
  }

  /// The scan that would tell comes later.
  @Test
  void aLossThatTheCatalogDoesNotKnowOfYetIsNoticedByTheRepair() throws Exception {
    try (SyncRig rig = rig()) {
      RecordedVersion lost = version(rig, 0);
      write(rig.unversioned, "something else");
      loseAtPrimary(rig, lost);
      repairedFrom(rig, SyncRig.UNVERSIONED, lost, SyncRig.VERSIONED);
      assertThat(
              SyncRig.text(
                  rig.unversioned,
                  replica(rig, SyncRig.UNVERSIONED, lost).location(),
                  Revision.CURRENT))
          .isEqualTo("third");
    }
  }

  /// It may not become current over the newer one.
  @Test
  void anOlderVersionIsPutBackAside() throws Exception {
    try (SyncRig rig = rig()) {
      RecordedVersion lost = version(rig, 1);
      ReplicaLog.Replica there = replica(rig, SyncRig.VERSIONED, lost);
      rig.versioned.deleteVersion(KEY, there.remoteVersion().orElseThrow());
      loseAtPrimary(rig, lost);
      rig.synchronizer.scan();
      repairedFrom(rig, SyncRig.VERSIONED, lost, SyncRig.UNVERSIONED);
      assertThat(SyncRig.current(rig.versioned, KEY.value())).contains("third");
      ReplicaLog.Replica again = replica(rig, SyncRig.VERSIONED, lost);
      assertThat(again.aside()).isTrue();
      assertThat(SyncRig.text(rig.versioned, again.location(), Revision.CURRENT))
          .isEqualTo("second");
    }
  }

  @Test
  void aCopyThatIsAFindingItselfIsNotCopiedFrom() throws Exception {
    try (SyncRig rig = rig()) {
      RecordedVersion lost = version(rig, 0);
      write(rig.unversioned, "something else");
      ReplicaLog.Replica other = replica(rig, SyncRig.VERSIONED, lost);
      rig.versioned.deleteVersion(KEY, other.remoteVersion().orElseThrow());
      loseAtPrimary(rig, lost);
      rig.synchronizer.scan();
      Scrub scrub = scrub(rig);
      scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0);
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      Finding finding = finding(rig, SyncRig.UNVERSIONED);
      assertThat(scrub.repair(finding, "operator"))
          .isEqualTo(
              new Repair.NoGoodCopy(
                  Optional.of(
                      new Repair.Version(KEY, version(rig, 1).effectiveAt(), SiteName.PRIMARY))));
      // Nothing was taken back for nothing.
      assertThat(rig.catalog.replicas().find(SyncRig.UNVERSIONED, lost.id())).isPresent();

      // It can be given up, and then nothing relies on it.
      assertThat(scrub.acknowledge(finding, "lost in the fire", "operator")).isEmpty();
      assertThat(rig.catalog.replicas().find(SyncRig.UNVERSIONED, lost.id())).isEmpty();
      assertThat(rig.catalog.queue().ofKey(SyncRig.UNVERSIONED, KEY))
          .filteredOn(row -> row.version().id() == lost.id())
          .singleElement()
          .satisfies(row -> assertThat(row.state()).isEqualTo(ReplicaState.WAIVED));
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isZero();
    }
  }

  @Test
  void whatCanBeRepairedIsNotGivenUp() throws Exception {
    try (SyncRig rig = rig()) {
      write(rig.unversioned, "something else");
      Scrub scrub = scrub(rig);
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      Finding finding = finding(rig, SyncRig.UNVERSIONED);
      assertThat(scrub.acknowledge(finding, "no matter", "operator"))
          .contains("there is a good copy of it, so it can be repaired");
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isOne();
    }
  }

  /// What is known of the other copy was true once. Its bytes are proved as they are copied.
  @Test
  void aBadCopyElsewhereIsNeverTakenAndTheRepairSaysSo() throws Exception {
    try (SyncRig rig = rig()) {
      RecordedVersion lost = version(rig, 0);
      write(rig.unversioned, "something else");
      loseAtPrimary(rig, lost);
      rig.synchronizer.scan();
      Scrub scrub = scrub(rig);
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      Finding finding = finding(rig, SyncRig.UNVERSIONED);
      assertThat(scrub.repair(finding, "operator"))
          .isEqualTo(new Repair.Copying(SyncRig.VERSIONED));
      rig.versioned.deleteVersion(
          KEY, replica(rig, SyncRig.VERSIONED, lost).remoteVersion().orElseThrow());
      for (int i = 0; i < SyncSettings.DEFAULT.giveUpAfter(); i++) {
        rig.clock.forward(Duration.ofDays(1));
        rig.replicate();
      }
      scrub = scrub(rig);
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      assertThat(rig.catalog.findings().find(finding.id()).orElseThrow())
          .satisfies(now -> {
            assertThat(now.state()).isEqualTo(Finding.State.OPEN);
            assertThat(now.detail())
                .contains("could not be copied again")
                .contains("no other copy could be taken");
          });
      assertThat(rig.catalog.replicas().find(SyncRig.UNVERSIONED, lost.id())).isEmpty();
    }
  }

  @Test
  void whatARepairLeavesBehindIsNobodysWarning() throws Exception {
    try (SyncRig rig = rig()) {
      Scrub good = scrub(rig);
      // A damaged version is found by reading back: the server says something else than was
      // written.
      RecordedVersion damaged = version(rig, 0);
      rig.catalog
          .findings()
          .found(
              SyncRig.VERSIONED,
              damaged.id(),
              Finding.Kind.CORRUPT,
              rig.clock.instant(),
              "bits were lost",
              Optional.of(
                  new FindingLog.Place(
                      KEY,
                      replica(rig, SyncRig.VERSIONED, damaged).remoteVersion(),
                      Optional.empty())));
      good.repair(finding(rig, SyncRig.VERSIONED), "operator");
      // Nothing is adopted that was found to be wrong.
      rig.replicate();
      assertThat(good.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0).findings()).isZero();
      assertThat(rig.catalog.findings().open(SyncRig.VERSIONED, FindingLog.Concern.ALL)).isZero();
      assertThat(
              rig.catalog
                  .findings()
                  .list(Finding.State.ACKNOWLEDGED, FindingLog.Concern.EXTRA, 0, 10))
          .singleElement()
          .satisfies(left ->
              assertThat(left.reason()).contains("left behind when finding 1 was repaired"));
    }
  }

  /// As MinIO does: what it knows to be damaged it neither reads nor copies, and its entity tag is
  /// still that of the good bytes.
  @Test
  void whatTheServerCannotReadIsReplacedInPlace() throws Exception {
    try (SyncRig rig = rig()) {
      Damaged damaged = new Damaged(rig.unversioned);
      rig.restart(rig.primary, List.of(rig.versioned, damaged));
      Scrub scrub =
          new Scrub(
              rig.catalog,
              rig.primary,
              Map.<SiteName, ObjectStore>of(SyncRig.UNVERSIONED, damaged),
              rig.clock);
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.READ_BACK, ALL).findings()).isOne();
      assertThat(finding(rig, SyncRig.UNVERSIONED).kind()).isEqualTo(Finding.Kind.CORRUPT);
      scrub.repair(finding(rig, SyncRig.UNVERSIONED), "operator");
      rig.replicate();
      assertThat(damaged.isDamaged).isFalse();
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.READ_BACK, ALL).findings()).isZero();
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isZero();
      assertThat(SyncRig.current(rig.unversioned, KEY.value())).contains("third");
    }
  }

  private static void repairedFrom(SyncRig rig, SiteName at, RecordedVersion version, SiteName from)
      throws Exception {
    Scrub scrub = scrub(rig);
    assertThat(scrub.run(at, ScrubDepth.LISTING, 0).findings()).isOne();
    Finding finding = finding(rig, at);
    assertThat(finding.versionId()).isEqualTo(version.id());
    assertThat(scrub.repair(finding, "operator")).isEqualTo(new Repair.Copying(from));
    rig.replicate();
    Finding copied = rig.catalog.findings().find(finding.id()).orElseThrow();
    assertThat(copied.state()).isEqualTo(Finding.State.BEING_REPAIRED);
    assertThat(copied.source()).contains(from);
    assertThat(scrub.run(at, ScrubDepth.LISTING, 0).findings()).isZero();
    assertThat(rig.catalog.findings().find(finding.id()).orElseThrow().state())
        .isEqualTo(Finding.State.REPAIRED);
    assertThat(scrub.run(at, ScrubDepth.READ_BACK, ALL).findings()).isZero();
  }

  private static SyncRig rig() throws Exception {
    SyncRig rig = new SyncRig(true);
    for (String text : List.of("first", "second", "third")) {
      rig.put(KEY.value(), text);
      rig.sync();
    }
    return rig;
  }

  /// @param age 0 is the newest
  private static RecordedVersion version(SyncRig rig, int age) {
    return rig.catalog.versions().history(KEY).newestFirst().get(age);
  }

  private static ReplicaLog.Replica replica(SyncRig rig, SiteName at, RecordedVersion version) {
    return rig.catalog.replicas().find(at, version.id()).orElseThrow();
  }

  private static void loseAtPrimary(SyncRig rig, RecordedVersion version) throws StorageException {
    rig.primary.deleteVersion(KEY, version.versionId());
  }

  private static Finding finding(SyncRig rig, SiteName at) {
    return rig.catalog.scrub().list(Finding.State.OPEN, 0, 10).stream()
        .filter(finding -> finding.secondary().equals(at))
        .findFirst()
        .orElseThrow();
  }

  private static Scrub scrub(SyncRig rig) {
    return new Scrub(
        rig.catalog,
        rig.primary,
        Map.<SiteName, ObjectStore>of(
            SyncRig.VERSIONED, rig.versioned, SyncRig.UNVERSIONED, rig.unversioned),
        rig.clock);
  }

  private static void write(ObjectStore store, String text) throws StorageException {
    store.put(
        new PutRequest(
            KEY,
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }

  /// A server that knows that the bytes of the key are damaged, until they are written anew.
  private static final class Damaged extends ForwardingObjectStore {

    private boolean isDamaged = true;

    Damaged(ObjectStore store) {
      super(store);
    }

    private void refuse(ObjectKey key, String operation) throws StorageException {
      if (isDamaged && key.equals(KEY)) {
        throw new StorageException.Throttled(
            site(), operation, "HTTP 503 SlowDownRead (Resource requested is unreadable)");
      }
    }

    @Override
    public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
        throws StorageException {
      refuse(key, "GetObject");
      return super.open(key, revision, range);
    }

    @Override
    public WriteReceipt copy(
        CopySource source,
        ObjectKey target,
        Optional<ObjectAttributes> attributes,
        WriteCondition condition)
        throws StorageException {
      refuse(source.key(), "CopyObject");
      return super.copy(source, target, attributes, condition);
    }

    @Override
    public WriteReceipt put(PutRequest request) throws StorageException {
      WriteReceipt receipt = super.put(request);
      isDamaged &= !request.key().equals(KEY);
      return receipt;
    }
  }
}
