package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Secondaries that another program filled before, as `aws s3 sync` and `rclone sync` do: what is
/// equal stays, what differs is copied, and nothing that was there is lost.
final class FilledSecondaryIT {

  @Test
  void whatIsEqualIsNotCopiedAgain() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put("equal", "the same");
      rig.put("with-history", "older");
      rig.put("with-history", "newest");
      rig.put("differs", "of the primary");
      rig.put("missing", "only here");
      for (ObjectStore secondary : List.of(rig.versioned, rig.unversioned)) {
        put(secondary, "equal", "the same");
        put(secondary, "with-history", "newest");
        put(secondary, "differs", "something older");
        put(secondary, "backup-dir/2026-11-01/equal", "what rclone moved there");
      }

      rig.sync();

      for (ObjectStore secondary : List.of(rig.versioned, rig.unversioned)) {
        assertThat(rig.catalog.queue().backlog(secondary.site()).pendingObjects()).isZero();
        assertThat(SyncRig.current(secondary, "equal")).contains("the same");
        assertThat(SyncRig.current(secondary, "with-history")).contains("newest");
        assertThat(SyncRig.current(secondary, "differs")).contains("of the primary");
        assertThat(SyncRig.current(secondary, "missing")).contains("only here");
        assertThat(SyncRig.current(secondary, "backup-dir/2026-11-01/equal"))
            .contains("what rclone moved there");
        // The older version is kept aside, below the one that was there.
        assertThat(aside(secondary, "with-history")).isEqualTo(1);
        assertThat(aside(secondary, "equal")).isZero();
      }
      assertThat(SyncRig.history(rig.versioned, "equal")).containsExactly("the same");
      assertThat(SyncRig.history(rig.versioned, "with-history")).containsExactly("newest");
      assertThat(aside(rig.unversioned, "differs")).isEqualTo(1);

      rig.put("equal", "changed");
      rig.sync();
      assertThat(SyncRig.current(rig.versioned, "equal")).isEqualTo(Optional.of("changed"));
      assertThat(SyncRig.current(rig.unversioned, "equal")).isEqualTo(Optional.of("changed"));
      assertThat(aside(rig.unversioned, "equal")).isEqualTo(1);
    }
  }

  @Test
  void nobodyLooksInAnEmptyBucket() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      rig.put("a", "1");
      assertThat(rig.catalog.queue().lookFirstScan(SyncRig.VERSIONED)).isPositive();
      rig.sync();
      assertThat(rig.catalog.queue().lookFirstScan(SyncRig.VERSIONED)).isZero();
    }
  }

  private static int aside(ObjectStore store, String key) throws StorageException {
    return store
        .listObjects(
            new ListingRequest(
                ".vistadr/history/" + key + "/", ListingRequest.Position.BEGINNING, 1000))
        .entries()
        .size();
  }

  private static void put(ObjectStore store, String key, String text) throws StorageException {
    store.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            new WriteCondition.Always()));
  }
}
