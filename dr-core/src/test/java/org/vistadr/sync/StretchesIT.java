package org.vistadr.sync;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.RangeDigest;
import org.vistadr.catalog.RangeDigests;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Scans pass stretches of the listing that did not change, and nothing else.
class StretchesIT {

  private static final int KEYS = 600;
  private static final SyncSettings IN_ONE_RANGE =
      new SyncSettings(1, 16, 1 << 20, 32L << 20, 64L << 20, 10, List.of(), BrakeLimits.NONE);

  private SyncRig rig;

  @BeforeEach
  void fill() throws Exception {
    rig = new SyncRig(true);
    for (int i = 0; i < KEYS; i++) {
      rig.put(key(i), "first");
    }
    rig.synchronizer.scan();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static String key(int number) {
    return "k%05d".formatted(2 * number);
  }

  private List<Stretches.Stretch> stretches() throws StorageException {
    return stretches(KeyRange.ALL, List.of());
  }

  private List<Stretches.Stretch> stretches(KeyRange range, List<String> excluded)
      throws StorageException {
    Stretches cut = cut(range, excluded);
    List<Stretches.Stretch> result = new ArrayList<>();
    for (Optional<Stretches.Stretch> next = cut.next(); next.isPresent(); next = cut.next()) {
      result.add(next.get());
    }
    return result;
  }

  private Stretches cut(KeyRange range, List<String> excluded) {
    ListingStream listing = new ListingStream(rig.primary, Regime.VERSIONED, range);
    return new Stretches(
        listing,
        range,
        new KeyFilter(excluded),
        rig.catalog.rangeDigests().hash(new SplittableRandom(1)));
  }

  private List<RangeDigest> digests() throws StorageException {
    Stretches any = cut(KeyRange.ALL, List.of());
    return stretches().stream().filter(Stretches.Stretch::whole).map(any::digest).toList();
  }

  private List<RangeDigest> passedNext() throws StorageException {
    RangeDigests.Cursor kept = rig.catalog.rangeDigests().in(KeyRange.ALL);
    return digests().stream()
        .filter(range -> kept.sameBounds(range).equals(Optional.of(range)))
        .toList();
  }

  @Test
  void stretchesHoldEveryKeyOnceAndAreNotLong() throws Exception {
    List<ObjectKey> keys =
        stretches().stream()
            .flatMap(stretch -> stretch.keys().stream())
            .map(ListingStream.ListedKey::key)
            .toList();
    assertThat(keys).hasSize(KEYS).isSorted().doesNotHaveDuplicates();
    assertThat(stretches().size()).isBetween(20, 80);
  }

  @Test
  void aNewKeyAndAKeyLessChangeTheirStretchesOnly() throws Exception {
    List<RangeDigest> before = digests();
    rig.put("k00301", "between");
    rig.primary.deleteVersion(new ObjectKey(key(400)), versions(key(400)).getFirst().versionId());
    Set<RangeDigest> changed = new HashSet<>(digests());
    before.forEach(changed::remove);
    assertThat(changed.size()).isBetween(1, 4);
  }

  @Test
  void aRangeThatBeginsInAStretchIsCutAtTheSameKeys() throws Exception {
    List<Stretches.Stretch> all = stretches();
    KeyRange behind = new KeyRange(Optional.of(new ObjectKey(key(77))), Optional.empty());
    List<Stretches.Stretch> part = stretches(behind, List.of());
    assertThat(part.getFirst().whole()).isFalse();
    assertThat(all).containsAll(part.subList(1, part.size()));
  }

  @Test
  void excludedKeysEndNoStretch() throws Exception {
    ObjectKey cut = stretches().getFirst().upTo().orElseThrow();
    assertThat(stretches(KeyRange.ALL, List.of(cut.value())).getFirst().upTo()).isNotEqualTo(cut);
  }

  @Test
  void whatWasFoundEqualIsPassedTheNextTime() throws Exception {
    rig.restart(rig.primary, List.of(rig.versioned), IN_ONE_RANGE);
    ScanReport second = rig.synchronizer.scan();
    assertThat(second.keys()).isEqualTo(KEYS);
    assertThat(passedNext()).isEqualTo(digests());
    ScanReport third = rig.synchronizer.scan();
    assertThat(third.keys()).isEqualTo(KEYS);
    assertThat(third.versions()).isEqualTo(KEYS);
    assertThat(third.appended() + third.purged()).isZero();
  }

  @Test
  void whatAScanRecordedIsPassedTheNextTime() throws Exception {
    rig.restart(rig.primary, List.of(rig.versioned), IN_ONE_RANGE);
    rig.synchronizer.scan();
    for (int i = 0; i < KEYS; i += 20) {
      rig.put(key(i), "second");
    }
    rig.put("k00001", "new");
    rig.delete(key(9));
    assertThat(rig.synchronizer.scan().appended()).isEqualTo(KEYS / 20 + 2);
    assertThat(passedNext()).isEqualTo(digests());
    assertThat(rig.synchronizer.scan().appended()).isZero();
  }

  /// What rests on absence is looked at a second time, behind the scan.
  @Test
  void aStretchThatLacksAKeyIsNotPassed() throws Exception {
    rig.restart(rig.primary, List.of(rig.versioned), IN_ONE_RANGE);
    rig.synchronizer.scan();
    rig.primary.deleteVersion(new ObjectKey(key(9)), versions(key(9)).getFirst().versionId());
    assertThat(rig.synchronizer.scan().purged()).isEqualTo(1);
    assertThat(passedNext()).hasSize(digests().size() - 1);
  }

  @Test
  void aStretchWithAKeyThatAHintSpeaksOfIsNotKept() throws Exception {
    KeyLooks looks = new KeyLooks(rig.catalog, new ListsNothing(rig.primary), BrakeLimits.NONE);
    ObjectKey hinted = new ObjectKey(key(9));
    rig.put(hinted.value(), "second");
    looks.follow(List.of(hinted));
    RangeDigest range =
        digests().stream().filter(digest -> digest.contains(hinted)).findFirst().orElseThrow();
    RangeDigest other =
        digests().stream().filter(digest -> !digest.contains(hinted)).findFirst().orElseThrow();
    KeyChange change = new KeyChange(hinted, List.of(), List.of());
    assertThat(looks.recordFindings(1, List.of(change), List.of(range, other)))
        .containsExactly(hinted);
    RangeDigests.Cursor kept = rig.catalog.rangeDigests().in(KeyRange.ALL);
    assertThat(
            List.of(range, other).stream()
                .sorted(comparing(RangeDigest::upTo))
                .filter(asked -> kept.sameBounds(asked).equals(Optional.of(asked))))
        .containsExactly(other);
  }

  private static final class ListsNothing extends ForwardingObjectStore {
    ListsNothing(ObjectStore store) {
      super(store);
    }

    @Override
    public ListingPage listVersions(ListingRequest request) throws StorageException {
      throw new StorageException.Unproved(site(), "ListObjectVersions", "no answer");
    }
  }

  @Test
  void changesAmongPassedKeysAreFound() throws Exception {
    rig.synchronizer.scan();
    rig.put(key(9), "second");
    rig.put("k00001", "new");
    rig.delete(key(300));
    rig.primary.deleteVersion(new ObjectKey(key(555)), versions(key(555)).getFirst().versionId());
    ScanReport report = rig.synchronizer.scan();
    assertThat(report.appended()).isEqualTo(3);
    assertThat(report.purged()).isEqualTo(1);
  }

  /// The listing is what it was when it was found equal, the catalog is not.
  @Test
  void aVersionThatAHintShowedAndThatIsGoneAgainIsFoundGone() throws Exception {
    rig.synchronizer.scan();
    for (int i = 0; i < KEYS; i += 100) {
      rig.put(key(i), "for a moment");
      assertThat(rig.synchronizer.look(new ObjectKey(key(i)))).isTrue();
      rig.primary.deleteVersion(new ObjectKey(key(i)), versions(key(i)).getFirst().versionId());
    }
    assertThat(rig.synchronizer.scan().purged()).isEqualTo(6);
  }

  /// A key of which the listing never told: between two stretches.
  @Test
  void aKeyThatAHintShowedAndThatIsGoneAgainIsFoundGone() throws Exception {
    rig.synchronizer.scan();
    for (Stretches.Stretch stretch : stretches()) {
      String behind = stretch.keys().getLast().key().value() + "x";
      rig.put(behind, "for a moment");
      assertThat(rig.synchronizer.look(new ObjectKey(behind))).isTrue();
      rig.primary.deleteVersion(new ObjectKey(behind), versions(behind).getFirst().versionId());
    }
    assertThat(rig.synchronizer.scan().purged()).isEqualTo(stretches().size());
  }

  private List<ListedVersion> versions(String key) throws StorageException {
    return ListingStream.ofKey(rig.primary, Regime.VERSIONED, new ObjectKey(key));
  }
}
