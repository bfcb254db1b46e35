package org.vistadr.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.BucketConfigLog;
import org.vistadr.catalog.CatalogException;
import org.vistadr.catalog.CatalogFact;
import org.vistadr.catalog.PruneLog;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.Entry;
import org.vistadr.model.Hold;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PruneRule;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SettingValue;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// Segments on a real server: written, damaged, lost, cut off and adopted.
final class SegmentsIT {

  @TempDir Path home;

  @Test
  void onlyWhatChangedIsToldAgain() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      var first = rig.tell("a", "one");
      assertThat(first.snapshot()).isTrue();
      assertThat(rig.writer().write()).isEqualTo(new SegmentWriter.Written(0, 0, false, 0));

      rig.tell("b", "two");
      var digest = rig.catalog.segments().digest().orElseThrow().sha256();

      assertThat(rig.segments()).hasSize(2);
      Adopted adopted = rig.adopt();
      assertThat(adopted.uncertain()).isEmpty();
      assertThat(adopted.digest()).contains(digest);
      assertThat(adopted.proved()).isTrue();
      assertThat(adopted.versions()).isEqualTo(2);
    }
  }

  @Test
  void whatIsWaivedOrGivenUpComesBack() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.put("kept", "1");
      rig.put("waived", "2");
      rig.put("given-up", "3");
      rig.synchronizer.scan();
      rig.writer().write();
      for (String key : List.of("waived", "given-up")) {
        long id = rig.catalog.versions().history(new ObjectKey(key)).newestFirst().getFirst().id();
        rig.catalog
            .queue()
            .settle(
                SegmentRig.COPY,
                List.of(new org.vistadr.catalog.ReplicationQueue.Outcome.GivenUp(id, "too large")));
      }
      rig.catalog.queue().waive(SegmentRig.COPY, new ObjectKey("waived"), "not needed");
      rig.writer().write();
      var backlog = rig.catalog.queue().backlog(SegmentRig.COPY);
      assertThat(backlog.waived()).isEqualTo(1);
      assertThat(backlog.givenUp()).isEqualTo(1);
      assertThat(backlog.pendingObjects()).isEqualTo(1);

      Adopted adopted = rig.adopt();

      assertThat(adopted.proved()).isTrue();
      assertThat(rig.catalog.queue().backlog(SegmentRig.COPY)).isEqualTo(backlog);
    }
  }

  @Test
  void bucketConfigurationsComeBackWithWhatWasAccepted() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "1");
      BucketConfigLog log = rig.catalog.bucketConfig();
      Instant at = Instant.parse("2026-11-22T03:00:00Z");
      log.read(tagged("one"), at, at, List.of());
      log.read(tagged("two"), at.plusSeconds(1), at.plusSeconds(1), List.of());
      assertThat(rig.writer().write().segments()).isEqualTo(1);
      assertThat(rig.writer().write().segments()).isZero();
      log.accept(
          2,
          new ConfigVersion.Acceptance(at, "admin", "meant"),
          AuditEvent.of(at, "admin", "x", "y", "z", ""));
      assertThat(rig.writer().write().segments()).isEqualTo(1);
      List<ConfigVersion> before = log.list(Optional.empty(), 10);

      Adopted adopted = rig.adopt();
      assertThat(adopted.proved()).isTrue();
      assertThat(rig.catalog.bucketConfig().list(Optional.empty(), 10)).isEqualTo(before);
      assertThat(rig.catalog.bucketConfig().accepted()).map(ConfigVersion::number).contains(2L);
    }
  }

  private static BucketConfig tagged(String value) {
    return new BucketConfig(
        "b",
        Map.of(
            BucketSetting.TAGS,
            new SettingValue.Configured(
                ConfigNode.of(
                    "Tagging", ConfigNode.leaf("Value", value), ConfigNode.leaf("A", ""))),
            BucketSetting.CORS,
            SettingValue.NOT_SET,
            BucketSetting.POLICY,
            new SettingValue.NotReadable("AccessDenied")));
  }

  @Test
  void checkpointsComeBackAndThoseThatWereDeletedDoNot() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      var kept = checkpoint("pre-release", true);
      rig.catalog.checkpoints().add(kept);
      rig.catalog.checkpoints().add(checkpoint("mistake", false));
      assertThat(rig.writer().write().segments()).isEqualTo(1);
      rig.catalog.checkpoints().delete(new CheckpointName("mistake"));
      assertThat(rig.writer().write().segments()).isEqualTo(1);
      assertThat(rig.writer().write().segments()).isZero();

      Adopted adopted = rig.adopt();

      assertThat(adopted.uncertain()).isEmpty();
      assertThat(adopted.proved()).isTrue();
      assertThat(rig.catalog.checkpoints().all()).containsExactly(kept);

      // What was adopted is told on, whole.
      rig.catalog.checkpoints().hold(kept.name(), false);
      rig.tell("b", "two");
      assertThat(rig.adopt().proved()).isTrue();
      assertThat(rig.catalog.checkpoints().all()).containsExactly(kept.withHeld(false));
    }
  }

  @Test
  void whatWasPrunedAndHoldsComeBack() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      rig.tell("a", "two");
      Hold hold =
          rig.catalog
              .holds()
              .add(new Hold(0, true, "b/", "a case", Instant.EPOCH, "admin"))
              .orElseThrow();
      RecordedVersion old =
          rig.catalog.versions().history(new ObjectKey("a")).newestFirst().getLast();
      prune(rig, old);
      assertThat(rig.writer().write().segments()).isEqualTo(1);

      Adopted adopted = rig.adopt();

      assertThat(adopted.proved()).isTrue();
      assertThat(rig.catalog.holds().all()).containsExactly(hold);
      assertThat(rig.catalog.prunes().pruned(SegmentRig.COPY).objects()).isEqualTo(1);
      assertThat(rig.catalog.queue().ofKey(SegmentRig.COPY, new ObjectKey("a")))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.state()).isEqualTo(ReplicaState.PRUNED);
            assertThat(row.lastError()).isEqualTo("pruned 1970-01-01T00:00:00Z by plan g-1");
          });
      // It is not copied again.
      rig.sync();
      assertThat(rig.catalog.replicas().find(SegmentRig.COPY, old.id())).isEmpty();
      assertThat(rig.catalog.queue().backlog(SegmentRig.COPY).pendingObjects()).isZero();
    }
  }

  private static void prune(SegmentRig rig, RecordedVersion version) {
    PruneLog prunes = rig.catalog.prunes();
    prunes.begin(
        new PrunePlan(
            "g-1",
            PrunePlan.State.MAKING,
            Optional.empty(),
            "",
            "",
            List.of(),
            Instant.EPOCH,
            "admin",
            Instant.MAX,
            false,
            Optional.empty(),
            "",
            "",
            Optional.empty(),
            ""));
    prunes.add(
        "g-1",
        1,
        List.of(
            new PruneLog.Decided(
                SegmentRig.COPY, version, true, PruneRule.Why.NO_RULE, "no rule")));
    prunes.finish("g-1", List.of(), false);
    assertThat(prunes.start("g-1", "admin", "space", Instant.EPOCH)).isTrue();
    var item = prunes.items("g-1", List.of(PrunePlan.ItemState.TO_GO), 0, 10).getFirst();
    prunes.intend("g-1", List.of(item));
    prunes.settle(
        "g-1",
        List.of(
            new PruneLog.Settled(
                item.in(PrunePlan.ItemState.REMOVING),
                PrunePlan.ItemState.REMOVED,
                item.why(),
                item.detail())),
        Instant.EPOCH);
  }

  /// Otherwise its digest would not be the one that was written before there were checkpoints.
  @Test
  void catalogThatNeverHadACheckpointTellsNoneOfThem() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      List<CatalogFact> facts = new ArrayList<>();
      rig.catalog
          .segments()
          .export(
              Optional.empty(),
              export -> {
                export.rest(true, facts::add);
                return true;
              });
      assertThat(facts).isNotEmpty().noneMatch(CatalogFact.Checkpoints.class::isInstance);
      assertThat(rig.adopt().proved()).isTrue();
    }
  }

  private static NamedCheckpoint checkpoint(String name, boolean held) {
    return new NamedCheckpoint(
        new CheckpointName(name),
        Instant.parse("2026-11-22T03:00:00.5Z"),
        Instant.parse("2026-11-22T03:00:01Z"),
        "operator 1234abcd",
        "before the release, 50 % done",
        held);
  }

  @Test
  void manySegmentsOfOneStateAreOneGroup() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, false)) {
      rig.segmentSize = 100;
      for (int i = 0; i < 900; i++) {
        rig.put("key-%04d".formatted(i), "text " + i);
      }
      rig.sync();
      var written = rig.writer().write();
      assertThat(written.segments()).isGreaterThan(2);
      assertThat(rig.adopt().proved()).isTrue();
    }
  }

  @Test
  void damagedSegmentEndsTheChainAndTheListingTellsTheRest() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, false)) {
      rig.tell("a", "one");
      rig.tell("b", "two");
      rig.tell("c", "three");
      ObjectKey second = rig.segments().get(1);
      byte[] bytes = bytes(rig.copy, second);
      bytes[bytes.length / 2] ^= 4;
      SegmentRig.put(rig.copy, second.value(), bytes);

      Adopted adopted = rig.adopt();

      assertThat(adopted.versions()).isEqualTo(1);
      assertThat(adopted.listed()).isEqualTo(2);
      assertThat(adopted.uncertain().getFirst()).contains(second.value(), "is damaged");
      assertThat(keys(rig)).containsExactly("a", "b", "c");
      rig.sync();
      // Of what the segments told nothing is copied again.
      assertThat(SegmentRig.keys(rig.copy, ".vistadr/history/a")).isEmpty();
    }
  }

  @Test
  void whatWasWrittenFirstIsReadWhereVersionsAreKept() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      rig.tell("b", "two");
      ObjectKey first = rig.segments().getFirst();
      SegmentRig.put(rig.copy, first.value(), new byte[] {1});
      rig.copy.delete(rig.segments().get(1), new WriteCondition.Always());

      Adopted adopted = rig.adopt();

      assertThat(adopted.proved()).isTrue();
      assertThat(adopted.uncertain())
          .singleElement()
          .asString()
          .contains("deleted or written over");
    }
  }

  @Test
  void missingSegmentIsNoticed() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, false)) {
      rig.tell("a", "one");
      rig.tell("b", "two");
      rig.tell("c", "three");
      rig.copy.delete(rig.segments().get(1), new WriteCondition.Always());

      Adopted adopted = rig.adopt();

      assertThat(adopted.uncertain().getFirst()).contains("segment 2", "is missing");
      assertThat(adopted.versions()).isEqualTo(1);
      assertThat(keys(rig)).containsExactly("a", "b", "c");
    }
  }

  @Test
  void cutSegmentCountsAsDamaged() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, false)) {
      rig.tell("a", "one");
      rig.tell("b", "two");
      ObjectKey last = rig.segments().getLast();
      byte[] bytes = bytes(rig.copy, last);
      SegmentRig.put(rig.copy, last.value(), java.util.Arrays.copyOf(bytes, bytes.length - 7));

      Adopted adopted = rig.adopt();

      assertThat(adopted.uncertain().getFirst()).contains("is damaged");
      assertThat(keys(rig)).containsExactly("a", "b");
    }
  }

  @Test
  void withoutSegmentsTheListingTellsWhatItCan() throws Exception {
    for (boolean versioned : List.of(true, false)) {
      Path place = Files.createDirectory(home.resolve("versioned-" + versioned));
      try (SegmentRig rig = new SegmentRig(place, versioned)) {
        rig.put("a", "one");
        rig.put("folder/%41 ..", "odd");
        rig.sync();
        rig.put("a", "two");
        rig.put("gone", "three");
        rig.sync();
        rig.primary.delete(new ObjectKey("gone"), new WriteCondition.Always());
        rig.sync();

        Adopted adopted = rig.adopt();

        assertThat(adopted.proved()).isFalse();
        assertThat(adopted.uncertain().getFirst()).contains("holds no catalog segments");
        assertThat(keys(rig)).containsExactly("a", "folder/%41 ..", "gone");
        assertThat(history(rig, "a")).containsExactly(3L, 3L);
        assertThat(history(rig, "gone")).containsExactly(-1L, 5L);
        int before = SegmentRig.keys(rig.copy, "").size();
        rig.sync();
        assertThat(rig.catalog.queue().backlog(SegmentRig.COPY).pendingObjects()).isZero();
        assertThat(SegmentRig.keys(rig.copy, "a")).hasSize(1);
        assertThat(SegmentRig.keys(rig.copy, "")).hasSizeGreaterThanOrEqualTo(before);
      }
    }
  }

  @Test
  void crashBetweenWriteAndRecordGoesOnWithTheSameChain() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      rig.put("b", "two");
      rig.sync();
      ObjectStore lostAnswer =
          new Meddled(rig.copy) {
            @Override
            public WriteReceipt put(PutRequest request) throws StorageException {
              super.put(request);
              throw new StorageException.Unavailable(
                  site(), "PutObject", "the answer was lost", null);
            }
          };
      assertThatThrownBy(() -> rig.writer(lostAnswer).write())
          .isInstanceOf(StorageException.Unavailable.class);
      rig.catalog.close();
      rig.open();

      rig.tell("c", "three");

      assertThat(rig.segments()).hasSize(3);
      Adopted adopted = rig.adopt();
      assertThat(adopted.uncertain()).isEmpty();
      assertThat(adopted.proved()).isTrue();
      assertThat(adopted.versions()).isEqualTo(3);
    }
  }

  @Test
  void groupThatWasCutOffIsLeftOut() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, false)) {
      rig.tell("a", "one");
      rig.segmentSize = 100;
      for (int i = 0; i < 700; i++) {
        rig.put("key-%04d".formatted(i), "text " + i);
      }
      rig.sync();
      ObjectStore dies =
          new Meddled(rig.copy) {
            private int puts;

            @Override
            public WriteReceipt put(PutRequest request) throws StorageException {
              if (puts++ > 0) {
                throw new StorageException.Unavailable(site(), "PutObject", "gone", null);
              }
              return super.put(request);
            }
          };
      assertThatThrownBy(() -> rig.writer(dies).write())
          .isInstanceOf(StorageException.Unavailable.class);
      Adopted cutOff = rig.adopt();
      assertThat(cutOff.versions()).isEqualTo(1);
      assertThat(cutOff.proved()).isTrue();
      assertThat(cutOff.listed()).isEqualTo(700);
      assertThat(cutOff.uncertain()).anyMatch(line -> line.contains("not written to their end"));
    }
  }

  @Test
  void catalogThatWentBackInTimeWritesNothing() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      rig.catalog.close();
      Path old = home.resolve("old");
      copyTree(rig.directory(), old);
      rig.open();
      rig.tell("b", "two");
      rig.catalog.close();
      Files.move(rig.directory(), home.resolve("newer"));
      Files.move(old, rig.directory());
      rig.open();
      int before = rig.segments().size();
      rig.put("c", "three");
      rig.sync();

      assertThatThrownBy(() -> rig.writer().write())
          .isInstanceOf(ForeignChainException.class)
          .hasMessageContaining("accept-older")
          .hasMessageContaining("vistadr adopt --from copy");
      assertThat(rig.segments()).hasSize(before);

      rig.catalog.close();
      Files.createFile(rig.directory().resolve("accept-older"));
      rig.open();
      assertThat(rig.writer().write().snapshot()).isTrue();
      assertThat(rig.adopt().proved()).isTrue();
      assertThat(keys(rig)).containsExactly("a", "b", "c");
    }
  }

  @Test
  void newCatalogDoesNotWriteBesideTheLostOne() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      rig.catalog.close();
      Files.move(rig.directory(), home.resolve("lost"));
      rig.open();
      rig.sync();

      assertThatThrownBy(() -> rig.writer().write()).isInstanceOf(ForeignChainException.class);
    }
  }

  @Test
  void catalogWithContentIsNotReplaced() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      rig.tell("a", "one");
      rig.catalog.close();
      Adoption adoption =
          new Adoption(
              rig.copy, List.of(SegmentRig.COPY), Clock.systemUTC(), Adoption.Progress.NONE);
      assertThatThrownBy(() -> adoption.adopt(rig.directory()))
          .isInstanceOf(CatalogException.class)
          .hasMessageContaining("with content")
          .hasMessageContaining("mv ");
      rig.open();
      assertThat(keys(rig)).containsExactly("a");
    }
  }

  @Test
  void newChainsReplaceTheOldestOnceTheyAreProved() throws Exception {
    try (SegmentRig rig = new SegmentRig(home, true)) {
      for (int i = 0; i < 4; i++) {
        rig.put("a", "text " + i);
        rig.sync();
        rig.writer().write(true);
      }
      SegmentSite site = new SegmentSite(rig.copy);
      assertThat(site.chains()).hasSize(2);
      assertThat(site.all()).hasSize(2);
      assertThat(rig.adopt().proved()).isTrue();
    }
  }

  private static List<String> keys(SegmentRig rig) {
    List<String> keys = new java.util.ArrayList<>();
    var cursor = rig.catalog.versions().histories("", Optional.empty());
    for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
      keys.add(next.get().key().value());
    }
    return keys;
  }

  /// Sizes of a key's entries, newest first; -1 for a delete marker.
  private static List<Long> history(SegmentRig rig, String key) {
    VersionLog versions = rig.catalog.versions();
    return versions.history(new ObjectKey(key)).newestFirst().stream()
        .map(version ->
            switch (version.entry()) {
              case Entry.Content content -> content.size();
              case Entry.DeleteMarker() -> -1L;
            })
        .toList();
  }

  private static byte[] bytes(ObjectStore store, ObjectKey key) throws Exception {
    try (ObjectBody body = store.open(key, Revision.CURRENT, new ByteRange.All())) {
      return body.stream().readAllBytes();
    }
  }

  private static void copyTree(Path from, Path to) throws Exception {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static class Meddled extends ForwardingObjectStore {
    Meddled(ObjectStore store) {
      super(store);
    }
  }
}
