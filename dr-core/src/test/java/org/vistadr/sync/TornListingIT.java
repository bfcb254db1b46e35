package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ListedVersion;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ListingRequest.Position;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// A primary whose listings end early when they begin in the middle of the bucket, as those of
/// MinIO do. Such a listing is found out by a key that it lacks and that is there.
class TornListingIT {

  @Test
  void aListingThatLeavesOutAKeyEndsNoScanAndTheNextOneBeginsAtTheBeginning() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        keys.add("k%02d".formatted(i));
        rig.put(keys.get(i), "content");
      }
      rig.sync();
      rig.restart(new EndsEarly(rig.primary), List.of(rig.versioned, rig.unversioned));
      rig.put("k39-new", "only a listing to the end shows it");

      assertThatThrownBy(rig.synchronizer::scan)
          .isInstanceOf(StorageException.Unproved.class)
          .hasMessageContaining("the listing left out k39, which is there");
      assertThat(rig.catalog.scans().lastComplete().orElseThrow().number()).isEqualTo(1);

      rig.sync();
      assertThat(rig.catalog.scans().lastComplete().orElseThrow().number()).isEqualTo(3);
      assertThat(SyncRig.current(rig.versioned, "k39-new")).isPresent();
      rig.synchronizer.scan();
    }
  }

  @Test
  void aRangeThatSkipsItsFirstKeyIsFoundOutByTheRangeBeforeIt() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      for (int i = 0; i < 10; i++) {
        for (String prefix : List.of("arch/", "live/", "zoo/")) {
          rig.put(prefix + i, "content");
        }
      }
      rig.restart(new SkipsFirst(rig.primary), List.of(rig.versioned, rig.unversioned));

      assertThatThrownBy(rig.synchronizer::scan)
          .isInstanceOf(StorageException.Unproved.class)
          .hasMessageContaining("the listing left out")
          .hasMessageContaining("/0, which is there");
      for (int scan = 0; scan < 3; scan++) {
        assertThat(rig.synchronizer.scan().keys()).isEqualTo(30);
      }
    }
  }

  @Test
  void aKeyThatCameAfterItsRangeWasListedIsLeftToTheNextScan() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      for (int i = 0; i < 10; i++) {
        rig.put("arch/" + i, "content");
        rig.put("live/" + i, "content");
      }
      rig.restart(new GainsAKey(rig), List.of(rig.versioned, rig.unversioned));

      assertThat(rig.synchronizer.scan().keys()).isEqualTo(20);
      assertThat(rig.synchronizer.scan().keys()).isEqualTo(21);
    }
  }

  /// Passes over the first key of a listing that begins at a key that is not there, as moto does.
  private static final class SkipsFirst extends ForwardingObjectStore {
    SkipsFirst(ObjectStore store) {
      super(store);
    }

    @Override
    public ListingPage listVersions(ListingRequest request) throws StorageException {
      ListingPage page = super.listVersions(request);
      if (request.from() instanceof Position.AfterKey after && after.key().value().endsWith("/")) {
        return new ListingPage(
            page.entries().subList(1, page.entries().size()), page.next(), page.serverTime());
      }
      return page;
    }
  }

  /// Shows the range of "live/" first, then puts a key there, then lists what lies before it.
  private static final class GainsAKey extends ForwardingObjectStore {
    private final SyncRig rig;
    private final CountDownLatch listed = new CountDownLatch(1);

    GainsAKey(SyncRig rig) {
      super(rig.primary);
      this.rig = rig;
    }

    @Override
    public ListingPage listVersions(ListingRequest request) throws StorageException {
      if (!request.prefix().isEmpty()) {
        return super.listVersions(request);
      }
      if (request.from() instanceof Position.AfterKey after
          && after.key().value().equals("live/")
          && listed.getCount() > 0) {
        ListingPage page = super.listVersions(request);
        rig.put("live/.early", "came between two listings");
        listed.countDown();
        return page;
      }
      try {
        listed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.listVersions(request);
    }
  }

  private static final class EndsEarly extends ForwardingObjectStore {
    EndsEarly(ObjectStore store) {
      super(store);
    }

    @Override
    public ListingPage listVersions(ListingRequest request) throws StorageException {
      ListingPage page = super.listVersions(request);
      if (request.from() instanceof Position.Beginning) {
        return page;
      }
      List<ListedVersion> entries =
          page.entries().stream().filter(entry -> !entry.key().value().startsWith("k39")).toList();
      return new ListingPage(entries, Optional.empty(), page.serverTime());
    }
  }
}
