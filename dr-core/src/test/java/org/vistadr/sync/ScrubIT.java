package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Repair;
import org.vistadr.protect.Scrub;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Replicas that were touched behind our back are found, named and repaired; those that were not
/// are left alone.
class ScrubIT {

  private static final int KEYS = 6;
  private static final long ALL = Long.MAX_VALUE;

  @Test
  void whatWasTouchedBehindOurBackIsFoundAndRepaired() throws Exception {
    try (SyncRig rig = rig()) {
      Scrub scrub = scrub(rig, rig.unversioned);
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.READ_BACK, ALL).findings()).isZero();

      rig.unversioned.delete(new ObjectKey(key(0)), WriteCondition.ALWAYS);
      write(rig.unversioned, key(1), "content X");
      // Swapped.
      write(rig.unversioned, key(2), "content 3");
      write(rig.unversioned, key(3), "content 2");
      Scrub.Report report = scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, ALL);
      assertThat(report.objects()).isEqualTo(KEYS);
      assertThat(report.findings()).isEqualTo(4);
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isEqualTo(4);
      List<Finding> findings = rig.catalog.scrub().list(Finding.State.OPEN, 0, 10);
      assertThat(findings)
          .extracting(finding -> finding.key().value() + " " + finding.kind())
          .containsExactly(
              key(0) + " MISSING", key(1) + " CHANGED", key(2) + " SWAPPED", key(3) + " SWAPPED");
      assertThat(findings.get(2).detail())
          .isEqualTo(
              "%s holds the bytes of %s, version of %s"
                  .formatted(key(2), key(3), version(rig, key(3)).lastModified()));
      // Found again, it is the same finding.
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, ALL);
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isEqualTo(4);

      for (Finding finding : findings) {
        assertThat(scrub.repair(finding, "operator"))
            .isEqualTo(new Repair.Copying(SiteName.PRIMARY));
      }
      rig.replicate();
      // Copied is not proved yet.
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isEqualTo(4);
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, ALL).findings()).isZero();
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isZero();
      for (int i = 0; i < KEYS; i++) {
        assertThat(SyncRig.current(rig.unversioned, key(i))).contains("content " + i);
      }
    }
  }

  @Test
  void metadataThatWasChangedBehindOurBackIsFoundAndRepaired() throws Exception {
    try (SyncRig rig = new SyncRig(true)) {
      ObjectKey key = new ObjectKey("tagged");
      write(rig.primary, key, patient("4711"));
      rig.sync();
      Scrub scrub = scrub(rig, rig.unversioned);
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.CHECKSUM, ALL).findings()).isZero();

      write(rig.unversioned, key, patient("1"));
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.CHECKSUM, ALL).findings()).isOne();
      Finding finding = rig.catalog.scrub().list(Finding.State.OPEN, 0, 10).getFirst();
      assertThat(finding.kind()).isEqualTo(Finding.Kind.METADATA);
      assertThat(finding.detail())
          .isEqualTo("tagged: x-amz-meta-patient is \"1\", \"4711\" was written");

      assertThat(scrub.repair(finding, "operator")).isEqualTo(new Repair.Copying(SiteName.PRIMARY));
      rig.replicate();
      assertThat(scrub.run(SyncRig.UNVERSIONED, ScrubDepth.CHECKSUM, ALL).findings()).isZero();
      assertThat(rig.unversioned.head(key, Revision.CURRENT).attributes().userMetadata())
          .containsEntry("patient", "4711");
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isZero();
    }
  }

  @Test
  void aFlippedBitIsFoundByReadingBackAlone() throws Exception {
    try (SyncRig rig = rig()) {
      Scrub scrub = scrub(rig, new FlippedAt(rig.versioned, new ObjectKey(key(4))));
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.LISTING, ALL).findings()).isZero();
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.READ_BACK, ALL).findings()).isEqualTo(1);
      assertThat(rig.catalog.scrub().list(Finding.State.OPEN, 0, 10))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.key().value()).isEqualTo(key(4));
            assertThat(finding.kind()).isEqualTo(Finding.Kind.CORRUPT);
          });
    }
  }

  @Test
  void anObjectThatTheServerCannotReadIsAFindingAndTheRoundGoesOn() throws Exception {
    try (SyncRig rig = rig()) {
      ObjectStore damaged =
          new ForwardingObjectStore(rig.versioned) {
            @Override
            public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
                throws StorageException {
              if (key.value().equals(key(2))) {
                throw new StorageException.Unavailable(
                    SyncRig.VERSIONED, "GetObject", "HTTP 500 InternalError", null);
              }
              return super.open(key, revision, range);
            }
          };
      Scrub.Report report = scrub(rig, damaged).run(SyncRig.VERSIONED, ScrubDepth.READ_BACK, ALL);
      assertThat(report.objects()).isEqualTo(KEYS);
      assertThat(rig.catalog.scrub().list(Finding.State.OPEN, 0, 10))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.CORRUPT);
            assertThat(finding.detail()).contains("cannot be read");
          });
    }
  }

  @Test
  void aBudgetIsSpentOnWhatWasNotLookedAtYet() throws Exception {
    try (SyncRig rig = rig()) {
      Scrub scrub = scrub(rig, rig.versioned);
      Instant began = rig.clock.instant();
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.READ_BACK, 20).objects()).isEqualTo(3);
      ScrubLog.Progress first =
          rig.catalog.scrub().progress(SyncRig.VERSIONED, ScrubDepth.READ_BACK);
      assertThat(first.round().objects()).isEqualTo(3);
      assertThat(first.lastRoundBegan()).isEmpty();
      assertThat(scrub.run(SyncRig.VERSIONED, ScrubDepth.READ_BACK, 28).objects()).isEqualTo(3);
      ScrubLog.Progress second =
          rig.catalog.scrub().progress(SyncRig.VERSIONED, ScrubDepth.READ_BACK);
      assertThat(second.lastRoundBegan())
          .hasValueSatisfying(at -> assertThat(at).isBetween(began, rig.clock.instant()));
      assertThat(second.round().objects()).isZero();
    }
  }

  @Test
  void whatThePrimaryLostCannotBeCopiedAgain() throws Exception {
    try (SyncRig rig = rig()) {
      Scrub scrub = scrub(rig, rig.unversioned);
      rig.unversioned.delete(new ObjectKey(key(0)), WriteCondition.ALWAYS);
      scrub.run(SyncRig.UNVERSIONED, ScrubDepth.LISTING, ALL);
      Finding finding = rig.catalog.scrub().list(Finding.State.OPEN, 0, 10).getFirst();
      rig.primary.deleteVersion(
          new ObjectKey(key(0)),
          rig.catalog.versions().find(finding.versionId()).orElseThrow().versionId());
      rig.synchronizer.scan();
      assertThat(scrub.repair(finding, "operator"))
          .isEqualTo(new Repair.NoGoodCopy(Optional.empty()));
      assertThat(rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isEqualTo(1);
    }
  }

  private static SyncRig rig() throws Exception {
    SyncRig rig = new SyncRig(true);
    for (int i = 0; i < KEYS; i++) {
      rig.put(key(i), "content " + i);
    }
    rig.sync();
    return rig;
  }

  private static Scrub scrub(SyncRig rig, ObjectStore store) {
    return new Scrub(rig.catalog, Map.<SiteName, ObjectStore>of(store.site(), store), rig.clock);
  }

  private static RecordedVersion version(SyncRig rig, String key) {
    return rig.catalog.versions().history(new ObjectKey(key)).newestFirst().getFirst();
  }

  private static ObjectAttributes patient(String number) {
    return new ObjectAttributes(
        Optional.of("text/plain"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(Map.of("patient", number)),
        new TreeMap<>());
  }

  private static void write(ObjectStore store, ObjectKey key, ObjectAttributes attributes)
      throws StorageException {
    store.put(
        new PutRequest(
            key,
            attributes,
            WriteBody.Buffered.of("the same".getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }

  private static void write(ObjectStore store, String key, String text) throws StorageException {
    store.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }

  private static String key(int number) {
    return "projects/%02d.txt".formatted(number);
  }

  /// A store in which one bit of a key's bytes is wrong.
  private static final class FlippedAt extends ForwardingObjectStore {

    private final ObjectKey flipped;

    FlippedAt(ObjectStore store, ObjectKey flipped) {
      super(store);
      this.flipped = flipped;
    }

    @Override
    public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
        throws StorageException {
      ObjectBody body = super.open(key, revision, range);
      if (!key.equals(flipped)) {
        return body;
      }
      try (body) {
        byte[] bytes = body.stream().readAllBytes();
        bytes[0] ^= 1;
        return new Flipped(body.head(), new ByteArrayInputStream(bytes), bytes.length);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record Flipped(ObjectHead head, InputStream stream, long length) implements ObjectBody {
    @Override
    public void close() {}
  }
}
