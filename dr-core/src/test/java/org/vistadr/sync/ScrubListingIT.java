package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.model.Finding;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Repair;
import org.vistadr.protect.Scrub;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// A secondary is looked at whole by its listing: what is missing, changed and extra is found with
/// a request for each page, and nothing is concluded from what happens meanwhile or from a listing
/// that proves nothing.
final class ScrubListingIT {

  @Test
  void aListingCostsARequestForEachPageAndNoneForObjects() throws Exception {
    try (SyncRig rig = life()) {
      for (ObjectStore secondary : List.of(rig.versioned, rig.unversioned)) {
        Counted counted = new Counted(secondary, 4);
        Scrub.Report report = list(rig, counted);
        assertThat(report.findings()).isZero();
        assertThat(report.extra()).isZero();
        // Every version with content, current, kept by the bucket or kept aside.
        assertThat(report.objects())
            .isEqualTo(rig.catalog.replicas().count(secondary.site()).objects());
        assertThat(counted.heads).hasValue(0);
        assertThat(counted.pages.get()).isGreaterThan(2);
        ScrubLog.Progress progress =
            rig.catalog.scrub().progress(secondary.site(), ScrubDepth.LISTING);
        assertThat(progress.lastRoundBegan()).isPresent();
        assertThat(progress.trouble()).isEmpty();
        // Both sites say the MD5 of what is in one part.
        assertThat(progress.lastRound().compared()).isEqualTo(report.objects());
        assertThat(progress.lastRound().notComparable()).isZero();
      }
    }
  }

