package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Many hints at once, as the change feed gives them.
class KeyLooksIT {

  private static final int KEYS = 300;

  private SyncRig rig;

  @BeforeEach
  void open() throws Exception {
    rig = new SyncRig(true);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private List<ObjectKey> fill() throws Exception {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "k%05d".formatted(i);
      rig.put(key, "content " + i);
      keys.add(new ObjectKey(key));
    }
    return keys;
  }

  private long recorded(List<ObjectKey> keys) {
    return keys.stream()
        .filter(key -> rig.catalog.versions().history(key).newestFirst().size() == 1)
        .count();
  }

  @Test
  void whatManyHintsShowIsRecordedOnce() throws Exception {
    List<ObjectKey> keys = fill();
    KeyLooks looks = new KeyLooks(rig.catalog, rig.primary, BrakeLimits.NONE);
    assertThat(looks.follow(keys)).isTrue();
    assertThat(recorded(keys)).isEqualTo(KEYS);
    assertThat(rig.synchronizer.scan().appended()).isZero();
  }

  @Test
  void hintsOfAMomentShareALookAtTheBucketAndATransaction() throws Exception {
    List<ObjectKey> keys = fill().subList(0, 50);
    AtomicInteger states = new AtomicInteger();
    AtomicLong recordedBetween = new AtomicLong();
    ObjectStore watched =
        new ForwardingObjectStore(rig.primary) {
          @Override
          public BucketState bucketState() throws StorageException {
            states.incrementAndGet();
            return super.bucketState();
          }

          @Override
          public ListingPage listVersions(ListingRequest request) throws StorageException {
            recordedBetween.addAndGet(recorded(keys));
            return super.listVersions(request);
          }
        };
    assertThat(new KeyLooks(rig.catalog, watched, BrakeLimits.NONE).follow(keys)).isTrue();
    assertThat(recorded(keys)).isEqualTo(50);
    assertThat(states).hasValue(1);
    assertThat(recordedBetween).as("recorded before the last key was looked at").hasValue(0);
  }

  @Test
  void oneThatCannotBeRecordedTakesNoOtherAlong() throws Exception {
    List<ObjectKey> keys = fill();
    List<ObjectKey> broken = keys.stream().filter(key -> key.value().endsWith("7")).toList();
    KeyLooks looks =
        new KeyLooks(rig.catalog, new TooLongTags(rig.primary, broken), BrakeLimits.NONE);
    assertThat(looks.follow(keys)).isTrue();
    assertThat(recorded(keys)).isEqualTo(KEYS - broken.size());
    assertThat(rig.synchronizer.scan().appended()).isEqualTo(broken.size());
  }

  /// A site that gives some objects entity tags that no catalog holds.
  private static final class TooLongTags extends ForwardingObjectStore {

    private final List<ObjectKey> broken;

    TooLongTags(ObjectStore store, List<ObjectKey> broken) {
      super(store);
      this.broken = broken;
    }

    @Override
    public ListingPage listVersions(ListingRequest request) throws StorageException {
      ListingPage page = super.listVersions(request);
      return new ListingPage(
          page.entries().stream().map(this::spoilt).toList(), page.next(), page.serverTime());
    }

    private ListedVersion spoilt(ListedVersion version) {
      return broken.contains(version.key())
          ? new ListedVersion(
              version.key(),
              version.versionId(),
              version.lastModified(),
              version.latest(),
              new Entry.Content("e".repeat(2000), 1, "STANDARD"))
          : version;
    }
  }
}
