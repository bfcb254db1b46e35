package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Entry;
import org.vistadr.model.Lag;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// The engine on real servers: what is at the primary gets to both kinds of secondaries, in order,
/// and the recovery point never says more than is true.
class SynchronizerIT {

  private static final String KEY = "projects/abc-123/image.jpg";

  @Test
  void everyVersionReachesAVersionedSecondaryInOrder() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      rig.put(KEY, "two");
      rig.delete(KEY);
      rig.put(KEY, "three");
      rig.sync();
      assertThat(SyncRig.history(rig.versioned, KEY)).containsExactly("one", "two", "-", "three");
      rig.delete(KEY);
      rig.delete(KEY);
      rig.put(KEY, "four");
      rig.sync();
      assertThat(SyncRig.history(rig.versioned, KEY))
          .containsExactly("one", "two", "-", "three", "-", "-", "four");
    }
  }

  @Test
  void anUnversionedSecondaryShowsTheCurrentStateAndKeepsTheRestAside() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      rig.sync();
      assertThat(SyncRig.current(rig.unversioned, KEY)).contains("one");
      rig.put(KEY, "two");
      rig.put(KEY, "three");
      rig.sync();
      assertThat(SyncRig.current(rig.unversioned, KEY)).contains("three");
      rig.delete(KEY);
      rig.sync();
      assertThat(SyncRig.current(rig.unversioned, KEY)).isEmpty();
      rig.put(KEY, "four");
      rig.sync();
      assertThat(SyncRig.current(rig.unversioned, KEY)).contains("four");
      assertEveryRecordedContentIsAt(
          rig, SyncRig.UNVERSIONED, List.of("one", "two", "three", "four"));
    }
  }

  @Test
  void lagIsUnknownBeforeTheFirstScanAndGrowsWhenNothingRuns() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      assertThat(rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Unknown.class);
      rig.synchronizer.scan();
      assertThat(rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Unknown.class);
      rig.replicate();
      Lag.Known first = (Lag.Known) rig.lag(SyncRig.VERSIONED);
      rig.clock.forward(Duration.ofHours(3));
      Lag.Known later = (Lag.Known) rig.lag(SyncRig.VERSIONED);
      assertThat(later.recoveryPoint()).isEqualTo(first.recoveryPoint());
      assertThat(later.age()).isGreaterThanOrEqualTo(Duration.ofHours(3));
    }
  }

  @Test
  void theRecoveryPointDoesNotPassAVersionThatIsNotThere() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      rig.sync();
      Instant before = ((Lag.Known) rig.lag(SyncRig.UNVERSIONED)).recoveryPoint();
      rig.put(KEY, "two");
      rig.synchronizer.scan();
      rig.synchronizer.replicate(SyncRig.VERSIONED);
      assertThat(((Lag.Known) rig.lag(SyncRig.UNVERSIONED)).recoveryPoint()).isEqualTo(before);
      assertThat(rig.catalog.queue().backlog(SyncRig.UNVERSIONED).pendingObjects()).isEqualTo(1);
      assertThat(rig.catalog.queue().backlog(SyncRig.VERSIONED).pendingObjects()).isZero();
    }
  }

  @Test
  void aRemovedDeleteMarkerIsFollowed() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      rig.delete(KEY);
      rig.sync();
      assertThat(SyncRig.current(rig.versioned, KEY)).isEmpty();
      VersionId marker = newest(rig).versionId();
      rig.primary.deleteVersion(new ObjectKey(KEY), marker);
      rig.sync();
      assertThat(SyncRig.current(rig.versioned, KEY)).contains("one");
      assertThat(SyncRig.current(rig.unversioned, KEY)).contains("one");
    }
  }

  @Test
  void aKeyWhoseVersionsWereAllRemovedIsKeptAtTheSecondaries() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      WriteIds ids = new WriteIds();
      ids.add(rig.put(KEY, "one").versionId());
      ids.add(rig.put(KEY, "two").versionId());
      rig.sync();
      for (VersionId id : ids.all) {
        rig.primary.deleteVersion(new ObjectKey(KEY), id);
      }
      rig.sync();
      assertThat(SyncRig.current(rig.versioned, KEY)).isEmpty();
      assertThat(SyncRig.history(rig.versioned, KEY)).containsExactly("one", "two", "-");
      assertThat(SyncRig.current(rig.unversioned, KEY)).isEmpty();
      assertEveryRecordedContentIsAt(rig, SyncRig.UNVERSIONED, List.of("one", "two"));
    }
  }

  @Test
  void anUnversionedPrimaryIsFollowedFromScanToScan() throws Exception {
    try (SyncRig rig = new SyncRig(false)) {
      rig.put("a", "a1");
      rig.put("b", "b1");
      rig.sync();
      rig.put("a", "a2 longer");
      rig.delete("b");
      rig.sync();
      assertThat(SyncRig.history(rig.versioned, "a")).containsExactly("a1", "a2 longer");
      assertThat(SyncRig.history(rig.versioned, "b")).containsExactly("b1", "-");
      assertThat(SyncRig.current(rig.unversioned, "a")).contains("a2 longer");
      assertThat(SyncRig.current(rig.unversioned, "b")).isEmpty();
      rig.put("b", "b2");
      rig.sync();
      assertThat(SyncRig.history(rig.versioned, "b")).containsExactly("b1", "-", "b2");
    }
  }

  @Test
  void aVersionOverwrittenBeforeItWasCopiedIsMissedAndNamedAndTheNextOneCounts() throws Exception {
    try (SyncRig rig = new SyncRig(false)) {
      rig.put("a", "a1");
      rig.synchronizer.scan();
      rig.put("a", "a2 longer");
      rig.replicate();
      rig.sync();
      assertThat(rig.catalog.queue().backlog(SyncRig.VERSIONED).missed()).isEqualTo(1);
      assertThat(SyncRig.history(rig.versioned, "a")).containsExactly("a2 longer");
      assertThat(rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Known.class);
    }
  }

  @Test
  void aVersionThatShowedAgainAndWasRemovedBeforeItWasCopiedIsMissed() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      rig.put(KEY, "two");
      rig.synchronizer.scan();
      removeNewest(rig);
      rig.synchronizer.scan();
      assertThat(newest(rig).origin()).isEqualTo(Origin.INFERRED);
      removeNewest(rig);
      rig.put(KEY, "three");
      rig.sync();
      var backlog = rig.catalog.queue().backlog(SyncRig.VERSIONED);
      assertThat(backlog.missed()).isEqualTo(3);
      assertThat(backlog.pendingObjects() + backlog.givenUp()).isZero();
      assertThat(SyncRig.history(rig.versioned, KEY)).containsExactly("three");
      assertThat(rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Known.class);
    }
  }

  private static void removeNewest(SyncRig rig) throws StorageException {
    var newest =
        rig.primary.listVersions(ListingRequest.ALL).entries().stream()
            .filter(version -> version.key().value().equals(KEY))
            .findFirst()
            .orElseThrow();
    rig.primary.deleteVersion(newest.key(), newest.versionId());
  }

  @Test
  void attributesTravelAndTheHashIsRecorded() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "one");
      rig.sync();
      assertThat(
              rig.versioned
                  .head(new ObjectKey(KEY), new Revision.Current())
                  .attributes()
                  .contentType())
          .contains("image/jpeg");
      RecordedVersion version = newest(rig);
      assertThat(version.sha256().orElseThrow().hex())
          .isEqualTo("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
      assertThat(rig.catalog.versions().attributes(version.id()).orElseThrow().contentType())
          .contains("image/jpeg");
    }
  }

  @Test
  void objectsOfEverySizeClassArriveByteForByte() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      // Small limits send small objects all three ways: through memory, as a stream, in parts.
      rig.restart(
          rig.primary,
          List.of(rig.versioned, rig.unversioned),
          new SyncSettings(2, 4, 1000, 1 << 20, 6 << 20, 3, List.of(), BrakeLimits.NONE));
      SplittableRandom random = new SplittableRandom(3);
      Map<String, byte[]> objects = new TreeMap<>();
      for (int size : new int[] {0, 1, 999, 1000, 1001, 700_000, (6 << 20) + 1, 17 << 20}) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        objects.put("sizes/" + size, bytes);
        rig.put("sizes/" + size, bytes);
      }
      rig.sync();
      for (Map.Entry<String, byte[]> object : objects.entrySet()) {
        for (var store : List.of(rig.versioned, rig.unversioned)) {
          try (var body =
              store.open(
                  new ObjectKey(object.getKey()),
                  new Revision.Current(),
                  new org.vistadr.storage.ByteRange.All())) {
            assertThat(body.stream().readAllBytes())
                .as("%s at %s", object.getKey(), store.site())
                .isEqualTo(object.getValue());
          }
        }
      }
      assertThat(rig.catalog.queue().backlog(SyncRig.VERSIONED).pendingObjects()).isZero();
    }
  }

  @Test
  void aNewSecondaryGetsTheWholeHistoryAndItsLagIsUnknownUntilThen() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.restart(rig.primary, List.of(rig.versioned));
      rig.put(KEY, "one");
      rig.put(KEY, "two");
      rig.sync();
      rig.restart();
      assertThat(rig.lag(SyncRig.UNVERSIONED)).isInstanceOf(Lag.Unknown.class);
      rig.replicate();
      assertThat(rig.lag(SyncRig.UNVERSIONED)).isInstanceOf(Lag.Known.class);
      assertEveryRecordedContentIsAt(rig, SyncRig.UNVERSIONED, List.of("one", "two"));
    }
  }

  @Test
  void whatStandsInTheWayAtAnUnversionedSecondaryIsMovedAsideNotLost() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put(KEY, "ours");
      rig.unversioned.put(
          new org.vistadr.storage.PutRequest(
              new ObjectKey(KEY),
              org.vistadr.model.ObjectAttributes.NONE,
              org.vistadr.storage.WriteBody.Buffered.of(new byte[] {'x'}),
              new org.vistadr.storage.WriteCondition.Always()));
      rig.sync();
      assertThat(SyncRig.current(rig.unversioned, KEY)).contains("ours");
      assertThat(contentsBelowReservedPrefix(rig)).contains("x");
    }
  }

  @Test
  void anUnknownSecondaryIsRefused() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      assertThatThrownBy(() -> rig.synchronizer.replicate(new org.vistadr.model.SiteName("nobody")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// Seeded random histories with crashes between any two steps: in the end both secondaries hold
  /// everything that a scan saw, in the primary's order, nothing twice, and the recovery point is
  /// known.
  @Test
  void randomHistoriesWithRestartsConverge() throws Exception {
    long seed = Long.getLong("vistadr.seed", new SplittableRandom().nextLong());
    System.out.println("randomHistoriesWithRestartsConverge seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (SyncRig rig = new SyncRig(true)) {
      List<String> keys = List.of("a", "ab", "b/c", "projects/1/ü b+c.jpg", "z%41");
      for (int step = 0; step < 60; step++) {
        String key = keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> rig.put(key, "text " + step);
          case 3 -> rig.delete(key);
          case 4 -> rig.synchronizer.scan();
          case 5 -> rig.synchronizer.replicate(SyncRig.VERSIONED);
          case 6 -> rig.synchronizer.replicate(SyncRig.UNVERSIONED);
          default -> {
            if (random.nextBoolean()) {
              rig.restart();
            } else {
              rig.synchronizer.look(new ObjectKey(key));
            }
          }
        }
      }
      rig.sync();
      for (String key : keys) {
        List<String> truth = SyncRig.history(rig.primary, key);
        assertThat(SyncRig.history(rig.versioned, key)).as("seed %d", seed).isEqualTo(truth);
        assertThat(SyncRig.current(rig.unversioned, key))
            .as("seed %d", seed)
            .isEqualTo(SyncRig.current(rig.primary, key));
        assertEveryRecordedContentIsAt(
            rig,
            SyncRig.UNVERSIONED,
            key,
            truth.stream().filter(text -> !text.equals("-")).toList());
      }
      assertThat(rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Known.class);
      assertThat(rig.lag(SyncRig.UNVERSIONED)).isInstanceOf(Lag.Known.class);
    }
  }

  private static final class WriteIds {
    private final List<VersionId> all = new ArrayList<>();

    void add(Optional<VersionId> id) {
      all.add(id.orElseThrow());
    }
  }

  private static RecordedVersion newest(SyncRig rig) {
    return rig.catalog.versions().history(new ObjectKey(KEY)).newestFirst().getFirst();
  }

  private static void assertEveryRecordedContentIsAt(
      SyncRig rig, org.vistadr.model.SiteName secondary, List<String> texts) throws Exception {
    assertEveryRecordedContentIsAt(rig, secondary, KEY, texts);
  }

  /// Reads every replica from where the catalog says it is.
  private static void assertEveryRecordedContentIsAt(
      SyncRig rig, org.vistadr.model.SiteName secondary, String key, List<String> texts)
      throws Exception {
    Set<String> found = new HashSet<>();
    for (ReplicaLog.Replica replica : rig.catalog.replicas().ofKey(secondary, new ObjectKey(key))) {
      if (!replica.marker()) {
        found.add(
            SyncRig.text(
                rig.unversioned, replica.location(), new Revision.Matching(replica.etag())));
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(new HashSet<>(texts));
  }

  private static List<String> contentsBelowReservedPrefix(SyncRig rig)
      throws StorageException, java.io.IOException {
    List<String> result = new ArrayList<>();
    for (ListedVersion found :
        rig.unversioned
            .listObjects(
                new ListingRequest(
                    ObjectKey.RESERVED_PREFIX, new ListingRequest.Position.Beginning(), 1000))
            .entries()) {
      if (found.entry() instanceof Entry.Content) {
        result.add(SyncRig.text(rig.unversioned, found.key(), new Revision.Current()));
      }
    }
    return result;
  }
}
