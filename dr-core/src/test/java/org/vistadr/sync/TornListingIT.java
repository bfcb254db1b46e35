package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
