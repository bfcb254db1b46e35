package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.RangeDigest;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Entry;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.VersionId;
import org.vistadr.model.VersionIdentity;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ListingRequest.Position;
import org.vistadr.storage.StorageException;

/// Scans that compare only the changed keys of a stretch find what a scan that compares all does.
class ChangedStretchesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final int KEYS = 600;

  @TempDir Path directory;
  private Catalog catalog;
  private final Bucket bucket = new Bucket();
  private KeyLooks looks;
  private int rules;

  @BeforeEach
  void open() throws Exception {
    catalog = Catalog.open(directory, Clock.systemUTC());
    looks = new KeyLooks(catalog, bucket, BrakeLimits.NONE);
    for (int i = 0; i < KEYS; i++) {
      bucket.put(key(i));
    }
    scan();
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private static ObjectKey key(int number) {
    return new ObjectKey("projects/é/k%05d".formatted(number));
  }

  private RangeScan.Tally scan() throws StorageException {
    looks.forgetAnnounced();
    catalog.rangeDigests().begin("rules " + rules);
    long number = catalog.scans().begin(NOW, Regime.VERSIONED).number();
    RangeScan.Context context =
        new RangeScan.Context(
            catalog,
            bucket,
            looks,
            new KeyFilter(List.of()),
            SyncListener.NONE,
            () -> false,
            number,
            NOW,
            Regime.VERSIONED,
            catalog.rangeDigests().hash(new SplittableRandom(1)));
    RangeScan.Tally tally = new RangeScan(context, KeyRange.ALL).run().tally();
    catalog.scans().complete(number, NOW, tally.keys(), tally.versions());
    return tally;
  }

  private void requireTrue(RangeScan.Tally tally) {
    assertThat(tally.keys()).isEqualTo(bucket.keys.size());
    assertThat(tally.versions()).isEqualTo(bucket.entries());
    assertThat(tally.recognised()).isBetween(bucket.entries() - tally.appended(), bucket.entries());
    for (int i = 0; i < KEYS; i++) {
      List<VersionIdentity> known =
          catalog.versions().history(key(i)).newestFirst().stream()
              .filter(RecordedVersion::atPrimary)
              .map(RecordedVersion::identity)
              .toList();
      assertThat(known)
          .as("%s", key(i))
          .isEqualTo(
              bucket.keys.getOrDefault(key(i), List.of()).stream()
                  .map(ListedVersion::identity)
                  .toList());
    }
  }

  @Test
  void randomChangesAreFoundAsByComparingAll() throws Exception {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    System.out.println("-Dvistadr.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 30; round++) {
      for (int change = random.nextInt(1, 12); change > 0; change--) {
        ObjectKey key = key(random.nextInt(KEYS));
        bucket.change(key, random);
        if (random.nextInt(6) == 0) {
          looks.follow(List.of(key));
        }
      }
      requireTrue(scan());
      if (round % 3 == 2) {
        // Under other rules nothing is passed.
        rules++;
        RangeScan.Tally all = scan();
        assertThat(all.appended() + all.purged()).as("seed %d, round %d", seed, round).isZero();
        assertThat(all.recognised()).isEqualTo(bucket.entries());
      }
    }
  }

  @Test
  void aKeyInPlaceOfAnotherDoesNotHideThatItIsGone() throws Exception {
    Stretches.Stretch stretch = stretch();
    bucket.keys.remove(stretch.keys().get(2).key());
    bucket.put(new ObjectKey(stretch.keys().get(1).key().value() + "x"));
    RangeScan.Tally tally = scan();
    assertThat(tally.purged()).isEqualTo(1);
    assertThat(tally.appended()).isEqualTo(1);
  }

  /// The hint comes after the scan read what is kept, and before it comes to the stretch.
  @Test
  void aKeyThatAHintShowedMeanwhileDoesNotHideThatAnotherIsGone() throws Exception {
    Stretches.Stretch stretch = stretch();
    bucket.keys.remove(stretch.keys().get(2).key());
    ObjectKey hinted = new ObjectKey(stretch.keys().get(1).key().value() + "x");
    bucket.beforeLastPage =
        () -> {
          bucket.put(hinted);
          assertThat(looks.follow(List.of(hinted))).isTrue();
        };
    assertThat(scan().purged()).isEqualTo(1);
  }

  @Test
  void ofAChangedStretchOnlyTheChangedKeysAreRead() throws Exception {
    Stretches.Stretch stretch = stretch();
    // Nothing but a look at the rows tells: this one is wrong, and nobody said so.
    ObjectKey wrong = stretch.keys().get(2).key();
    catalog.rangeDigests().begin("rules " + rules);
    List<ListedVersion> right = bucket.keys.get(wrong);
    bucket.put(wrong);
    looks.follow(List.of(wrong));
    bucket.keys.put(wrong, right);
    RangeDigest digest = stretches().digest(stretch);
    catalog.rangeDigests().begin("rules " + rules);
    catalog.rangeDigests().keep(List.of(digest));
    ObjectKey changed = stretch.keys().get(1).key();
    bucket.put(changed);
    RangeScan.Tally tally = scan();
    assertThat(tally.appended()).isEqualTo(1);
    assertThat(tally.purged()).isZero();
  }

  private Stretches stretches() {
    return new Stretches(
        new ListingStream(bucket, Regime.VERSIONED, KeyRange.ALL),
        KeyRange.ALL,
        new KeyFilter(List.of()),
        catalog.rangeDigests().hash(new SplittableRandom(1)));
  }

  /// A long one within the last page, which no key that gets an `x` ends.
  private Stretches.Stretch stretch() throws StorageException {
    Stretches cut = stretches();
    List<Stretches.Stretch> found = new ArrayList<>();
    for (Optional<Stretches.Stretch> next = cut.next(); next.isPresent(); next = cut.next()) {
      found.add(next.get());
    }
    return found.stream()
        .filter(stretch -> stretch.whole() && stretch.keys().size() > 12)
        .filter(stretch -> stretch.after().orElseThrow().compareTo(bucket.lastPage()) > 0)
        .filter(
            stretch -> !Stretches.isCut(new ObjectKey(stretch.keys().get(1).key().value() + "x")))
        .findFirst()
        .orElseThrow();
  }

  /// The version listing of a bucket, in pages.
  private static final class Bucket extends ForwardingObjectStore {

    private static final int PAGE = 400;

    private final NavigableMap<ObjectKey, List<ListedVersion>> keys = new TreeMap<>();
    private Change beforeLastPage = () -> {};
    private int made;

    Bucket() {
      super(null);
    }

    void put(ObjectKey key) {
      add(key, new Entry.Content("etag" + made, made, "STANDARD"));
    }

    private void add(ObjectKey key, Entry entry) {
      List<ListedVersion> newestFirst = new ArrayList<>(keys.getOrDefault(key, List.of()));
      newestFirst.addFirst(
          new ListedVersion(key, new VersionId("v" + made), NOW.plusSeconds(made), true, entry));
      made++;
      keys.put(key, newestFirst);
    }

    void change(ObjectKey key, SplittableRandom random) {
      List<ListedVersion> there = new ArrayList<>(keys.getOrDefault(key, List.of()));
      switch (random.nextInt(5)) {
        case 0 -> add(key, new Entry.DeleteMarker());
        case 1 -> keys.remove(key);
        case 2 -> {
          if (there.size() > 1) {
            there.remove(random.nextInt(there.size()));
            keys.put(key, there);
          }
        }
        default -> put(key);
      }
    }

    long entries() {
      return keys.values().stream().mapToLong(List::size).sum();
    }

    ObjectKey lastPage() {
      return key(PAGE);
    }

    @Override
    public BucketState bucketState() {
      return new BucketState(Regime.VERSIONED, NOW);
    }

    @Override
    public ListingPage list(Regime regime, ListingRequest request) throws StorageException {
      boolean goesOn = request.from() instanceof Position.AfterVersion;
      if (goesOn) {
        Change change = beforeLastPage;
        beforeLastPage = () -> {};
        change.make();
      }
      List<ListedVersion> page = new ArrayList<>();
      boolean isPassed = !goesOn;
      for (List<ListedVersion> newestFirst : keys.values()) {
        for (ListedVersion version : newestFirst) {
          if (isPassed && version.key().value().startsWith(request.prefix())) {
            if (page.size() == PAGE) {
              ListedVersion last = page.getLast();
              return new ListingPage(
                  page, Optional.of(new Position.AfterVersion(last.key(), last.versionId())), NOW);
            }
            page.add(version);
          }
          isPassed |=
              request.from() instanceof Position.AfterVersion(ObjectKey key, VersionId id)
                  && version.key().equals(key)
                  && version.versionId().equals(id);
        }
      }
      return new ListingPage(page, Optional.empty(), NOW);
    }

    private interface Change {
      void make() throws StorageException;
    }
  }
}