  @Test
  void whatIsKeptAsideIsLookedForUnderItsOwnName() throws Exception {
    try (SyncRig rig = life()) {
      ReplicaLog.Replica aside =
          rig.catalog.replicas().ofKey(SyncRig.UNVERSIONED, new ObjectKey("a")).getLast();
      assertThat(aside.aside()).isTrue();
      rig.unversioned.delete(aside.location(), WriteCondition.ALWAYS);
      assertThat(list(rig, rig.unversioned).findings()).isOne();
      assertThat(open(rig))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING);
            assertThat(finding.versionId()).isEqualTo(aside.versionId());
            assertThat(finding.key().value()).isEqualTo("a");
            assertThat(finding.detail()).isEqualTo("nothing is at " + aside.location());
          });
    }
  }

  @Test
  void aVersionThatWasRemovedBehindOurBackIsMissing() throws Exception {
    try (SyncRig rig = life()) {
      ReplicaLog.Replica old =
          rig.catalog.replicas().ofKey(SyncRig.VERSIONED, new ObjectKey("a")).getLast();
      rig.versioned.deleteVersion(old.location(), old.remoteVersion().orElseThrow());
      assertThat(list(rig, rig.versioned).findings()).isOne();
      assertThat(open(rig).getFirst().versionId()).isEqualTo(old.versionId());
      assertThat(open(rig).getFirst().kind()).isEqualTo(Finding.Kind.MISSING);
    }
  }

  @Test
  void aDeletionThatWasUndoneBehindOurBackIsFoundAndMadeAgain() throws Exception {
    try (SyncRig rig = life()) {
      ReplicaLog.Replica marker =
          rig.catalog.replicas().ofKey(SyncRig.VERSIONED, new ObjectKey("deleted")).getFirst();
      assertThat(marker.marker()).isTrue();
      rig.versioned.deleteVersion(marker.location(), marker.remoteVersion().orElseThrow());
      Scrub scrub = scrub(rig, rig.versioned);
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0).findings()).isOne();
      Finding finding = open(rig).getFirst();
      assertThat(finding.detail()).startsWith("deleted was deleted, and is there again with ");
      assertThat(scrub.repair(finding, "operator")).isEqualTo(new Repair.Copying(SiteName.PRIMARY));
      rig.replicate();
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0).findings()).isZero();
      assertThat(SyncRig.current(rig.versioned, "deleted")).isEmpty();
      assertThat(rig.catalog.scrub().open(SyncRig.VERSIONED)).isZero();
    }
  }

  @Test
  void whatIsNoCopyIsAWarningUntilItIsGoneOrAcknowledged() throws Exception {
    try (SyncRig rig = life()) {
      put(rig.unversioned, "foreign", "somebody's");
      put(rig.unversioned, ".vistadr/catalog/of-ours", "segment");
      put(rig.unversioned, ".vistadr/bucket-mark", "mark");
      put(rig.unversioned, ".vistadr/check/1", "check");
      Scrub scrub = scrub(rig, rig.unversioned);
      Scrub.Report report = scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      assertThat(report.extra()).isOne();
      assertThat(report.findings()).isZero();
      // Copies are as good as without it.
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isZero();
      assertThat(rig.catalog.scrub().list(Finding.State.OPEN, 0, 10)).isEmpty();
      Finding extra = open(rig).getFirst();
      assertThat(extra.kind()).isEqualTo(Finding.Kind.EXTRA);
      assertThat(extra.key().value()).isEqualTo("foreign");
      assertThat(extra.detail()).startsWith("foreign is no copy of ours: 10 bytes of ");
      // It is never removed.
      assertThat(scrub.repair(extra, "operator")).isEqualTo(new Repair.NotACopy());
      assertThat(SyncRig.current(rig.unversioned, "foreign")).contains("somebody's");

      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      assertThat(open(rig)).hasSize(1);
      assertThat(scrub.acknowledge(extra, "a note of ours", "operator")).isEmpty();
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      assertThat(open(rig)).isEmpty();
      assertThat(find(rig, extra).state()).isEqualTo(Finding.State.ACKNOWLEDGED);
      assertThat(find(rig, extra).reason()).contains("a note of ours");

      // What is there now was not acknowledged.
      put(rig.unversioned, "foreign", "something else");
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      assertThat(open(rig)).hasSize(1);
      assertThat(find(rig, extra).state()).isEqualTo(Finding.State.GONE);
      Finding other = open(rig).getFirst();
      rig.unversioned.delete(new ObjectKey("foreign"), WriteCondition.ALWAYS);
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, 0);
      assertThat(open(rig)).isEmpty();
      assertThat(find(rig, other).state()).isEqualTo(Finding.State.GONE);
    }
  }

  @Test
  void aVersionAndADeleteMarkerOfOthersAreExtraAndSaidToHideTheCopy() throws Exception {
    try (SyncRig rig = life()) {
      put(rig.versioned, "b/c", "b/c 1");
      rig.versioned.delete(new ObjectKey("a.b"), WriteCondition.ALWAYS);
      Scrub scrub = scrub(rig, rig.versioned);
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0).extra()).isEqualTo(2);
      List<Finding> extra = open(rig);
      assertThat(extra.getFirst().detail())
          .startsWith("a.b has a delete marker of ")
          .endsWith(" that is not ours; it hides the copy");
      // The bytes are known: they are those of a version of this key.
      assertThat(extra.getLast().detail())
          .startsWith("b/c is no copy of ours: 5 bytes of ")
          .contains("; it hides the copy; it holds the bytes of its own version of ");
      rig.versioned.deleteVersion(
          new ObjectKey("a.b"), extra.getFirst().remoteVersion().orElseThrow());
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0).extra()).isOne();
      assertThat(open(rig)).hasSize(1);
    }
  }

  /// Between the first page and the last, keys are written, overwritten (which moves what was
  /// current aside, to a place that was passed) and deleted.
  @Test
  void whatIsCopiedMeanwhileIsNoFinding() throws Exception {
    for (SiteName name : List.of(SyncRig.VERSIONED, SyncRig.UNVERSIONED)) {
      try (SyncRig rig = life()) {
        ObjectStore secondary = name.equals(SyncRig.VERSIONED) ? rig.versioned : rig.unversioned;
        AtomicInteger written = new AtomicInteger();
        Counted busy = new Counted(secondary, 2);
        busy.between =
            () -> {
              // The listing must not grow faster than it is read.
              if (written.get() == 6) {
                return 0;
              }
              int round = written.incrementAndGet();
              rig.put("a", "a again " + round);
              rig.put("zz", "zz again " + round);
              rig.put("new-" + round, "new");
              rig.put("z-new-" + round, "new");
              rig.delete("m");
              rig.sync();
              return round;
            };
        Scrub.Report report = list(rig, busy);
        assertThat(written.get()).isGreaterThan(3);
        assertThat(report.findings()).isZero();
        assertThat(report.extra()).isZero();
        assertThat(open(rig)).isEmpty();
        assertThat(list(rig, secondary).findings()).isZero();
      }
    }
  }

  /// The secondary has it and the catalog's transaction is still to come.
  @Test
  void whatArrivedAndIsNotRecordedYetIsNoFinding() throws Exception {
    try (SyncRig rig = life()) {
      rig.put("on-its-way", "bytes");
      rig.synchronizer.scan();
      put(rig.versioned, "on-its-way", "bytes");
      assertThat(list(rig, rig.versioned).extra()).isZero();
      assertThat(open(rig)).isEmpty();
    }
  }

  @Test
  void aListingThatBreaksOffConcludesNothing() throws Exception {
    try (SyncRig rig = life()) {
      rig.unversioned.delete(new ObjectKey("a"), WriteCondition.ALWAYS);
      put(rig.unversioned, "foreign", "somebody's");
      Counted breaking = new Counted(rig.unversioned, 2);
      breaking.between =
          () -> {
            if (breaking.pages.get() > 5) {
              throw new StorageException.Unavailable(
                  SyncRig.UNVERSIONED, "ListObjectsV2", "HTTP 500", null);
            }
            return 0;
          };
      assertThatExceptionOfType(StorageException.Unavailable.class)
          .isThrownBy(() -> list(rig, breaking));
      assertThat(open(rig)).isEmpty();
      ScrubLog.Progress progress =
          rig.catalog.scrub().progress(SyncRig.UNVERSIONED, ScrubDepth.LISTING);
      assertThat(progress.lastRoundBegan()).isEmpty();
      assertThat(progress.trouble()).contains("proves nothing").contains("HTTP 500");
      // A whole one takes the trouble back.
      list(rig, rig.unversioned);
      assertThat(open(rig)).hasSize(2);
      assertThat(rig.catalog.scrub().progress(SyncRig.UNVERSIONED, ScrubDepth.LISTING).trouble())
          .isEmpty();
    }
  }

  /// As MinIO does when a page begins at a bare key: the listing ends as if it were whole.
  @Test
  void aListingThatLeavesOutWhatIsThereConcludesNothing() throws Exception {
    try (SyncRig rig = life()) {
      rig.unversioned.delete(new ObjectKey("a"), WriteCondition.ALWAYS);
      put(rig.unversioned, "foreign", "somebody's");
      Counted torn = new Counted(rig.unversioned, 1000);
      torn.leftOut = Optional.of(new ObjectKey("m"));
      assertThatExceptionOfType(StorageException.Unproved.class)
          .isThrownBy(() -> list(rig, torn))
          .withMessageContaining("left out m, which is there");
      assertThat(open(rig)).isEmpty();
      assertThat(rig.catalog.scrub().progress(SyncRig.UNVERSIONED, ScrubDepth.LISTING).trouble())
          .contains("left out m");
    }
  }

  @Test
  void whatNoSiteSaysAChecksumOfIsNotComparable() throws Exception {
    try (SyncRig rig = life()) {
      ObjectStore opaque =
          new ForwardingObjectStore(rig.versioned) {
            @Override
            public org.vistadr.storage.ProviderProfile profile() {
              return org.vistadr.storage.ProviderProfiles.GENERIC;
            }
          };
      Scrub scrub = scrub(rig, opaque);
      Scrub.Report listing = scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, 0);
      assertThat(listing.compared()).isZero();
      assertThat(listing.tally().notComparable()).isEqualTo(listing.objects());
      Scrub.Report asked = scrub.run(SyncRig.VERSIONED, ScrubDepth.CHECKSUM, Long.MAX_VALUE);
      assertThat(asked.objects()).isEqualTo(listing.objects());
      assertThat(asked.compared()).isZero();
      Scrub.Report read = scrub.run(SyncRig.VERSIONED, ScrubDepth.READ_BACK, Long.MAX_VALUE);
      assertThat(read.compared()).isEqualTo(read.objects());
    }
  }

  @Test
  void theSitesOwnChecksumIsComparedWithTheHashThatWasWritten() throws Exception {
    try (SyncRig rig = life()) {
      org.vistadr.model.Sha256 other = org.vistadr.model.Sha256.digest(new byte[] {1, 2, 3}, 0, 3);
      ObjectStore telling =
          new ForwardingObjectStore(rig.versioned) {
            @Override
            public ObjectHead headWithChecksum(ObjectKey key, Revision revision)
                throws StorageException {
              ObjectHead head = head(key, revision);
              return new ObjectHead(
                  head.size(),
                  head.etag(),
                  head.md5(),
                  head.versionId(),
                  head.lastModified(),
                  head.attributes(),
                  head.tagCount(),
                  head.thaw(),
                  key.value().equals("m") ? Optional.of(other) : Optional.empty());
            }
          };
      Scrub.Report report =
          scrub(rig, telling).run(SyncRig.VERSIONED, ScrubDepth.CHECKSUM, Long.MAX_VALUE);
      assertThat(report.findings()).isEqualTo(2);
      assertThat(open(rig)).allSatisfy(finding -> assertThat(finding.key().value()).isEqualTo("m"));
      assertThat(open(rig).getFirst().kind()).isEqualTo(Finding.Kind.CORRUPT);
    }
  }

  /// Keys whose places aside sort otherwise than they do, with histories, deletions and characters
  /// beyond ASCII.
  private static SyncRig life() throws Exception {
    SyncRig rig = new SyncRig(true);
    for (int round = 0; round < 2; round++) {
      for (String key : List.of("!first", "a", "a.b", "b/c", "m", "x\uFF5E", "zz")) {
        rig.put(key, key + " " + round);
      }
      rig.put("deleted", "deleted " + round);
      rig.sync();
    }
    rig.delete("deleted");
    rig.sync();
    return rig;
  }

  private static Scrub.Report list(SyncRig rig, ObjectStore store) throws StorageException {
    return scrub(rig, store).run(store.site(), ScrubDepth.LISTING, 0);
  }

  private static Scrub scrub(SyncRig rig, ObjectStore store) {
    return new Scrub(
        rig.catalog, rig.primary, Map.<SiteName, ObjectStore>of(store.site(), store), rig.clock);
  }

  private static List<Finding> open(SyncRig rig) {
    return rig.catalog.findings().list(Finding.State.OPEN, FindingLog.Concern.ALL, 0, 100);
  }

  private static Finding find(SyncRig rig, Finding finding) {
    return rig.catalog.findings().find(finding.id()).orElseThrow();
  }

  private static WriteReceipt put(ObjectStore store, String key, String text)
      throws StorageException {
    return store.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }

  /// Counts requests, makes pages small, and does something before each page but the first.
  private static final class Counted extends ForwardingObjectStore {

    private final int pageSize;
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger heads = new AtomicInteger();
    private Optional<ObjectKey> leftOut = Optional.empty();
    private Callable<Integer> between = () -> 0;

    Counted(ObjectStore store, int pageSize) {
      super(store);
      this.pageSize = pageSize;
    }

    @Override
    public ListingPage listVersions(ListingRequest request) throws StorageException {
      beforePage();
      return page(super.listVersions(small(request)));
    }

    @Override
    public ListingPage listObjects(ListingRequest request) throws StorageException {
      beforePage();
      return page(super.listObjects(small(request)));
    }

    private ListingRequest small(ListingRequest request) {
      return new ListingRequest(request.prefix(), request.from(), pageSize);
    }

    private void beforePage() throws StorageException {
      if (pages.getAndIncrement() > 0) {
        try {
          between.call();
        } catch (StorageException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private ListingPage page(ListingPage whole) {
      List<ListedVersion> entries = new ArrayList<>(whole.entries());
      entries.removeIf(entry -> leftOut.equals(Optional.of(entry.key())));
      return new ListingPage(entries, whole.next(), whole.serverTime());
    }

    @Override
    public ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
      heads.incrementAndGet();
      return super.head(key, revision);
    }
  }
}
